# Buildah: commands in working containers, and builds.

check 'run prints what the command prints' '[[ $(engine_run echo hello) == hello ]]'
check 'the exit status is passed on' 'for status in 0 1 7 255; do ends $status engine_run sh -c "exit $status"; done'
check 'a program that does not exist fails and is named' 'says_failing() { ! engine_run /nope; }; says_failing 2>&1 | grep /nope'
check 'a terminal is one' '
    tty() { engine run --runtime "$runtime" --isolation oci --network none --tty box -- sh -c "test -t 0 && echo is one"; }
    export -f tty; on_terminal tty | grep "is one"'
check 'a user, an environment, a working directory' '
    engine config --user someone --env A=B --workingdir /tmp box
    [[ $(engine_run sh -c "echo \$(id -un) \$A \$PWD") == "someone B /tmp" ]]
    engine config --user root --workingdir / box'
check 'a volume' '
    mkdir -p "$work/volume"
    engine run --runtime "$runtime" --isolation oci --network none --volume "$work/volume:/v" box -- sh -c "echo kept >/v/file"
    [[ $(cat "$work/volume/file") == kept ]]'
check 'capabilities' '
    text=$(engine run --runtime "$runtime" --isolation oci --network none --cap-drop all box -- awk "/^CapEff:/ { print \$2 }" /proc/self/status)
    [[ $text =~ ^0+$ ]]'
check 'bud with RUN steps' '
    mkdir -p "$work/build"
    printf "FROM $image\nRUN echo built >/built\nUSER someone\nRUN id -un >/tmp/who\n" >"$work/build/Dockerfile"
    engine bud --runtime "$runtime" --isolation oci --network none --cgroup-parent "$parent/bud" --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --tag built:local "$work/build"
    engine from --name look built:local
    engine run --runtime "$runtime" --isolation oci --network none look -- cat /built /tmp/who | xargs | grep -x "built someone"'
check 'a step that fails fails' '
    printf "FROM $image\nRUN exit 3\n" >"$work/build/bad"
    ! engine bud --runtime "$runtime" --isolation oci --network none --cgroup-parent "$parent/bud" --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 -f "$work/build/bad" "$work/build"'
check 'commit and run again' '
    engine_run touch /new; engine commit box committed:local
    engine from --name again --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 committed:local; engine run --runtime "$runtime" --isolation oci --network none again -- test -e /new'
