/* The init's entry: the kernel has mapped code and program, so there is nothing to read and nothing to set up. */
#include "../elf64.h"
#include "../include/machine.h"

/* Both from init.ld. */
extern const struct elf64_header apus_image;
extern struct apus_program apus_block;

__attribute__((used)) int machine_main(void)
{
	const uint8_t *table = (const uint8_t *)&apus_image + apus_image.phoff;
	const struct elf64_segment *segments = (const struct elf64_segment *)table;

	return apus_machine_run(&apus_block, segments[APUS_PROGRAM_SEGMENT].memsz);
}

/* The kernel enters with the stack pointer at argc, aligned to 16. No frame lies above this one. */
#if defined(__x86_64__)
__asm__(".globl _start\n"
	".type _start, @function\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	and $-16, %rsp\n"
	"	call machine_main\n"
	"	mov %eax, %edi\n"
	"	mov $231, %eax\n" /* exit_group */
	"	syscall\n"
	"	ud2\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n"
	".type _start, %function\n"
	"_start:\n"
	"	mov x29, xzr\n"
	"	mov x30, xzr\n"
	"	bl machine_main\n"
	"	mov x8, #94\n" /* exit_group */
	"	svc #0\n"
	"	brk #0\n");
#endif

/* What the linker reserves room for; the runtime puts the program of each container in its place. */
__attribute__((section(".program"), used)) static const uint64_t placeholder[2];
