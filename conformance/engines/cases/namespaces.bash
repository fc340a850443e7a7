# Namespaces of the container's own, the host's, and another container's.

engine_run --detach --name=first --hostname=first --ipc=shareable sleep 1000 >"$out" 2>&1 || echo "# $(tail -n 1 "$out")"
check 'of its own' '
    for kind in pid mnt ipc uts net; do
        [[ $(engine exec first readlink /proc/1/ns/$kind) != "$(readlink /proc/self/ns/$kind)" ]]
    done'
for kind in pid ipc uts; do
    check_when "[[ $kind != ipc || -e /dev/mqueue ]] || ! is_engine podman-rootless" 'this host has no /dev/mqueue to share' "the host's $kind" "
        [[ \$(engine_run --$kind=host readlink /proc/self/ns/$kind) == \"\$(readlink /proc/self/ns/$kind)\" ]]"
done
for kind in pid ipc; do
    check "another container's $kind" "
        [[ \$(engine_run --$kind=container:first readlink /proc/self/ns/$kind) == \"\$(engine exec first readlink /proc/1/ns/$kind)\" ]]"
done
check "another container's network" '
    [[ $(engine_run --network=container:first readlink /proc/self/ns/net) == "$(engine exec first readlink /proc/1/ns/net)" ]]'
check_when 'is_engine podman' 'Docker has no such option' "another container's uts" '
    [[ $(engine_run --uts=container:first hostname) == first ]]'
check 'a cgroup namespace of its own' '
    [[ $(engine_run --cgroupns=private readlink /proc/self/ns/cgroup) != "$(readlink /proc/self/ns/cgroup)" ]]
    engine_run --cgroupns=private grep -E ":/$" /proc/self/cgroup'
check "the host's cgroup namespace" '
    [[ $(engine_run --cgroupns=host readlink /proc/self/ns/cgroup) == "$(readlink /proc/self/ns/cgroup)" ]]'
check 'the end of who shares its pid namespace ends all of a container' '
    engine_run --detach --name=guest --pid=container:first sh -c "sleep 1000 & sleep 1000"
    pid=$(pid_of guest); engine rm --force guest; until_true 10 is_gone "$pid"
    [[ $(state_of first) == running ]]'
