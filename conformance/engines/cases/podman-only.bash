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
check 'a user namespace: auto' '
    [[ $(engine_run --uidmap=0:500000:1000 --gidmap=0:500000:1000 awk "{ print \$2 }" /proc/self/uid_map | head -n 1) == 500000 ]]
    [[ $(engine_run --uidmap=0:500000:1000 --gidmap=0:500000:1000 id -u) == 0 ]]'
