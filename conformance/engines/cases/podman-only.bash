# What only Podman has: the JSON log, pods, play kube, keep-groups, containers without cgroups.

check 'with a JSON log: run prints' '[[ $(with_json_log echo hello) == hello ]]'
check 'with a JSON log: not found gives 127' 'ends 127 with_json_log /nope; says /nope bash -c "with_json_log /nope || true"'
check 'with a JSON log: not executable gives 126' 'ends 126 with_json_log /etc/passwd'
check 'a pod shares its network' '
    engine pod create --name pod --infra-image "$image" --infra-command "sleep 1000" --network none --cgroup-parent "$parent"
    engine run --detach --pod pod --name in-pod "$image" sleep 1000
    infra=$(engine pod inspect --format "{{.InfraContainerID}}" pod)
    [[ $(readlink /proc/$(pid_of in-pod)/ns/net) == "$(readlink /proc/$(pid_of "$infra")/ns/net)" ]]
    engine pod stop --time 1 pod; engine pod rm --force pod'
check 'two containers of a pod talk' '
    engine pod create --name talk --infra-image "$image" --infra-command "sleep 1000" --network none --cgroup-parent "$parent"
    engine run --detach --pod talk --name server "$image" sh -c "echo talked >/tmp/index.html; httpd -f -p 80 -h /tmp"
    ask() { engine run --rm --pod talk "$image" sh -c "printf \"GET / HTTP/1.0\r\n\r\n\" | nc -w 5 127.0.0.1 80"; }
    until_true 10 says talked ask
    engine pod rm --force talk'
check 'play kube' '
    cat >"$work/pod.yaml" <<END
apiVersion: v1
kind: Pod
metadata: {name: played}
spec:
  containers:
  - {name: one, image: $image, command: [/bin/sh, -c, "echo played; sleep 1000"]}
END
    engine play kube --log-driver k8s-file --network none "$work/pod.yaml"
    engine pod ls
    until_true 20 says played engine logs played-one
    engine pod rm --force played'
check_when '[[ $(basename "$runtime") != runc ]]' 'runc has no such mode' 'a container without cgroups of its own' '
    [[ $(CONTAINERS_CONF=$work/json.conf engine run --rm --network=none --cgroups=disabled "$image" echo free) == free ]]'
check 'a user namespace: given maps' '
    [[ $(engine_run --uidmap=0:500000:1000 --gidmap=0:500000:1000 awk "{ print \$2 }" /proc/self/uid_map | head -n 1) == 500000 ]]
    [[ $(engine_run --uidmap=0:500000:1000 --gidmap=0:500000:1000 id -u) == 0 ]]'
for name in /etc/subuid /etc/subgid; do add_line "$name" containers:700000:65536; done
add_line /etc/passwd containers:x:64998:64998::/nonexistent:/usr/sbin/nologin
check 'a user namespace: auto' '
    engine_run --detach --name=auto --userns=auto:size=500 sleep 1000
    [[ $(engine exec auto awk "{ n += \$3 } END { print n }" /proc/self/uid_map) == 500 ]]
    [[ $(stat -c %u /proc/$(pid_of auto)) -ge 700000 && $(engine exec auto id -u) == 0 ]]
    first=$(engine exec auto awk "NR == 1 { print \$2 }" /proc/self/uid_map)
    second=$(engine_run --userns=auto:size=500 awk "NR == 1 { print \$2 }" /proc/self/uid_map)
    ((first != second))'
# Podman itself leaves the runtime's state then, with every runtime: its id is all that delete needs.
check 'conmon is killed: rm ends the container, delete leaves nothing' '
    engine_run true
    before=$(traces)
    engine_run --detach --name=orphan sleep 1000
    pid=$(pid_of orphan)
    cat /proc/$pid/cgroup >"$work/orphan"
    kill -KILL "$(engine inspect --format "{{.State.ConmonPid}}" orphan)"
    engine rm --force --time 0 orphan
    until_true 10 is_gone "$pid"
    id=$(grep -o "libpod-[0-9a-f]*" "$work/orphan" | head -n 1)
    "$runtime" delete --force "${id#libpod-}"
    nothing_left "$before"'
check_when 'has_controller memory && has_controller pids' 'no memory or pids controller' 'stats are the figures of the cgroup' '
    engine_run --detach --name=figures sh -c "head -c 4000000 /dev/zero >/dev/shm/x; touch /ready; sleep 1000"
    until_true 10 engine exec figures test -e /ready
    # Figures of a paused one stand still.
    engine pause figures
    same_figures "$(pid_of figures)" engine_figures figures
    engine rm --force --time 0 figures'
check_when 'command -v fuse-overlayfs && test -e /dev/fuse' 'fuse-overlayfs or /dev/fuse is missing' 'storage: fuse-overlayfs' '
    fused() {
        podman --root "$work/fused" --runroot "$work/fused-run" --tmpdir "$work/fused-tmp" --storage-driver overlay \
            --storage-opt overlay.mount_program="$(command -v fuse-overlayfs)" --network-config-dir "$work/networks" \
            --events-backend none --cgroup-manager cgroupfs --runtime "$runtime" "$@"
    }
    image_tar | fused import - "$image"
    before=$(traces)
    fused run --detach --name fused --network none --cgroup-parent "$parent" "$image" sh -c "echo kept >/etc/new && rm -r /home && sleep 1000"
    fused exec fused grep "^fuse-overlayfs / fuse.fuse-overlayfs rw" /proc/mounts
    until_true 10 fused exec fused test ! -e /home
    fused commit fused fused:local
    [[ $(fused run --rm --network none --cgroup-parent "$parent" fused:local cat /etc/new) == kept ]]
    fused rm --force --time 0 fused
    nothing_left "$before"'
check 'storage: vfs' '
    plain() {
        podman --root "$work/plain" --runroot "$work/plain-run" --tmpdir "$work/plain-tmp" --storage-driver vfs \
            --network-config-dir "$work/networks" --events-backend none --cgroup-manager cgroupfs \
            --runtime "$runtime" "$@"
    }
    image_tar | plain import - "$image"
    [[ $(plain run --rm --network none --cgroup-parent "$parent" "$image" sh -c "echo kept >/etc/new && cat /etc/new") == kept ]]'
