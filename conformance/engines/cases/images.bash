# Files and images: cp, commit, export, save, build.

check 'cp in and out' '
    engine_run --detach --name=files sleep 100
    echo in >"$work/in"; engine cp "$work/in" files:/tmp/in
    [[ $(engine exec files cat /tmp/in) == in ]]
    engine cp files:/etc/passwd "$work/passwd"; grep root "$work/passwd"'
check 'diff and commit' '
    engine exec files sh -c "echo new >/new"
    says "A /new" engine diff files
    engine commit files committed:local
    [[ $(engine run --rm --network=none --runtime "${runtime_name:-$runtime}" committed:local cat /new) == new ]]'
check 'export and import' '
    engine export files >"$work/export.tar"; engine import "$work/export.tar" imported:local
    [[ $(engine run --rm --network=none --runtime "${runtime_name:-$runtime}" imported:local cat /new) == new ]]'
check 'save and load' '
    engine save -o "$work/save.tar" committed:local; engine rmi --force committed:local; engine load -i "$work/save.tar"
    [[ $(engine run --rm --network=none --runtime "${runtime_name:-$runtime}" committed:local cat /new) == new ]]'
mkdir -p "$work/build"
cat >"$work/build/Dockerfile" <<'END'
FROM busybox:local
RUN echo built >/built && id -u
ARG WORD=none
RUN echo $WORD >/word
USER someone
WORKDIR /home/someone
RUN pwd >/tmp/where
CMD ["cat", "/built", "/word", "/tmp/where"]
END
check 'build with RUN steps' '
    build_image
    [[ $(engine run --rm --network=none --runtime "${runtime_name:-$runtime}" built:local | xargs) == "built given /home/someone" ]]'
check 'a build step that fails fails' '
    printf "FROM busybox:local\nRUN exit 3\n" >"$work/build/bad"
    fails build_image -f "$work/build/bad"'
