# A registry on the loopback: push, forget, pull, run.

start_registry
check_when has_registry 'docker-registry is not installed' 'an image is pushed, forgotten, pulled and run' '
    name=$registry/inner/pushed:1
    engine tag "$image" "$name"
    engine push ${insecure:-} "$name"
    engine rmi "$name"
    fails engine inspect --type image "$name"
    engine pull ${insecure:-} "$name"
    image=$name engine_run echo pulled | grep -x pulled'
check_when has_registry 'docker-registry is not installed' 'an image that is not there is refused' '
    fails engine pull ${insecure:-} "$registry/inner/missing:1"
    image=$registry/inner/missing:1 fails engine_run true'
check_when has_registry 'docker-registry is not installed' 'run pulls what is missing, by digest too' '
    engine rmi --force "$registry/inner/pushed:1"
    image=$registry/inner/pushed:1 engine_run ${pull_flags:-} true
    # As the registry has it: an engine may know several.
    digest=$registry/inner/pushed@sha256:$(ls "$work/registry/docker/registry/v2/repositories/inner/pushed/_manifests/revisions/sha256" | tail -n 1)
    engine rmi --force "$registry/inner/pushed:1"
    image=$digest engine_run ${pull_flags:-} true'
stop_registry
