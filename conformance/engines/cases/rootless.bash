# What is special for a user without privileges.

check 'root in the container is the user outside' '
    engine_run --detach --name=mine sleep 1000
    [[ $(stat -c %u /proc/$(pid_of mine)) == "$uid" && $(engine exec mine id -u) == 0 ]]'
check 'other ids come from the range' '
    engine_run --detach --name=ranged --user=1000 sleep 1000
    [[ $(stat -c %u /proc/$(pid_of ranged)) == $((600000 + 999)) ]]'
check 'keep-id: the user is the same inside' '
    [[ $(engine_run --userns=keep-id id -u) == "$uid" ]]'
check 'auto: a range of its own' '[[ $(engine_run --userns=auto:size=100 awk "{ n += \$3 } END { print n }" /proc/self/uid_map) == 100 ]]'
check 'a volume: files belong to the user' '
    mkdir -p "$work/user/volume"; chown "$uid" "$work/user/volume"
    engine_run --volume="$work/user/volume:/v" touch /v/file
    [[ $(stat -c %u "$work/user/volume/file") == "$uid" ]]'
check 'nothing is left in the runtime' 'remove_all; [[ $(left_in_runtime) == 0 ]]'
