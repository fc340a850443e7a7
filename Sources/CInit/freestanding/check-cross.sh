#!/bin/sh
# Builds the init for both architectures and proves that it stands alone: no undefined symbol, one page of code.
# CLANG and NM name the tools; no cross toolchain is needed.
set -eu
here=$(dirname "$0")
clang=${CLANG:-clang} nm=${NM:-nm}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for architecture in x86_64 aarch64; do
	# The image links only when nothing is undefined.
	sh "$here/build.sh" "$clang" "$architecture" "$work"
	size=$(wc -c <"$work/init.elf")
	# Of its parts, only the symbols of each other and those of the linker's script may be undefined.
	for source in "$here/start.c" "$here/../machine.c"; do
		"$clang" -target "$architecture-linux-gnu" -std=c17 -Os -DAPUS_FREESTANDING -ffreestanding -fno-pic \
			-fno-stack-protector -I "$here/../include" -c "$source" -o "$work/$(basename "$source" .c).o"
	done
	"$clang" -target "$architecture-linux-gnu" -nostdlib -fuse-ld=lld -r "$work/start.o" "$work/machine.o" \
		-Wl,--defsym=apus_image=0 -Wl,--defsym=apus_block=0 -o "$work/init.o"
	undefined=$("$nm" -u "$work/init.o")
	if [ -n "$undefined" ]; then
		echo "check-cross: $architecture: the init needs $undefined" >&2
		exit 1
	fi
	echo "check-cross: $architecture: nothing undefined, init.elf has $size bytes"
done
