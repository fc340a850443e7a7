# Many cycles, sudden ends, and nothing left.

limit=300
check "${CYCLES:-50} cycles leave nothing" '
    for i in $(seq "${CYCLES:-50}"); do engine_run true || exit 1; done
    [[ $(left_in_runtime) == 0 ]]
    ! grep -r . /sys/fs/cgroup/*"$parent"/*/cgroup.procs'
limit=60
check 'an init that is killed counts as ended' '
    engine_run --detach --name=victim sleep 1000
    kill -KILL $(pid_of victim)
    until_true 10 bash -c "[[ \$(state_of victim) == exited ]]"
    [[ $(engine wait victim) == 137 ]]'
check 'nothing is left in the runtime' 'remove_all; [[ $(left_in_runtime) == 0 ]]'
