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
has_capability() { (((16#$(awk '/^CapBnd:/ { print $2 }' /proc/self/status) >> $1) & 1)); }

# A file of the container's cgroup as it sees it: on v2, or below the controller's directory on v1.
cgroup_file() {
    local v2=$1 v1=$2
    shift 2
    engine_run "$@" sh -c "cat /sys/fs/cgroup/$v2 2>/dev/null || cat /sys/fs/cgroup/$v1"
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
        directories=$(find /sys/fs/cgroup"$parent" /sys/fs/cgroup/*"$parent" -depth -type d 2>/dev/null)
        [[ -n $directories ]] || return 0
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
