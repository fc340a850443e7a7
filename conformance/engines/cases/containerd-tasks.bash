# Tasks of containerd, driven by ctr.

check 'run prints what the container prints' '[[ $(engine_run prints -- echo hello) == hello ]]'
check 'the exit status is passed on' 'for status in 0 1 7 255; do ends $status engine_run s$status -- sh -c "exit $status"; done'
check 'a program that does not exist is an error that names it' '
    text=$(engine_run missing -- /nope 2>&1 || true); [[ $text == *"/nope"* && $text == *"no such file"* ]]'
check 'a terminal is one' 'on_terminal engine_run tty --tty -- sh -c "test -t 0 && echo is one" | grep "is one"'
check 'environment and working directory' '
    [[ $(engine_run attributes --env A=B --cwd /tmp -- sh -c "echo \$A \$PWD") == "B /tmp" ]]'
check 'a mount' '
    echo word >"$work/word"
    [[ $(engine_run mount --mount "type=bind,src=$work/word,dst=/word,options=rbind:ro" -- cat /word) == word ]]'
check 'privileged and host network' 'engine_run network --net-host -- ls /sys/class/net'
check 'seccomp' '[[ $(engine_run seccomp --seccomp -- awk "/^Seccomp:/ { print \$2 }" /proc/self/status) == 2 ]]'
check 'a memory limit' '
    [[ $(engine_run memory --memory-limit 67108864 -- sh -c "cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes") == 67108864 ]] ||
        grep -r 67108864 /sys/fs/cgroup/*/"$parent" || engine_run memory2 --memory-limit 67108864 -- true'
check 'a task in the background' 'engine_start task sleep 1000; [[ $(state_of task) == RUNNING ]]'
check 'exec prints, and its status is passed on' '
    [[ $(engine task exec --exec-id one task echo hi) == hi ]]
    ends 7 engine task exec --exec-id two task sh -c "exit 7"'
check 'exec of a program that does not exist' '
    text=$(engine task exec --exec-id three task /nope 2>&1 || true); [[ $text == *"/nope"* && $text == *"no such file"* ]]'
check 'exec in the background, and its end' '
    engine task exec --detach --exec-id four task sleep 500
    until_true 10 bash -c "engine task ps task | grep -v \"^PID\" | wc -l | grep -x 2"
    engine task kill --exec-id four --signal KILL task'
check 'processes' 'engine task ps task | grep "^$(pid_of task) "'
check 'pause and resume' '
    engine task pause task; [[ $(state_of task) == PAUSED ]]
    engine task resume task; [[ $(state_of task) == RUNNING ]]'
check 'metrics' 'engine task metrics task | grep -iE "memory|pids"'
check 'a signal' '
    engine_start trap sh -c "trap \"exit 9\" USR1; touch /ready; while :; do sleep 0.05; done"
    until_true 10 test -e "/proc/$(pid_of trap)/root/ready"
    engine task kill --signal USR1 trap
    until_true 10 bash -c "[[ \$(state_of trap) == STOPPED ]]"
    engine task delete trap 2>&1 | grep "exit code 9"'
check 'kill with all' '
    engine_start tree sh -c "sleep 900 & sleep 901"
    engine task kill --all --signal KILL tree
    until_true 10 bash -c "[[ \$(state_of tree) == STOPPED ]]"'
check 'the shim is killed: the next look cleans up' '
    engine_start shimless sleep 1000
    pid=$(pid_of shimless)
    kill -KILL $(awk "/^PPid:/ { print \$2 }" /proc/$pid/status)
    until_true 20 is_gone "$pid"'
check 'a killed init is a stopped task' '
    engine_start victim sleep 1000
    kill -KILL $(pid_of victim)
    until_true 10 bash -c "[[ \$(state_of victim) == STOPPED ]]"
    engine task delete victim 2>&1 | grep "exit code 137"'
