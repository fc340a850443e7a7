# What is special for a user without privileges.

check 'root in the container is the user outside' '
    engine_run --detach --name=mine sleep 1000
    [[ $(stat -c %u /proc/$(pid_of mine)) == "$uid" && $(engine exec mine id -u) == 0 ]]'
check 'other ids come from the range' '
    engine_run --detach --name=ranged --user=1000 sleep 1000
    [[ $(stat -c %u /proc/$(pid_of ranged)) == $(($(awk -F: -v user="$user" "\$1 == user { print \$2; exit }" /etc/subuid) + 999)) ]]'
check 'keep-id: the user is the same inside' '
    [[ $(engine_run --userns=keep-id id -u) == "$uid" ]]'
check 'auto: a range of its own' '[[ $(engine_run --userns=auto:size=100 awk "{ n += \$3 } END { print n }" /proc/self/uid_map) == 100 ]]'
check 'a volume: files belong to the user' '
    mkdir -p "$work/user/volume"; chown "$uid" "$work/user/volume"
    engine_run --volume="$work/user/volume:/v" touch /v/file
    [[ $(stat -c %u "$work/user/volume/file") == "$uid" ]]'
check_when 'command -v fuse-overlayfs && as_user sh -c ": <>/dev/fuse"' 'fuse-overlayfs is missing, or /dev/fuse' 'storage: fuse-overlayfs' '
    fused() {
        cd "$work/user"
        as_user podman --root "$work/user/fused" --runroot "$work/user/run/fused" --tmpdir "$work/user/fused-tmp" \
            --storage-driver overlay --storage-opt overlay.mount_program="$(command -v fuse-overlayfs)" --events-backend none \
            --cgroup-manager cgroupfs --runtime "$user_runtime" "$@"
    }
    fused import "$work/user/root.tar" "$image"
    [[ $(fused run --rm --network none "$image" sh -c "echo kept >/etc/new && rm -r /home && cat /etc/new") == kept ]]
    fused run --rm --network none "$image" grep " / fuse.fuse-overlayfs rw" /proc/mounts'
check 'nothing is left in the runtime' 'remove_all; [[ -z $(runtime_files) ]]'
