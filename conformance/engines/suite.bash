# Sourced by each engine's script: TAP, groups of cases, the image, and what is left at the end. The script defines
#   engine ARGS...                     any command of the engine
#   engine_run FLAG... COMMAND...      a container of the image in the foreground; flags are single words (--name=x)
# and calls `group NAME` for each file of cases/ that suits the engine. Everything here is exported: a case is a script.
set -a

number=0 failures=0
# script(1) starts it: functions are exported to bash alone.
SHELL=/bin/bash
work=$(mktemp -d /tmp/apus-engine.XXXXXX)
chmod 711 "$work"
out=$work/out
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Every cgroup made here goes below one that is removed at the end.
parent=/apus-engine-$$
image=busybox:local
# Seconds that a case may take.
limit=60

skip_all() {
    echo "1..1"
    echo "ok 1 - $engine_name # SKIP $1"
    rm -rf "$work"
    exit 0
}

result() {
    local status=$1 name=$2
    number=$((number + 1))
    if ((status == 0)); then
        echo "ok $number - $engine_name: $name"
    else
        failures=$((failures + 1))
        echo "not ok $number - $engine_name: $name"
        ((status != 124)) || echo "#   it took more than $limit s"
        tail -n "${TAIL:-25}" "$out" | sed 's/^/#   /'
    fi
}

# check NAME SCRIPT: the script, all of whose commands must succeed, ends well in time.
check() {
    local status=0
    # The trace has a descriptor of its own: cases read standard error.
    timeout -k 5 "$limit" bash -euo pipefail -c 'exec 9>&2; BASH_XTRACEFD=9; set -x; eval "$1"' check "$2" \
        >"$out" 2>&1 </dev/null || status=$?
    result "$status" "$group: $1"
}

skip() {
    number=$((number + 1))
    echo "ok $number - $engine_name: $group: $1 # SKIP $2"
}

# check_when CONDITION REASON NAME SCRIPT: the case, or its reason where the command CONDITION fails.
check_when() {
    if eval "$1" >/dev/null 2>&1; then check "$3" "$4"; else skip "$3" "$2"; fi
}

# ends STATUS COMMAND...: the command ends with STATUS.
ends() {
    local wanted=$1 status=0
    shift
    "$@" || status=$?
    ((status == wanted)) || { echo "ended with $status, not $wanted"; return 1; }
}

# fails COMMAND...: the command does not succeed. (A failing `! COMMAND` would not end a case: set -e leaves it alone.)
fails() { ! "$@"; }

# says PATTERN COMMAND...: the command succeeds and prints a line that matches PATTERN.
says() {
    local pattern=$1 text status=0
    shift
    text=$("$@" 2>&1) || status=$?
    printf '%s\n' "$text"
    ((status == 0)) && grep -qE -- "$pattern" <<<"$text"
}

# until SECONDS COMMAND...: tries the command until it succeeds.
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.1
    done
}

# Runs a command on a new terminal, whose output is standard output, without carriage returns. Nobody types there, but it
# does not end either: some clients would take that for a wish to leave.
on_terminal() {
    [[ -p $work/typist ]] || mkfifo "$work/typist"
    script -qefc "$(printf '%q ' "$@")" /dev/null 0<>"$work/typist" | tr -d '\r'
}

# fetch NETWORK HOST: what a web server there says to a container. Not by wget, which as a static program crashes on names.
fetch() { engine_run --network="$1" sh -c "printf 'GET / HTTP/1.0\r\n\r\n' | nc -w 5 $2 80"; }
is_engine() { [[ $engine_name == "$1"* ]]; }
state_of() { engine inspect --format '{{.State.Status}}' "$1"; }
pid_of() { engine inspect --format '{{.State.Pid}}' "$1"; }
is_gone() { ! kill -0 "$1" 2>/dev/null || grep -q '^State:.*[ZX]' "/proc/$1/status"; }
remove_all() {
    local ids
    ids=$(engine ps --all --quiet 2>/dev/null)
    [[ -z $ids ]] || xargs -r bash -c 'engine rm --force ${rm_flags:-} "$@"' remove <<<"$ids" >/dev/null
}
has_controller() { [[ -e /sys/fs/cgroup/$1 ]] || grep -qw "$1" /sys/fs/cgroup/cgroup.controllers; }
has_capability() { (((16#$(awk '/^CapBnd:/ { print $2 }' /proc/self/status) >> $1) & 1)); }

# A file of the container's cgroup as it sees it: on v2, or below the controller's directory on v1.
cgroup_file() {
    local v2=$1 v1=$2
    shift 2
    engine_run "$@" sh -c "cat /sys/fs/cgroup/$v2 2>/dev/null || cat /sys/fs/cgroup/$v1"
}

# Puts a copy that only this suite sees, with a further line, over a file of the host.
add_line() {
    local copy=$work$1
    mkdir -p "$work/etc"
    [[ -e $1 ]] || : >"$1"
    [[ -e $copy ]] || { cp -p "$1" "$copy" && mount --bind "$copy" "$1"; }
    grep -qxF -- "$2" "$1" || echo "$2" >>"$copy"
}

# Lines for what containers could leave: cgroups, mounts and with them network namespaces, processes, files of the runtime.
traces() {
    local -
    set +x
    find /sys/fs/cgroup"$parent" /sys/fs/cgroup/*"$parent" -mindepth 1 -type d \( -fstype cgroup -o -fstype cgroup2 \) 2>/dev/null |
        sed 's/^/cgroup /' | sort
    awk '{ print "mount " $5 }' /proc/self/mountinfo | sort
    pgrep -f -a -- "$work" | sed 's/^/process /' | sort
    runtime_files | sed 's/^/file /' | sort
}

# nothing_left BEFORE: in a moment there is nothing but the lines of BEFORE, which `traces` printed.
nothing_left() {
    local -
    set +x
    until_true 15 no_traces "$1" && return 0
    echo 'this is left:'
    cat "$work/traces"
    return 1
}
no_traces() {
    comm -13 <(printf '%s\n' "$1" | sort) <(traces | sort) >"$work/traces"
    [[ ! -s $work/traces ]]
}

# A runtime for the engine to use that is the one under test but for `create`, where SIGKILL ends it after a while.
make_killer() {
    mkdir -p "$work/killed"
    {
        echo '#!/bin/bash'
        cat <<END
if [[ " \$* " == *" create "* && -s $work/killed/after ]]; then
    "$runtime" "\$@" &
    sleep "\$(cat "$work/killed/after")"
    kill -KILL \$! 2>/dev/null
    wait \$!
    exit
fi
exec "$runtime" "\$@"
END
    } >"$work/killed/runtime"
    chmod 755 "$work/killed" "$work/killed/runtime"
}
# At every moment of create, from its first to its last: it takes some 5 ms here, and 50 with runc.
moments='0.000 0.001 0.002 0.003 0.004 0.005 0.006 0.008 0.011 0.015 0.022 0.032'

# memory, cpu and pids of a process' cgroup, as the kernel's files have them: bytes, nanoseconds, a number.
cgroup_figures() {
    local - pid=$1 at
    set +x
    if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
        at=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$pid/cgroup")
        echo "memory $(cat "$at/memory.current")"
        echo "cpu $(awk '$1 == "usage_usec" { print $2 * 1000 }' "$at/cpu.stat")"
        echo "pids $(cat "$at/pids.current")"
    else
        at() { echo "/sys/fs/cgroup/$1$(sed -nE "s/^[0-9]+:([^:]*,)?$1(,[^:]*)?://p" "/proc/$pid/cgroup")"; }
        echo "memory $(cat "$(at memory)/memory.usage_in_bytes")"
        echo "cpu $(cat "$(at cpuacct)/cpuacct.usage")"
        echo "pids $(cat "$(at pids)/pids.current")"
    fi
}

# same_figures PID COMMAND...: what the command prints, in the form above, lies between the kernel's figures before and after.
same_figures() {
    local pid=$1
    shift
    cgroup_figures "$pid" >"$work/figures.before"
    "$@" >"$work/figures.seen"
    cgroup_figures "$pid" >"$work/figures.after"
    paste "$work"/figures.{before,seen,after}
    paste "$work"/figures.{before,seen,after} | awk '
        $1 != $3 || $4 == "" || $4 < ($2 < $6 ? $2 : $6) || $4 > ($2 > $6 ? $2 : $6) || $4 == 0 { wrong = 1 } END { exit wrong || NR != 3 }'
}

# start_registry: an image registry at 127.0.0.1:5000, in the suite's own network namespace.
registry=127.0.0.1:5000
has_registry() { command -v docker-registry; }
start_registry() {
    has_registry >/dev/null || return 0
    printf '%s\n' 'version: 0.1' 'log: {level: error}' "storage: {filesystem: {rootdirectory: $work/registry}, delete: {enabled: true}}" \
        "http: {addr: '$registry'}" >"$work/registry.yml"
    docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
    registry_pid=$!
    until_true 20 bash -c "exec 3<>/dev/tcp/${registry/:/\/}" 2>/dev/null
}
stop_registry() {
    [[ -n ${registry_pid:-} ]] || return 0
    kill "$registry_pid"
    wait "$registry_pid" 2>/dev/null
    registry_pid=
}

# A tar of a root file system with busybox alone, on standard output.
image_tar() {
    local root=$work/image busybox
    busybox=$(command -v busybox) || return 1
    mkdir -p "$root"/{bin,dev,etc,proc,root,sys,tmp,home/someone}
    chmod 1777 "$root/tmp"
    cp "$busybox" "$root/bin/busybox"
    for applet in $("$busybox" --list); do
        [[ $applet == busybox ]] || ln -sf busybox "$root/bin/$applet"
    done
    printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' 'someone:x:1000:1000::/home/someone:/bin/sh' >"$root/etc/passwd"
    printf '%s\n' 'root:x:0:' 'someone:x:1000:' 'extra:x:1001:someone' >"$root/etc/group"
    tar -C "$root" -c .
}

# A monitor may live on for a moment after its container.
remove_cgroups() {
    local tries directories
    for ((tries = 0; tries < 30; tries++)); do
        directories=$(find /sys/fs/cgroup"$parent" /sys/fs/cgroup/*"$parent" -depth -type d \( -fstype cgroup -o -fstype cgroup2 \) 2>/dev/null)
        [[ -n $directories ]] || return 0
        # What a runtime that was killed has left, where the engine did not remove it.
        sed 's|$|/cgroup.procs|' <<<"$directories" | xargs -r cat 2>/dev/null | sort -u | xargs -r kill -KILL 2>/dev/null
        xargs -r rmdir 2>/dev/null <<<"$directories"
        sleep 0.1
    done
    echo "# cgroups are left: $directories"
}
unmount_work() { awk -v work="$work/" 'index($5, work) == 1 { print $5 }' /proc/self/mountinfo | sort -r | xargs -r umount -l; }

# group NAME: the cases of cases/NAME.bash, unless GROUPS_WANTED is set and does not have it.
group() {
    group=$1
    [[ -z ${GROUPS_WANTED:-} || ",$GROUPS_WANTED," == *",$group,"* ]] || return 0
    source "$here/cases/$group.bash"
    remove_all
}

finish() {
    echo "1..$number"
    exit "$((failures > 0))"
}
