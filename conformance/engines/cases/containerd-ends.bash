# Tasks of containerd: figures, a registry, many cycles, sudden ends, and nothing left.

check_when 'has_controller memory && has_controller pids' 'no memory or pids controller' 'metrics are the figures of the cgroup' '
    engine_start figures sh -c "head -c 4000000 /dev/zero >/tmp/x; touch /ready; sleep 1000"
    until_true 10 test -e "/proc/$(pid_of figures)/root/ready"
    # Figures of a paused one stand still.
    engine task pause figures
    same_figures "$(pid_of figures)" engine_figures figures
    engine task resume figures
    engine_remove figures'
start_registry
check_when has_registry 'docker-registry is not installed' 'an image is pushed, forgotten, pulled and run' '
    name=$registry/inner/pushed:1
    engine image tag "$image" "$name"
    engine image push --plain-http "$name"
    engine image rm "$name"
    fails engine run --rm "$name" missing true
    engine image pull --plain-http "$name"
    image=$name engine_run pulled -- echo pulled | grep -x pulled'
stop_registry
limit=600
check "cycles leave nothing" '
    engine_run cycle -- true
    before=$(traces)
    for i in $(seq "${CYCLES:-50}"); do
        if ((i % 2)); then engine_run "cycle$i" -- true; else
            engine_start "cycle$i" sleep 1000
            engine_remove "cycle$i"
        fi
    done >/dev/null
    nothing_left "$before"'
limit=120
make_killer
check 'the runtime is killed during create: nothing is left' '
    engine_run cycle -- true
    before=$(traces)
    broken=0
    for moment in $moments; do
        echo "$moment" >"$work/killed/after"
        runtime=$work/killed/runtime engine_start broken sleep 1000 || broken=$((broken + 1))
        if engine task ls | grep "^broken "; then engine_remove broken; else engine container delete broken; fi
    done
    echo "$broken of them were broken"
    ((broken > 0))
    nothing_left "$before"'
check 'the shim is killed: nothing is left' '
    engine_run cycle -- true
    before=$(traces)
    engine_start shimless sleep 1000
    pid=$(pid_of shimless)
    kill -KILL $(awk "/^PPid:/ { print \$2 }" /proc/$pid/status)
    until_true 20 is_gone "$pid"
    engine_remove shimless || true
    nothing_left "$before"'
check 'nothing is left in the runtime' 'remove_all; [[ -z $(runtime_files) ]]'
