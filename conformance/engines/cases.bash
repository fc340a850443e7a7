# Sourced by docker and podman: TAP, the image, and the cases that both engines run. A script defines
#   engine_run FLAGS... COMMAND...    runs a container of the image in the foreground, with the runtime under test
#   engine ARGS...                    any other command of the engine

number=0 failures=0
work=$(mktemp -d /tmp/apus-engine.XXXXXX)
out=$work/out
# Parts of this machine's limits are fixed; and every cgroup made here goes below one that is removed at the end.
parent=/apus-engine-$$
container_flags=(--network none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --cgroup-parent "$parent")

skip_all() {
    echo "1..1"
    echo "ok 1 - $(basename "$0") # SKIP $1"
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
        tail -n 15 "$out" | sed 's/^/#   /'
    fi
}

# expect NAME STATUS PATTERN COMMAND...: the command ends with STATUS and prints a line that matches PATTERN.
expect() {
    local name=$1 wanted=$2 pattern=$3 status=0
    shift 3
    timeout -k 5 60 bash -c '"$@"' expect "$@" >"$out" 2>&1 </dev/null || status=$?
    if ((status != wanted)); then
        echo "ended with $status, not $wanted" >>"$out"
        result 1 "$name"
    elif [[ -n $pattern ]] && ! grep -qE -- "$pattern" "$out"; then
        echo "no line matches $pattern" >>"$out"
        result 1 "$name"
    else
        result 0 "$name"
    fi
}

skip() {
    number=$((number + 1))
    echo "ok $number - $engine_name: $1 # SKIP $2"
}

has_all_capabilities() {
    local bounding
    bounding=$(awk '/^CapBnd:/ { print $2 }' /proc/self/status)
    ((16#$bounding == (1 << ($(</proc/sys/kernel/cap_last_cap) + 1)) - 1))
}

# A tar of a root file system with busybox alone, on standard output.
image() {
    local root=$work/image busybox
    busybox=$(command -v busybox) || return 1
    mkdir -p "$root"/{bin,dev,etc,proc,root,sys,tmp}
    cp "$busybox" "$root/bin/busybox"
    for applet in $("$busybox" --list); do
        [[ $applet == busybox ]] || ln -sf busybox "$root/bin/$applet"
    done
    echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
    echo 'someone:x:1000:1000::/:/bin/sh' >>"$root/etc/passwd"
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

common_cases() {
    expect 'run prints what the container prints' 0 '^hello from 1$' engine_run sh -c 'echo hello from $$'
    expect 'run ends with the status of the container' 7 '' engine_run sh -c 'exit 7'
    expect 'standard error is passed on' 0 '^oops$' engine_run sh -c 'echo oops >&2'
    expect 'a program that does not exist gives 127' 127 'nope' engine_run /nope
    expect 'a file that cannot be executed gives 126' 126 'passwd' engine_run /etc/passwd
    expect 'the host name is the one asked for' 0 '^box$' engine_run --hostname box hostname
    expect 'the user is the one asked for' 0 '^1000 1000$' engine_run --user 1000:1000 \
        sh -c 'echo $(id -u) $(id -g)'
    expect 'the environment is the one asked for' 0 '^B ok$' engine_run --env A=B sh -c 'echo $A ok'
    expect 'the working directory is the one asked for' 0 '^/tmp$' engine_run --workdir /tmp pwd
    expect 'a read-only root is read-only' 1 'Read-only' engine_run --read-only touch /x
    mkdir -p "$work/volume"
    expect 'a volume is shared' 0 '' engine_run --volume "$work/volume:/v" sh -c 'echo kept >/v/file'
    expect 'what was written to it is there' 0 '^kept$' cat "$work/volume/file"
    expect 'a tmpfs is mounted' 0 'tmpfs' engine_run --tmpfs /t:size=1m grep ' /t ' /proc/mounts
    expect 'seccomp filters' 0 '^2$' engine_run sh -c "awk '/^Seccomp:/ { print \$2 }' /proc/self/status"
    expect 'dropped capabilities are gone' 0 '^0+$' engine_run --cap-drop ALL \
        sh -c "awk '/^CapEff:/ { print \$2 }' /proc/self/status"
    expect 'devices are there' 0 '^ok$' engine_run sh -c 'echo x >/dev/null && head -c 1 /dev/zero | wc -c | sed s/1/ok/'
    if has_all_capabilities; then
        expect 'a privileged container has all capabilities' 0 '^0$' engine_run --privileged \
            sh -c 'echo $((~0x$(awk "/^CapEff:/ { print \$2 }" /proc/self/status) & 0x1ffffffffff))'
    else
        skip 'a privileged container has all capabilities' 'this host itself has not all'
    fi
    expect 'the limit of processes is set' 0 '^20$' engine_run --pids-limit 20 \
        sh -c 'cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null; true'
    expect 'the limit of memory is set' 0 '^67108864$' engine_run --memory 64m \
        sh -c 'cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null; true'
    background_cases
}

# A container that stays, in the steps of its life.
background_cases() {
    expect 'a container starts in the background' 0 '' engine_run --detach --name stays sleep 100
    expect 'it is running' 0 '^true$' engine inspect --format '{{.State.Running}}' stays
    expect 'it can be killed' 0 'stays' engine kill stays
    expect 'its status is 137' 0 '^137$' engine wait stays
    expect 'it starts again' 0 'stays' engine start stays
    expect 'it stops in time' 0 'stays' engine stop --time 1 stays
    expect 'it can be removed' 0 'stays' engine rm stays
    expect 'a running container can be removed by force' 0 '' \
        bash -c 'engine_run --detach --name forced sleep 100 && engine rm --force forced'
    expect 'ten at a time' 0 '^10$' ten_at_a_time
    expect 'nothing is left in the runtime' 0 '^0$' left_in_runtime
}

ten_at_a_time() {
    local i
    for i in 1 2 3 4 5 6 7 8 9 10; do
        engine_run sh -c 'echo one' >"$work/many.$i" 2>&1 &
    done
    wait
    cat "$work"/many.* | tee "$work/many" | grep -c '^one$'
}

finish() {
    echo "1..$number"
    exit "$((failures > 0))"
}
