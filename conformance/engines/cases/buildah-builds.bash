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
    fails engine bud --runtime "$runtime" --isolation oci --network none --cgroup-parent "$parent/bud" --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 -f "$work/build/bad" "$work/build"'
check 'commit and run again' '
    engine_run touch /new; engine commit box committed:local
    engine from --name again --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 committed:local; engine run --runtime "$runtime" --isolation oci --network none again -- test -e /new'
check 'bud with secrets, caches and stages' '
    printf "word" >"$work/build/secret"
    printf "%s\n" "FROM $image AS one" "RUN --mount=type=secret,id=s --mount=type=cache,target=/c cat /run/secrets/s >/seen && touch /c/x" \
        "FROM $image" "COPY --from=one /seen /" >"$work/build/stages"
    engine bud --runtime "$runtime" --isolation oci --network none --cgroup-parent "$parent/bud" --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 \
        --secret id=s,src="$work/build/secret" --tag stages:local -f "$work/build/stages" "$work/build"
    engine from --name staged --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 stages:local
    engine run --runtime "$runtime" --isolation oci --network none staged -- cat /seen | grep -x word'
start_registry
check_when has_registry 'docker-registry is not installed' 'an image is pushed, forgotten, pulled and run' '
    name=$registry/inner/pushed:1
    engine push --tls-verify=false built:local "docker://$name"
    fails engine inspect --type image "$name"
    engine pull --tls-verify=false "docker://$name"
    engine from --name pulled --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "$name"
    engine run --runtime "$runtime" --isolation oci --network none pulled -- cat /built | grep -x built'
stop_registry
check_when 'command -v fuse-overlayfs && test -e /dev/fuse' 'fuse-overlayfs or /dev/fuse is missing' 'storage: fuse-overlayfs' '
    fused() {
        buildah --root "$work/fused" --runroot "$work/fused-run" --storage-driver overlay \
            --storage-opt overlay.mount_program="$(command -v fuse-overlayfs)" "$@"
    }
    fused pull --quiet "docker-archive:$work/image.tar"
    fused from --name fused --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --cgroup-parent "$parent/box" "$image"
    fused run --runtime "$runtime" --isolation oci --network none fused -- grep "^fuse-overlayfs / fuse.fuse-overlayfs rw" /proc/mounts
    fused rm fused'
check 'twenty runs leave nothing' '
    engine_run true
    before=$(traces)
    for i in $(seq 20); do engine_run true; done
    nothing_left "$before"'
