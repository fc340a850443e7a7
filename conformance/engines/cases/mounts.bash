# Volumes, bind mounts, file systems, devices.

mkdir -p "$work/volume/inner"
check 'a bind mount is shared' '
    engine_run --volume="$work/volume:/v" sh -c "echo kept >/v/file"; [[ $(cat "$work/volume/file") == kept ]]'
check 'read-only' 'fails engine_run --volume="$work/volume:/v:ro" touch /v/x'
check 'a file' 'echo text >"$work/one"; [[ $(engine_run --volume="$work/one:/etc/new-file" cat /etc/new-file) == text ]]'
check 'every propagation' '
    # The source must lie on a mount of its own that is shared.
    mount --bind "$work/volume" "$work/volume"
    mount --make-rshared "$work/volume"
    for kind in rprivate private rslave slave rshared shared; do
        fields=$(engine_run --volume="$work/volume:/v:$kind" awk "\$5 == \"/v\" { print \$7 }" /proc/self/mountinfo)
        case $kind in
        *shared) [[ $fields == shared:* ]] ;;
        *slave) [[ $fields == master:* ]] ;;
        *private) [[ $fields == - ]] ;;
        esac
    done'
check 'a mount of the host appears in a slave' '
    engine_run --detach --name=slave --volume="$work/volume:/v:rslave" sleep 100
    mount -t tmpfs later "$work/volume/inner"
    engine exec slave grep " /v/inner " /proc/mounts
    umount "$work/volume/inner"'
check 'a named volume keeps what was written' '
    engine volume create data
    engine_run --volume=data:/data sh -c "echo word >/data/file"
    [[ $(engine_run --volume=data:/data cat /data/file) == word ]]
    engine volume rm data'
check 'a volume takes what the image has there' '[[ $(engine_run --volume=/etc cat /etc/passwd | head -n 1) == root:* ]]'
check 'a tmpfs with options' '
    says "tmpfs rw,nosuid,nodev,.*size=1024k" engine_run --tmpfs=/t:size=1m,mode=1777 grep " /t " /proc/mounts
    [[ $(engine_run --tmpfs=/t:size=1m,mode=700 stat -c %a /t) == 700 ]]'
check 'the usual devices are there' '
    engine_run sh -c "echo x >/dev/null && test \$(head -c 3 /dev/zero | wc -c) = 3 && head -c 1 /dev/urandom >/dev/random && test -c /dev/tty"
    [[ $(engine_run sh -c "readlink /dev/fd; readlink /dev/stdin" | xargs) == "/proc/self/fd /proc/self/fd/0" ]]'
check 'a device of the host' 'engine_run --device=/dev/fuse:/dev/other:r sh -c "test -c /dev/other"'
check 'another device is refused' 'fails engine_run --cap-add=MKNOD sh -c "mknod /tmp/d c 10 229 && cat /tmp/d"'
check 'its rules reach the cgroup' 'engine_run --device-cgroup-rule="c 10:229 rw" --cap-add=MKNOD sh -c "mknod /tmp/d c 10 229 && : <>/tmp/d"'
