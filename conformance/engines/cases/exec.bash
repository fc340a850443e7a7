# exec: a further process in a running container.

engine_run --detach --name=box --env=KEPT=yes --user=0 sleep 1000 >"$out" 2>&1 || echo "# $(tail -n 1 "$out")"
check 'it prints, and its status is passed on' '
    [[ $(engine exec box echo hi) == hi ]]
    for status in 0 1 7 255; do ends $status engine exec box sh -c "exit $status"; done'
check 'it is in the namespaces of the container' '
    for kind in pid mnt ipc uts net; do
        [[ $(engine exec box readlink /proc/self/ns/$kind) == "$(engine exec box readlink /proc/1/ns/$kind)" ]]
    done'
check 'it is in the cgroup of the container' '
    engine_run --detach --name=limited --pids-limit=100 sleep 1000
    pid=$(pid_of limited)
    engine exec limited sleep 77 &
    until_true 10 pgrep -f "^sleep 77$"
    mine=$(pgrep -f "^sleep 77$" | head -n 1)
    diff /proc/$pid/cgroup /proc/$mine/cgroup
    kill $mine; wait || true'
check 'the environment of the container, and more' '
    [[ $(engine exec --env=A=B box sh -c "echo \$A \$KEPT") == "B yes" ]]'
check 'the user' '
    [[ $(engine exec --user=1000:1000 box id -u) == 1000 && $(engine exec --user=someone box id -G) == "1000 1001" ]]
    [[ $(engine exec --user=someone box sh -c "echo \$HOME") == /home/someone ]]'
check 'the working directory' '[[ $(engine exec --workdir=/tmp box pwd) == /tmp ]]'
check 'standard input' '[[ $(echo text | engine exec --interactive box cat) == text ]]'
check 'a terminal' 'on_terminal engine exec --interactive --tty box sh -c "test -t 0 && echo is one" | grep "is one"'
check 'in the background' '
    engine exec --detach box sh -c "echo done >/tmp/detached"
    until_true 10 engine exec box grep -x done /tmp/detached'
# Docker up to 24 says 126.
check 'a program that does not exist gives 126 or 127' '
    status=0; engine exec box nope || status=$?; ((status == 126 || status == 127))'
check 'a file that cannot be executed gives 126' 'ends 126 engine exec box /etc/passwd'
check_when 'has_capability 24' 'this host itself has not all capabilities' 'privileged has more capabilities' '
    usual=$(engine exec box sh -c "awk \"/^CapEff:/ { print \\\$2 }\" /proc/self/status")
    more=$(engine exec --privileged box sh -c "awk \"/^CapEff:/ { print \\\$2 }\" /proc/self/status")
    ((16#$more > 16#$usual)); [[ $(engine exec --privileged box sh -c "awk \"/^CapInh:/ { print \\\$2 }\" /proc/self/status") =~ ^0+$ ]]'
check 'seccomp filters it too' '[[ $(engine exec box awk "/^Seccomp:/ { print \$2 }" /proc/self/status) == 2 ]]'
check 'ten at the same time' '
    for i in $(seq 10); do engine exec box echo one >"$work/exec.$i" 2>&1 & done; wait
    [[ $(cat "$work"/exec.* | grep -cx one) == 10 ]]'
check 'not in a stopped container' '
    engine_run --detach --name=over true; engine wait over
    fails engine exec over true'
