# run: what a container prints, is given, and ends with.

check 'prints what the container prints' 'says "^hello from 1$" engine_run sh -c "echo hello from \$\$"'
check 'every exit status is passed on' '
    for status in 0 1 2 77 125 126 127 128 129 130 137 143 200 255; do
        ends $status engine_run sh -c "exit $status"
    done'
check 'a container that a signal ends gives 128 and its number' '
    ends 143 engine_run --init sh -c "kill -TERM \$\$"
    ends 137 engine_run --init sh -c "kill -KILL \$\$"'
check 'standard error is passed on' '[[ $(engine_run sh -c "echo oops >&2" 2>&1 >/dev/null) == oops ]]'
check 'standard input is passed on, and its end' '
    [[ $(printf "a\nb\n" | engine_run --interactive sh -c "cat; echo end") == $'"'"'a\nb\nend'"'"' ]]'
check 'a megabyte goes through' '
    [[ $(head -c 1000000 /dev/zero | engine_run --interactive wc -c) == 1000000 ]]'
check 'a program that does not exist gives 127' 'ends 127 engine_run /nope'
check 'a program that is not on PATH gives 127' 'ends 127 engine_run nope'
check 'a file that cannot be executed gives 126' 'ends 126 engine_run /etc/passwd'
check 'a directory gives 126' 'ends 126 engine_run /etc'
check 'the host name is the one asked for' '[[ $(engine_run --hostname=box hostname) == box ]]'
check 'the environment is the one asked for' '[[ $(engine_run --env=A=B sh -c "echo \$A") == B ]]'
check 'the working directory is the one asked for' '[[ $(engine_run --workdir=/tmp pwd) == /tmp ]]'
check_when 'is_engine docker' 'only Docker makes it' 'a working directory that is missing is made' '
    [[ $(engine_run --workdir=/made/for/it pwd) == /made/for/it ]]'
check 'a terminal is one' 'on_terminal engine_run --interactive --tty sh -c "test -t 0 && test -t 1 && tty" | grep /dev/pts/0
    on_terminal engine_run --interactive --tty sh -c "stat -c %F /dev/console" | grep character'
check 'a terminal has the size of the caller'"'"'s' '
    at_size() { stty rows 33 cols 77; engine_run -it sh -c "until stty size | grep 33; do sleep 0.05; done"; }
    export -f at_size
    on_terminal at_size | grep -x "33 77"'
check 'with --init there is an init' 'says "(docker-init|catatonit|/dev/init|podman-init)" engine_run --init cat /proc/1/cmdline'
check 'an orphan is reaped by --init' '
    engine_run --init sh -c "(sh -c \"exit 0\" &); sleep 0.3; ! grep -l \"^State:.Z\" /proc/[0-9]*/status"'
