# What only the daemon has: user networks, swarm, compose, user-namespace remapping, live restore, Docker inside.

check 'info names the runtime' '[[ $(engine info --format "{{.DefaultRuntime}}") == "$runtime_name" ]]'
check 'BuildKit builds' '
    printf "FROM busybox:local\nRUN id -u >/id && echo ok\n" >"$work/build/kit"
    DOCKER_BUILDKIT=1 engine build --network=none --tag kit:local -f "$work/build/kit" "$work/build"
    [[ $(engine run --rm --network=none kit:local cat /id) == 0 ]]'
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
grep -q '^dockremap:' /etc/subuid || printf 'dockremap:500000:65536\n' | tee -a /etc/subuid >>/etc/subgid
id dockremap >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin dockremap 2>/dev/null
if start_daemon --userns-remap=dockremap >"$out" 2>&1; then
    image_tar | engine import - "$image" >"$out" 2>&1
    check 'user-namespace remapping: root is another user outside' '
        engine_run --detach --name=remapped sleep 1000
        [[ $(stat -c %u /proc/$(pid_of remapped)) -ge 500000 ]]
        [[ $(engine exec remapped id -u) == 0 ]]
        [[ $(engine exec remapped awk "{ print \$2 }" /proc/self/uid_map) -ge 500000 ]]
        engine rm --force remapped'
else
    skip 'user-namespace remapping' "dockerd does not start: $(tail -n 1 "$work/daemon.log")"
fi
