# What only the daemon has: user networks, swarm, compose, user-namespace remapping, live restore, Docker inside.

check 'info names the runtime' '[[ $(engine info --format "{{.DefaultRuntime}}") == "$runtime_name" ]]'
check 'BuildKit builds' '
    printf "FROM busybox:local\nRUN id -u >/id && echo ok\n" >"$work/build/kit"
    rm -f "$work/buildkit-calls"
    DOCKER_BUILDKIT=1 engine build --network=none --tag kit:local -f "$work/build/kit" "$work/build"
    [[ $(engine run --rm --network=none kit:local cat /id) == 0 ]]
    grep -E " run --bundle " "$work/buildkit-calls"'
check 'BuildKit: a step that fails fails, and all its mounts' '
    printf "FROM busybox:local\nRUN exit 3\n" >"$work/build/kit-bad"
    DOCKER_BUILDKIT=1 fails engine build --network=none --no-cache -f "$work/build/kit-bad" "$work/build" 2>"$work/kit-bad"
    grep -E "exit code: 3" "$work/kit-bad"
    printf "word" >"$work/build/secret"
    printf "%s\n" "FROM busybox:local" "RUN --mount=type=secret,id=s --mount=type=cache,target=/c --mount=type=tmpfs,target=/t \\" \
        "    cat /run/secrets/s >/seen && touch /c/x /t/x" "RUN test ! -e /run/secrets/s -a ! -e /t/x" >"$work/build/kit-mounts"
    DOCKER_BUILDKIT=1 engine build --network=none --secret id=s,src="$work/build/secret" --tag kit:mounts -f "$work/build/kit-mounts" "$work/build"
    [[ $(engine run --rm --network=none kit:mounts cat /seen) == word ]]'
check_when 'engine buildx version' 'docker buildx is not installed' 'buildx builds with two stages at once' '
    printf "%s\n" "FROM busybox:local AS one" "RUN echo 1 >/one" "FROM busybox:local AS two" "RUN echo 2 >/two" \
        "FROM busybox:local" "COPY --from=one /one /" "COPY --from=two /two /" >"$work/build/stages"
    engine buildx build --network=none --load --tag kit:stages -f "$work/build/stages" "$work/build"
    [[ $(engine run --rm --network=none kit:stages cat /one /two | xargs) == "1 2" ]]'
check_when 'has_controller memory && has_controller pids' 'no memory or pids controller' 'stats are the figures of the cgroup' '
    engine_run --detach --name=figures sh -c "head -c 4000000 /dev/zero >/dev/shm/x; touch /ready; sleep 1000"
    until_true 10 engine exec figures test -e /ready
    # Figures of a paused one stand still.
    engine pause figures
    same_figures "$(pid_of figures)" engine_figures figures
    engine rm --force figures'
limit=120
check_when 'command -v docker-compose' 'docker-compose is not installed' 'compose: two services talk' '
    mkdir -p "$work/compose"
    cat >"$work/compose/docker-compose.yml" <<END
version: "3"
services:
  server:
    image: $image
    command: sh -c "echo composed >/tmp/index.html; httpd -f -p 80 -h /tmp"
  client:
    image: $image
    depends_on: [server]
    command: sh -c "for i in 1 2 3 4 5 6 7 8 9; do printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 2 server 80 && exit 0; sleep 0.5; done; exit 1"
END
    cd "$work/compose"
    docker-compose up --exit-code-from client | tee "$work/composed"
    grep composed "$work/composed"
    docker-compose down'
check 'swarm: two replicas, scaled, healed after a kill' '
    engine swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1
    engine service create --detach --name work --replicas 2 --network none "$image" sleep 1000 ||
        engine service create --detach --name work --replicas 2 "$image" sleep 1000
    running() { [[ $(engine ps --quiet --filter name=work | wc -l) == "$1" ]]; }
    until_true 60 running 2
    engine service scale --detach work=3
    until_true 60 running 3
    victim=$(engine ps --quiet --filter name=work | head -n 1)
    engine kill "$victim"
    healed() { [[ $(engine ps --quiet --filter name=work | grep -v "$victim" | wc -l) == 3 ]]; }
    until_true 60 healed
    engine service rm work
    until_true 60 running 0
    engine swarm leave --force'
check 'the shim is killed: the container is seen to have ended' '
    engine_run --detach --name=shimless sleep 1000
    pid=$(pid_of shimless)
    shim=$(awk "/^PPid:/ { print \$2 }" /proc/$pid/status)
    kill -KILL "$shim"
    until_true 20 bash -c "[[ \$(state_of shimless) == exited ]]"
    until_true 10 is_gone "$pid"
    engine rm --force shimless'
# The image is a frame around this machine's programs. Docker inside has the runtime under test, too.
mkdir -p "$work/frame"/{usr,etc,var/lib/docker,var/log,tmp,run,proc,sys,dev,root}
for name in bin sbin lib lib64; do ln -sfn "usr/$name" "$work/frame/$name"; done
printf 'root:x:0:0:root:/root:/bin/sh\n' >"$work/frame/etc/passwd"
printf 'root:x:0:\n' >"$work/frame/etc/group"
tar -C "$work/frame" -c . | engine import - frame:local >"$out" 2>&1
image_tar >"$work/image.tar"
cat >"$work/inside" <<'END'
# On cgroup v2 a cgroup with processes hands no controllers down.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    mkdir -p /sys/fs/cgroup/init
    for pid in $(cat /sys/fs/cgroup/cgroup.procs); do echo "$pid" >/sys/fs/cgroup/init/cgroup.procs || exit 1; done
    for name in $(cat /sys/fs/cgroup/cgroup.controllers); do echo "+$name" >/sys/fs/cgroup/cgroup.subtree_control || exit 1; done
fi
dockerd --bridge=none --iptables=false --add-runtime inner=/runtime --default-runtime inner >/var/log/dockerd 2>&1 &
tries=0
until docker info >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 150 ] || { tail -n 5 /var/log/dockerd; exit 1; }
    sleep 0.2
done
set -ex
docker import /image.tar box >/dev/null
run() { docker run --rm --network=none --ulimit=nofile=1024:1024 "$@"; }
[ "$(run box echo inner)" = inner ]
status=0; run box sh -c 'exit 7' || status=$?; [ "$status" = 7 ]
[ "$(run --memory=32m box sh -c 'cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes')" = 33554432 ]
docker run --detach --name=inner --network=none --ulimit=nofile=1024:1024 box sleep 1000
[ "$(docker exec inner echo again)" = again ]
docker rm --force inner
echo all is well inside
END
check 'Docker in a privileged container, with the same runtime inside' '
    engine run --rm --privileged --network=none --runtime "$runtime_name" --cgroupns=private --ulimit=nofile=4096:4096 \
        --volume=/usr:/usr:ro --volume="$runtime:/runtime:ro" --volume="$work/image.tar:/image.tar:ro" --volume="$work/inside:/inside:ro" \
        --volume=/var/lib/docker --env=PATH=/usr/sbin:/usr/bin frame:local sh /inside | tee "$work/inside.log"
    grep "all is well inside" "$work/inside.log"'
remove_all
stop_daemon
start_daemon --live-restore >"$out" 2>&1
check 'live restore: a container outlives the daemon' '
    engine_run --detach --name=outlives sleep 1000
    pid_of outlives >"$work/outlives"'
stop_daemon
start_daemon --live-restore >"$out" 2>&1
check 'live restore: the next daemon has it again' '
    [[ $(pid_of outlives) == "$(cat "$work/outlives")" && $(state_of outlives) == running ]]
    [[ $(engine exec outlives echo again) == again ]]
    engine rm --force outlives'
remove_all
stop_daemon
for name in /etc/subuid /etc/subgid; do add_line "$name" dockremap:500000:65536; done
add_line /etc/passwd dockremap:x:64999:64999::/nonexistent:/usr/sbin/nologin
add_line /etc/group dockremap:x:64999:
if start_daemon --userns-remap=dockremap >"$out" 2>&1; then
    image_tar | engine import - "$image" >"$out" 2>&1
    check 'user-namespace remapping: root is another user outside, and no file of the host is its own' '
        engine_run --detach --name=remapped sleep 1000
        [[ $(stat -c %u /proc/$(pid_of remapped)) -ge 500000 ]]
        [[ $(engine exec remapped id -u) == 0 ]]
        fails engine_run --volume="$work/daemon.json:/theirs" sh -c "echo >/theirs"
        [[ $(engine exec remapped awk "{ print \$2 }" /proc/self/uid_map) -ge 500000 ]]
        engine rm --force remapped'
else
    skip 'user-namespace remapping' "dockerd does not start: $(tail -n 1 "$work/daemon.log")"
fi
