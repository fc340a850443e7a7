# The life of a container in the background: logs, attach, signals, restarts, removal.

freezes='! is_engine podman-rootless || test -e /sys/fs/cgroup/cgroup.controllers'
no_freezer='a user has no freezer on cgroup v1'
check 'it starts in the background and runs' '
    engine_run --detach --name=stays sleep 100
    [[ $(state_of stays) == running ]]'
check 'it can be killed, and its status is 137' 'engine kill stays; [[ $(engine wait stays) == 137 ]]'
check 'it starts again' 'engine start stays; [[ $(state_of stays) == running ]]'
check 'it restarts with another process' '
    before=$(pid_of stays); engine restart --time 1 stays; [[ $(pid_of stays) != "$before" ]]'
check 'it stops in time' 'engine stop --time 1 stays; [[ $(state_of stays) == exited ]]'
check 'it can be removed' 'engine rm stays; fails engine inspect stays'
check 'a running one can be removed by force' '
    engine_run --detach --name=forced sleep 100
    pid=$(pid_of forced); engine rm --force forced; until_true 10 is_gone "$pid"'
check 'logs has both streams' '
    engine_run --detach --name=logs sh -c "echo out; echo err >&2"
    engine wait logs
    [[ $(engine logs logs 2>/dev/null) == out && $(engine logs logs 2>&1 >/dev/null) == err ]]'
check 'attach sees what comes, and the status' '
    engine_run --detach --interactive --name=attached sh -c "read x; echo got \$x; exit 5"
    mkfifo "$work/typed"
    engine attach attached <"$work/typed" >"$work/seen" &
    exec 8>"$work/typed"; echo word >&8
    until_true 20 grep "got word" "$work/seen"
    exec 8>&-
    wait $! || true
    [[ $(engine wait attached) == 5 ]]'
check 'create and start --attach' '
    id=$(engine create --name=made --network=none "$image" sh -c "echo made; exit 4")
    status=0; text=$(engine start --attach made) || status=$?
    [[ $text == made && $status == 4 ]]'
check 'a signal reaches the process' '
    engine_run --detach --name=trap sh -c "trap \"echo got; exit 9\" USR1; echo ready; while :; do sleep 0.05; done"
    until_true 10 says ready engine logs trap
    engine kill --signal USR1 trap
    [[ $(engine wait trap) == 9 ]]; says got engine logs trap'
check 'stop asks before it kills' '
    engine_run --detach --name=asks sh -c "trap \"exit 3\" TERM; echo ready; while :; do sleep 0.05; done"
    until_true 10 says ready engine logs asks
    engine stop --time 10 asks; [[ $(engine wait asks) == 3 ]]'
check 'a signal to the client goes to the container' '
    engine_run --name=proxied sh -c "trap \"exit 6\" TERM; echo ready; while :; do sleep 0.05; done" >"$work/proxied" &
    until_true 15 grep -q ready "$work/proxied"
    kill -TERM $(pgrep -P $! -f "name[= ]proxied" || echo $!)
    wait $! || true
    [[ $(engine wait proxied) == 6 ]]'
check_when "$freezes" "$no_freezer" 'pause stops it, unpause lets it go on' '
    engine_run --detach --name=paused sh -c "while :; do date +%s%N >/tmp/next; mv /tmp/next /tmp/now; sleep 0.02; done"
    until_true 10 engine exec paused test -s /tmp/now
    engine pause paused
    [[ $(state_of paused) == paused ]]
    file=/proc/$(pid_of paused)/root/tmp/now
    before=$(cat "$file"); sleep 0.3; [[ $(cat "$file") == "$before" ]]
    engine unpause paused
    [[ $(state_of paused) == running ]]
    until_true 10 bash -c "[[ \$(cat $file) != $before ]]"'
check 'top lists the processes' 'engine_run --detach --name=topped sleep 100; says "sleep" engine top topped'
check_when "$freezes" "$no_freezer" 'a paused one can be removed by force' 'engine pause paused; engine rm --force paused'
check 'a restart policy restarts it' '
    engine_run --detach --name=again --restart=on-failure:2 sh -c "echo round; exit 1"
    until_true 30 bash -c "[[ \$(engine logs again 2>&1 | grep -c round) == 3 ]]"'
check 'a health check is run' '
    engine_run --detach --name=healthy --health-cmd="test -e /tmp" --health-interval=1s sleep 100
    if is_engine podman; then engine healthcheck run healthy; else
        until_true 20 bash -c "[[ \$(engine inspect --format {{.State.Health.Status}} healthy) == healthy ]]"
    fi'
check 'twenty start at the same time' '
    for i in $(seq 20); do engine_run sh -c "echo one" >"$work/many.$i" 2>&1 & done
    wait
    cat "$work"/many.*
    [[ $(cat "$work"/many.* | grep -cx one) == 20 ]]'
