# Limits: what the kernel is told, and what a process meets.

check_when 'has_controller memory' 'no memory controller' 'memory' '
    [[ $(cgroup_file memory.max memory/memory.limit_in_bytes --memory=64m) == 67108864 ]]'
check_when 'has_controller pids' 'no pids controller' 'pids' '[[ $(cgroup_file pids.max pids/pids.max --pids-limit=20) == 20 ]]'
check_when 'has_controller pids' 'no pids controller' 'pids: fork fails at the limit' '
    { engine_run --pids-limit=10 sh -c "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 5 & done; wait" 2>&1 || true; } |
        grep -i "can.t fork"'
check_when 'has_controller memory' 'no memory controller' 'memory: who takes too much is killed' '
    engine_run --detach --name=greedy --memory=16m --memory-swap=16m sh -c "x=a; while :; do x=\$x\$x; done"
    [[ $(engine wait greedy) == 137 ]]'
# conmon 2.1.6 reports it on cgroup v2 alone.
check_when 'has_controller memory && { is_engine docker || test -e /sys/fs/cgroup/cgroup.controllers; }' 'no memory controller, or cgroup v1, where Podman does not report it' \
    'memory: it is reported' '[[ $(engine inspect --format {{.State.OOMKilled}} greedy) == true ]]'
check_when 'has_controller cpu' 'no cpu controller' 'cpus' '
    [[ $(cgroup_file cpu.max cpu/cpu.cfs_quota_us --cpus=0.5) =~ ^50000 ]]'
check_when 'has_controller cpu' 'no cpu controller' 'cpus: it is throttled' '
    engine_run --detach --name=busy --cpus=0.1 sh -c "while :; do :; done"
    until_true 20 engine exec busy sh -c "cat /sys/fs/cgroup/cpu.stat /sys/fs/cgroup/cpu/cpu.stat 2>/dev/null | grep -E \"^nr_throttled [1-9]\""'
check_when 'has_controller cpuset' 'no cpuset controller' 'cpuset' '
    [[ $(engine_run --cpuset-cpus=0 awk "/^Cpus_allowed_list/ { print \$2 }" /proc/self/status) == 0 ]]'
check 'ulimits' '[[ $(engine_run --ulimit=nofile=100:200 --ulimit=nproc=1024:1024 sh -c "ulimit -Sn; ulimit -Hn" | xargs) == "100 200" ]]'
check_when 'has_controller memory && has_controller pids' 'no memory or pids controller' 'update changes memory and pids' '
    engine_run --detach --name=updated --memory=64m --pids-limit=50 sleep 100
    is_engine podman && engine update --memory=32m updated || engine update --memory=32m --memory-swap=64m updated
    engine exec updated sh -c "cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes" | grep -x 33554432'
check_when 'has_controller memory' 'no memory controller' 'stats has figures' '
    text=$(engine stats --no-stream --format "{{.MemUsage}} {{.PIDs}}" updated); [[ $text =~ [1-9].*[1-9]$ ]]'
check 'the cgroup parent' '
    engine_run --detach --name=child --cgroup-parent="$parent/inner" sleep 100
    grep "$parent/inner" /proc/$(pid_of child)/cgroup'
check 'shared memory size' 'says "size=2048k" engine_run --shm-size=2m grep /dev/shm /proc/mounts'
check 'oom score' '[[ $(engine_run --oom-score-adj=500 cat /proc/self/oom_score_adj) == 500 ]]'
