/* The init's machine: checks a program and runs it (include/machine.h has the format and the rules).
 *
 * Built twice: freestanding into the init image, where a system call is a system call, and into the CInit target for
 * tests and fuzzing, where the caller supplies them. No libc and no mutable statics in either.
 */
#include "machine.h"
#include "syscall.h"

#include <stdbool.h>
#include <stddef.h>

#define MSG_WITHOUT_SIGPIPE 0x4000 /* MSG_NOSIGNAL */
#define SIGNAL_CHILD 17            /* SIGCHLD */

/* What FORK may ask of clone(2): CLONE_PARENT and new namespaces. Above all never CLONE_VM: both sides go on using
 * this stack. */
#define FORK_FLAGS 0x7e028000u

_Static_assert(sizeof(struct apus_program) == 16, "the planner writes this layout");
_Static_assert(sizeof(struct apus_instruction) == 64, "the planner writes this layout");
_Static_assert(sizeof(struct apus_report) == 24, "the runtime reads this layout");

struct machine {
	const struct apus_instruction *instructions;
	uint8_t *data;
	/* Copies of the header's numbers: system calls write into the program's block, the limits must not move. */
	uint32_t count;
	uint32_t data_size;
	uint64_t pc;
	int status; /* the exit status, when the program is over */
#ifndef APUS_FREESTANDING
	apus_syscall_fn syscall;
	void *context;
#endif
	uint64_t slots[APUS_SLOTS];
};

static long call(struct machine *m, uint16_t nr, const uint64_t a[6])
{
	long result;

	do {
#ifdef APUS_FREESTANDING
		(void)m;
		result = kernel_call(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
#else
		result = m->syscall(m->context, nr, a);
#endif
	} while (result == -APUS_EINTR);
	return result;
}

static bool report(struct machine *m, const struct apus_instruction *i, uint32_t kind, int error, uint64_t value)
{
	const struct apus_report r = {
		.kind = kind, .pc = (uint32_t)m->pc, .step = i ? i->step : 0, .error = error, .value = value,
	};
	const uint64_t a[6] = { m->slots[0], (uintptr_t)&r, sizeof(r), MSG_WITHOUT_SIGPIPE, 0, 0 };

	return call(m, APUS_NR_SENDTO, a) == (long)sizeof(r);
}

static bool leave(struct machine *m, int status)
{
	m->status = status;
	return false;
}

static bool fail(struct machine *m, const struct apus_instruction *i, int error)
{
	report(m, i, APUS_REPORT_FAILURE, error, 0);
	return leave(m, APUS_EXIT_FAILURE);
}

static bool refuse(struct machine *m, const struct apus_instruction *i)
{
	report(m, i, APUS_REPORT_FAILURE, APUS_EBADMSG, 0);
	return leave(m, APUS_EXIT_PROGRAM);
}

static void set(struct machine *m, const struct apus_instruction *i, uint64_t value)
{
	if (i->out != APUS_NO_SLOT)
		m->slots[i->out] = value;
}

static bool wait_for_runtime(struct machine *m, const struct apus_instruction *i)
{
	uint64_t word = 0;
	const uint64_t a[6] = { m->slots[0], (uintptr_t)&word, sizeof(word), 0, 0, 0 };

	if (call(m, APUS_NR_READ, a) != (long)sizeof(word))
		return leave(m, APUS_EXIT_ORPHAN);
	set(m, i, word);
	return true;
}

static unsigned int kind(const struct apus_instruction *i, unsigned int n)
{
	return (i->kinds >> (2 * n)) & 3;
}

static bool in_data(const struct machine *m, uint64_t offset, uint64_t width)
{
	return width <= m->data_size && offset <= m->data_size - width;
}

static bool operands_are_sound(const struct machine *m, const struct apus_instruction *i)
{
	for (unsigned int n = 0; n < 6; n++) {
		switch (kind(i, n)) {
		case APUS_IMMEDIATE:
			break;
		case APUS_DATA:
			if (i->a[n] >= m->data_size)
				return false;
			break;
		case APUS_SLOT:
			if (i->a[n] >= APUS_SLOTS)
				return false;
			break;
		default:
			return false;
		}
	}
	return true;
}

/* The instruction at `pc` stays inside of the program whatever the slots hold. */
static bool is_sound(const struct machine *m, const struct apus_instruction *i, uint64_t pc)
{
	if (i->kinds >> 12 || (i->out >= APUS_SLOTS && i->out != APUS_NO_SLOT))
		return false;
	if (pc + 1 + i->skip > m->count || !operands_are_sound(m, i))
		return false;
	switch (i->opcode) {
	case APUS_STORE:
	case APUS_LOAD:
		return kind(i, 0) == APUS_IMMEDIATE && kind(i, 2) == APUS_IMMEDIATE &&
		       (i->a[2] == 4 || i->a[2] == 8) && in_data(m, i->a[0], i->a[2]);
	case APUS_EXPECT:
		return kind(i, 0) != APUS_DATA || in_data(m, i->a[0], 8);
	case APUS_SYSCALL:
	case APUS_YIELD:
	case APUS_FORK:
	case APUS_SKIP:
	case APUS_SET:
		return true;
	default:
		return false;
	}
}

static uint64_t operand(const struct machine *m, const struct apus_instruction *i, unsigned int n)
{
	switch (kind(i, n)) {
	case APUS_DATA:
		return (uintptr_t)(m->data + i->a[n]);
	case APUS_SLOT:
		return m->slots[i->a[n]];
	default:
		return i->a[n];
	}
}

/* Little-endian, like both architectures; the address need not be aligned. */
static uint64_t load(const uint8_t *from, uint64_t width)
{
	uint64_t value = 0;

	for (uint64_t n = width; n > 0; n--)
		value = value << 8 | from[n - 1];
	return value;
}

static void store(uint8_t *to, uint64_t value, uint64_t width)
{
	for (uint64_t n = 0; n < width; n++)
		to[n] = (uint8_t)(value >> (8 * n));
}

static bool run_syscall(struct machine *m, const struct apus_instruction *i)
{
	uint64_t a[6];
	long result;

	for (unsigned int n = 0; n < 6; n++)
		a[n] = operand(m, i, n);
	result = call(m, i->nr, a);
	if (apus_is_error(result)) {
		bool tolerated = false;

		for (unsigned int n = 0; n < 2; n++)
			tolerated |= i->tolerate[n] == -result || i->tolerate[n] == APUS_ANY_ERRNO;
		if (!tolerated)
			return fail(m, i, (int)-result);
		m->pc += i->skip;
	}
	set(m, i, (uint64_t)result);
	return true;
}

/* clone(2), not clone3: a seccomp filter around the runtime may deny clone3, and nothing here needs it. The two
 * architectures order the last two arguments differently; both are 0. */
static bool run_fork(struct machine *m, const struct apus_instruction *i)
{
	const uint64_t flags = operand(m, i, 0);
	const uint64_t a[6] = { flags | SIGNAL_CHILD, 0, 0, 0, 0, 0 };
	long result;

	if (flags & ~(uint64_t)FORK_FLAGS)
		return refuse(m, i);
	result = call(m, APUS_NR_CLONE, a);
	if (apus_is_error(result))
		return fail(m, i, (int)-result);
	if (result == 0)
		return wait_for_runtime(m, i);
	return leave(m, report(m, i, APUS_REPORT_FORK, 0, (uint64_t)result) ? 0 : APUS_EXIT_ORPHAN);
}

static bool run_expect(struct machine *m, const struct apus_instruction *i)
{
	const uint64_t value = kind(i, 0) == APUS_DATA ? load(m->data + i->a[0], 8) : operand(m, i, 0);

	if ((value & operand(m, i, 1)) == operand(m, i, 2))
		return true;
	if (i->skip == 0)
		return fail(m, i, (int)operand(m, i, 3));
	m->pc += i->skip;
	return true;
}

/* Runs a sound instruction. False when the program is over; `status` says how. */
static bool run_instruction(struct machine *m, const struct apus_instruction *i)
{
	switch (i->opcode) {
	case APUS_SYSCALL:
		return run_syscall(m, i);
	case APUS_YIELD:
		if (!report(m, i, APUS_REPORT_YIELD, 0, operand(m, i, 0)))
			return leave(m, APUS_EXIT_ORPHAN);
		return wait_for_runtime(m, i);
	case APUS_FORK:
		return run_fork(m, i);
	case APUS_STORE:
		store(m->data + i->a[0], operand(m, i, 1), i->a[2]);
		return true;
	case APUS_LOAD:
		set(m, i, load(m->data + i->a[0], i->a[2]));
		return true;
	case APUS_EXPECT:
		return run_expect(m, i);
	case APUS_SKIP:
		m->pc += i->skip;
		return true;
	default: /* APUS_SET */
		set(m, i, operand(m, i, 0));
		return true;
	}
}

/* All of the program is checked before its first instruction runs, and each instruction once more before it runs:
 * the system calls before it may have written anywhere in the block. */
static int run(struct machine *m)
{
	for (m->pc = 0; m->pc < m->count; m->pc++) {
		if (!is_sound(m, &m->instructions[m->pc], m->pc)) {
			refuse(m, &m->instructions[m->pc]);
			return m->status;
		}
	}
	m->pc = 0;
	while (m->pc < m->count) {
		const struct apus_instruction i = m->instructions[m->pc];

		if (!is_sound(m, &i, m->pc)) {
			refuse(m, &i);
			return m->status;
		}
		/* The report names the instruction that ran, so pc moves after it. */
		if (!run_instruction(m, &i))
			return m->status;
		m->pc++;
	}
	return 0;
}

static int begin(struct machine *m, struct apus_program *program, uint64_t size)
{
	uint64_t instructions_size;

	if (size < sizeof(*program) || program->magic != APUS_PROGRAM_MAGIC)
		return APUS_EXIT_PROGRAM;
	for (unsigned int n = 0; n < APUS_SLOTS; n++)
		m->slots[n] = 0;
	m->slots[0] = (uint64_t)(int64_t)program->channel;
	m->count = program->instruction_count;
	m->data_size = program->data_size;
	m->pc = 0;
	instructions_size = (uint64_t)m->count * sizeof(struct apus_instruction);
	if (m->data_size % 8 != 0 || sizeof(*program) + instructions_size + m->data_size > size) {
		refuse(m, NULL);
		return m->status;
	}
	m->instructions = (const struct apus_instruction *)(program + 1);
	m->data = (uint8_t *)(program + 1) + instructions_size;
	return run(m);
}

#ifdef APUS_FREESTANDING
int apus_machine_run(struct apus_program *program, uint64_t size)
{
	struct machine m;

	return begin(&m, program, size);
}
#else
int apus_machine_run_with(struct apus_program *program, uint64_t size, apus_syscall_fn syscall, void *context)
{
	struct machine m;

	m.syscall = syscall;
	m.context = context;
	return begin(&m, program, size);
}
#endif
