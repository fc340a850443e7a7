/* The format of an init program: what the planner writes and what the init's machine runs (design.md, section 5).
 *
 * A program is one block: header, instructions, data. It is position-independent: operands name data by offset.
 * Jumps go only forward, so every program ends. The planner in Swift builds it (Sources/LaunchPlan/Program.swift).
 *
 * An unused operand is the immediate 0. The machine refuses a program, before it runs any of it, when an opcode, kind,
 * slot or width is unknown, when a data operand does not lie in the data, or when a `skip` leads past the end: it
 * reports EBADMSG at that instruction and exits with APUS_EXIT_PROGRAM. (A wrong magic or a block shorter than the
 * header names no channel: then there is no report.) A program that runs to its end exits with 0.
 *
 * The init starts with all signals blocked (see launch.h); the program unblocks them with rt_sigprocmask.
 */
#ifndef APUS_MACHINE_H
#define APUS_MACHINE_H

#include <stdint.h>

#define APUS_PROGRAM_MAGIC 0x73757061u /* "apus" */
#define APUS_SLOTS 128
#define APUS_NO_SLOT 255
#define APUS_ANY_ERRNO 0xffffu

enum apus_opcode {
	/* slots[out] = nr(a0..a5); EINTR is retried; an errno of `tolerate` skips `skip` instructions and leaves
	 * -errno in slots[out]; any other error ends the program. */
	APUS_SYSCALL = 1,
	/* Report a0 as a value and wait for the runtime's go-ahead; slots[out] = the value that it sent. */
	APUS_YIELD = 2,
	/* clone(a0 | SIGCHLD): the caller reports the child's pid and leaves with 0; the child waits like after a
	 * YIELD: slots[out] = the go-ahead. a0 may have CLONE_PARENT and CLONE_NEW* (not CLONE_NEWTIME: unshare it
	 * before), nothing else. Without CLONE_PARENT the child is an orphan when the caller has left; the kernel
	 * refuses CLONE_PARENT to pid 1 of a pid namespace. The pid is one of the caller's own pid namespace. */
	APUS_FORK = 3,
	/* data[a0] = a1, a2 bytes wide (4 or 8). a0 and a2 are immediates, a0 an offset. */
	APUS_STORE = 4,
	/* slots[out] = data[a0], a2 bytes wide (4, zero-extended, or 8). a0 and a2 like STORE's. */
	APUS_LOAD = 5,
	/* (a0 & a1) == a2, where a data operand a0 means the 64-bit word there; else skip `skip` instructions, or,
	 * with `skip` 0, end the program with errno a3. */
	APUS_EXPECT = 6,
	/* Jump over `skip` instructions. */
	APUS_SKIP = 7,
	/* slots[out] = a0. */
	APUS_SET = 8,
};

enum apus_operand {
	APUS_IMMEDIATE = 0, /* the value itself */
	APUS_DATA = 1,      /* an offset: the address of that byte of the data block */
	APUS_SLOT = 2,      /* a slot's number: the slot's value */
};

struct apus_instruction {
	uint8_t opcode;
	uint8_t out;          /* slot that takes the result, or APUS_NO_SLOT */
	uint16_t nr;          /* system call number */
	uint16_t kinds;       /* two bits for each operand, a0 lowest: enum apus_operand */
	uint16_t skip;
	uint16_t tolerate[2]; /* errnos that are no failure; APUS_ANY_ERRNO for all; 0 for none */
	uint16_t step;        /* the plan's step that this instruction belongs to */
	uint16_t reserved;
	uint64_t a[6];
};

struct apus_program {
	uint32_t magic;
	uint32_t instruction_count;
	uint32_t data_size;   /* bytes, after the instructions; a multiple of 8 */
	int32_t channel;      /* the socket to the runtime; slot 0 holds it at the start */
	/* struct apus_instruction instructions[instruction_count]; uint8_t data[data_size]; */
};

/* What the init says to the runtime: one message per YIELD or FORK, and one when it fails. */
struct apus_report {
	uint32_t kind;        /* enum apus_report_kind */
	uint32_t pc;          /* index of the instruction */
	uint32_t step;        /* its step */
	int32_t error;        /* errno of a failure, else 0 */
	uint64_t value;
};

enum apus_report_kind {
	APUS_REPORT_YIELD = 1,
	APUS_REPORT_FORK = 2,
	APUS_REPORT_FAILURE = 3,
};

/* The runtime's go-ahead is one uint64_t. End of file instead ends the init: the runtime is gone. */

#define APUS_EXIT_FAILURE 1   /* after a reported failure */
#define APUS_EXIT_ORPHAN 2    /* the runtime went away */
#define APUS_EXIT_PROGRAM 3   /* the program is not well formed */

/* Runs the program in the `size` bytes at `program` (aligned to 8) and returns the status to exit with. */
#ifdef APUS_FREESTANDING
int apus_machine_run(struct apus_program *program, uint64_t size);
#else
/* For tests and fuzzing: `syscall` stands for the kernel. It returns the result, or -errno. */
typedef long (*apus_syscall_fn)(void *context, uint16_t nr, const uint64_t arguments[6]);
int apus_machine_run_with(struct apus_program *program, uint64_t size, apus_syscall_fn syscall, void *context);
#endif

#endif
