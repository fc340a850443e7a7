# Networks, inside a network namespace that the suite made: none, host, a bridge, another container's.

check 'none has the loopback alone, up' '
    [[ $(engine_run --network=none ls /sys/class/net | xargs) == lo ]]
    engine_run --network=none --cap-add=NET_RAW ping -c 1 -W 2 127.0.0.1'
check 'host is the host'"'"'s' '[[ $(engine_run --network=host readlink /proc/self/ns/net) == "$(readlink /proc/self/ns/net)" ]]'
check_when '[[ -n ${has_bridge:-} ]]' 'the engine has no bridge here' 'a bridge: containers reach each other' '
    engine network create --subnet 10.99.1.0/24 inner
    engine_run --detach --name=server --network=inner sh -c "echo served >/tmp/index.html; httpd -f -p 80 -h /tmp"
    address=$(engine inspect --format "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}" server)
    until_true 10 says served fetch inner "$address"'
check_when '[[ -n ${has_names:-} ]]' 'the engine has no name server here' 'a bridge: names are resolved' '
    until_true 10 says served fetch inner server'
check_when '[[ -n ${has_bridge:-} ]]' 'the engine has no bridge here' 'a published port answers on the loopback' '
    engine_run --detach --name=public --publish=127.0.0.1:8099:80 sh -c "echo public >/tmp/index.html; httpd -f -p 80 -h /tmp"
    until_true 10 bash -c "exec 3<>/dev/tcp/127.0.0.1/8099; printf \"GET / HTTP/1.0\r\n\r\n\" >&3; grep public <&3"'
check_when '[[ -n ${has_bridge:-} ]]' 'the engine has no bridge here' 'a network can be joined later' '
    engine_run --detach --name=joins --network=bridge sleep 100
    engine network connect inner joins
    [[ $(engine exec joins ls /sys/class/net | wc -l) -ge 2 ]]'
