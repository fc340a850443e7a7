# What a container may not do.

check 'the default profile filters' '[[ $(engine_run awk "/^Seccomp:/ { print \$2 }" /proc/self/status) == 2 ]]'
check 'the default profile blocks mount and keyrings' '
    fails engine_run --cap-add=SYS_PTRACE mount -t tmpfs none /tmp
    fails engine_run unshare -m true'
check 'a profile of one'"'"'s own' '
    echo "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"mkdir\", \"mkdirat\"], \"action\": \"SCMP_ACT_ERRNO\"}]}" >"$work/profile"
    fails engine_run --security-opt=seccomp="$work/profile" mkdir /x
    engine_run --security-opt=seccomp="$work/profile" touch /x'
check 'no profile' '[[ $(engine_run --security-opt=seccomp=unconfined awk "/^Seccomp:/ { print \$2 }" /proc/self/status) == 0 ]]'
check 'no new privileges' '[[ $(engine_run --security-opt=no-new-privileges awk "/^NoNewPrivs:/ { print \$2 }" /proc/self/status) == 1 ]]'
check 'dropped capabilities are gone' '
    [[ $(engine_run --cap-drop=ALL awk "/^CapEff:/ { print \$2 }" /proc/self/status) =~ ^0+$ ]]
    fails engine_run --cap-drop=CHOWN chown 1 /tmp'
check 'an added capability is there' '
    mask=$(engine_run --cap-add=SYS_PTRACE awk "/^CapEff:/ { print \$2 }" /proc/self/status); (((16#$mask >> 19) & 1))'
check_when 'has_capability 24' 'this host itself has not all capabilities' 'a privileged container has all capabilities' '
    mask=$(engine_run --privileged awk "/^CapEff:/ { print \$2 }" /proc/self/status); ((16#$mask == (1 << ($(cat /proc/sys/kernel/cap_last_cap) + 1)) - 1))'
check 'the user and the groups' '
    [[ $(engine_run --user=1000:1000 sh -c "id -u; id -g" | xargs) == "1000 1000" ]]
    [[ $(engine_run --user=someone id -G) == "1000 1001" ]]
    engine_run --user=1000 --group-add=1234 id -G | grep -w 1234'
check 'a user without privileges may write to its standard streams' '
    [[ $(engine_run --user=1000 sh -c "echo x >/dev/stdout; echo y >/dev/stderr" 2>&1 | sort | xargs) == "x y" ]]'
check 'the root is read-only when asked for' 'ends 1 engine_run --read-only touch /x; engine_run --read-only --tmpfs=/tmp touch /tmp/x'
check 'what is masked is masked' '
    [[ -z $(engine_run cat /proc/kcore | head -c 1 | tr -d "\0") ]]
    fails engine_run sh -c "echo 1 >/proc/sys/kernel/sysrq"'
check 'sysctls' '
    [[ $(engine_run --sysctl=net.ipv4.ip_forward=1 cat /proc/sys/net/ipv4/ip_forward) == 1 ]]
    [[ $(engine_run --sysctl=kernel.msgmax=8193 cat /proc/sys/kernel/msgmax) == 8193 ]]'
