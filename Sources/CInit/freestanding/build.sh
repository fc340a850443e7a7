#!/bin/sh
# Builds the init: build.sh CLANG ARCHITECTURE DIRECTORY makes init.elf there, and image.c, which carries its bytes.
# ARCHITECTURE is x86_64 or aarch64; needs no headers of that system, and no linker but clang's own lld.
set -eu
clang=$1 architecture=$2 directory=$3
here=$(dirname "$0")

# Segments start on the largest page that a kernel may use.
case $architecture in
x86_64) page=4096 ;;
aarch64) page=65536 ;;
*) echo "build.sh: unknown architecture $architecture" >&2; exit 1 ;;
esac

# No libc, nothing to relocate, no unwind tables; -Os keeps the code within one page.
"$clang" -target "$architecture-linux-gnu" -std=c17 -Wall -Wextra -Werror -Os -DAPUS_FREESTANDING -ffreestanding \
	-nostdlib -static -fno-pic -fno-stack-protector -fno-unwind-tables -fno-asynchronous-unwind-tables \
	-fomit-frame-pointer -fuse-ld=lld -Wl,--build-id=none -Wl,--strip-all -Wl,-z,nosectionheader \
	-Wl,-z,max-page-size=$page -Wl,-T,"$here/init.ld" -I "$here/../include" \
	"$here/start.c" "$here/../machine.c" -o "$directory/init.elf"

# The preprocessor turns #embed to numbers.
"$clang" -std=c23 -E -P --embed-dir="$directory" "$here/image.c" -o "$directory/image.c"
