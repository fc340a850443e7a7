# Many cycles, sudden ends, and nothing left.

limit=600
check "cycles leave nothing" '
    engine_run true
    before=$(traces)
    for i in $(seq "${CYCLES:-50}"); do
        if ((i % 2)); then engine_run true; else
            engine_run --detach --name="cycle$i" sleep 1000
            engine rm --force ${rm_flags:-} "cycle$i"
        fi
    done >/dev/null
    nothing_left "$before"'
limit=120
make_killer
check 'the runtime is killed during create: rm leaves nothing' '
    engine_run true
    before=$(traces)
    broken=0
    for moment in $moments; do
        echo "$moment" >"$work/killed/after"
        killed_run --detach --name=broken sleep 1000 || broken=$((broken + 1))
        engine inspect broken >/dev/null 2>&1 && engine rm --force ${rm_flags:-} broken
    done
    echo "$broken of them were broken"
    ((broken > 0))
    nothing_left "$before"'
limit=60
check 'an init that is killed counts as ended' '
    engine_run --detach --name=victim sleep 1000
    kill -KILL $(pid_of victim)
    until_true 10 bash -c "[[ \$(state_of victim) == exited ]]"
    [[ $(engine wait victim) == 137 ]]'
check 'nothing is left in the runtime' 'remove_all; [[ -z $(runtime_files) ]]'
