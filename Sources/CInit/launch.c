/* The clone of the init and the few system calls up to its exec (include/launch.h).
 *
 * The child shares all memory with the runtime (CLONE_VM): it must not call libc, whose locks and thread data are the
 * runtime's, and must not return.
 */
#include "launch.h"
#include "syscall.h"


#define FLAG_VM 0x100ull
#define FLAG_PIDFD 0x1000ull
#define FLAG_VFORK 0x4000ull
#define FLAG_INTO_CGROUP 0x200000000ull
#define FLAGS_OF_CLONE3 0xffffffff000000ffull /* what clone(2) cannot say: the low byte is its exit signal */
#define SIGNAL_CHILD 17
#define SET_DESCRIPTOR_FLAGS 2 /* F_SETFD */
#define SET_MASK 2             /* SIG_SETMASK */
#define SIGNAL_SET_SIZE 8
#define EMPTY_PATH 0x1000  /* AT_EMPTY_PATH */
#define WAIT_ALL 0x40000000 /* __WALL */

/* struct clone_args of clone3(2), in its second published size, which has the cgroup. */
struct clone_arguments {
	uint64_t flags;
	uint64_t pidfd;
	uint64_t child_tid;
	uint64_t parent_tid;
	uint64_t exit_signal;
	uint64_t stack;
	uint64_t stack_size;
	uint64_t tls;
	uint64_t set_tid;
	uint64_t set_tid_size;
	uint64_t cgroup;
};

/* clone or clone3 with three arguments; the child calls entry(launch) on its own stack. In assembly, because on that
 * stack there is no frame to return to. clone's fourth and fifth argument are used only with flags not given here. */
long apus_clone_and_call(long nr, uint64_t a0, uint64_t a1, uint64_t a2, void (*entry)(struct apus_launch *),
			 struct apus_launch *launch) __attribute__((visibility("hidden")));

#if defined(__x86_64__)
__asm__(".text\n"
	".globl apus_clone_and_call\n"
	".hidden apus_clone_and_call\n"
	".type apus_clone_and_call, @function\n"
	"apus_clone_and_call:\n"
	"	.cfi_startproc\n"
	"	mov %rdi, %rax\n"
	"	mov %rsi, %rdi\n"
	"	mov %rdx, %rsi\n"
	"	mov %rcx, %rdx\n"
	"	syscall\n"
	"	test %rax, %rax\n"
	"	jz 1f\n"
	"	ret\n"
	"1:	.cfi_undefined rip\n"
	"	xor %ebp, %ebp\n"
	"	and $-16, %rsp\n"
	"	mov %r9, %rdi\n"
	"	call *%r8\n"
	"	ud2\n"
	"	.cfi_endproc\n"
	".size apus_clone_and_call, . - apus_clone_and_call\n");
#elif defined(__aarch64__)
__asm__(".text\n"
	".globl apus_clone_and_call\n"
	".hidden apus_clone_and_call\n"
	".type apus_clone_and_call, %function\n"
	"apus_clone_and_call:\n"
	"	.cfi_startproc\n"
	"	mov x8, x0\n"
	"	mov x0, x1\n"
	"	mov x1, x2\n"
	"	mov x2, x3\n"
	"	svc #0\n"
	"	cbz x0, 1f\n"
	"	ret\n"
	"1:	.cfi_undefined x30\n"
	"	mov x29, xzr\n"
	"	mov x30, xzr\n"
	"	mov x0, x5\n"
	"	blr x4\n"
	"	brk #0\n"
	"	.cfi_endproc\n"
	".size apus_clone_and_call, . - apus_clone_and_call\n");
#endif

__attribute__((noreturn)) static void leave(struct apus_launch *launch, long result)
{
	/* The runtime reads this after the kernel has told it of this process's end. */
	__atomic_store_n(&launch->error, (int32_t)-result, __ATOMIC_RELEASE);
	for (;;)
		kernel_call(APUS_NR_EXIT_GROUP, 127, 0, 0, 0, 0, 0);
}

/* Where the child begins. It shares memory, so no sanitizer may keep books here. */
__attribute__((no_sanitize("address", "thread", "undefined", "coverage"))) static void child(struct apus_launch *launch)
{
	long result;

	for (uint32_t n = 0; n < launch->keep_count; n++) {
		result = kernel_call(APUS_NR_FCNTL, (uint64_t)launch->keep[n], SET_DESCRIPTOR_FLAGS, 0, 0, 0, 0);
		if (result < 0)
			leave(launch, result);
	}
	result = kernel_call(APUS_NR_EXECVEAT, (uint64_t)launch->image_fd, (uintptr_t)"", (uintptr_t)launch->argv,
			      (uintptr_t)launch->envp, EMPTY_PATH, 0);
	leave(launch, result);
}

static long clone_child(struct apus_launch *launch, void *stack, size_t stack_size)
{
	const uint64_t cgroup = launch->cgroup_fd < 0 ? 0 : FLAG_INTO_CGROUP;
	struct clone_arguments arguments = {
		.flags = FLAG_VM | FLAG_VFORK | FLAG_PIDFD | cgroup | launch->clone_flags,
		.pidfd = (uintptr_t)&launch->pidfd,
		.exit_signal = SIGNAL_CHILD,
		.stack = (uintptr_t)stack,
		.stack_size = stack_size,
		.cgroup = cgroup ? (uint64_t)launch->cgroup_fd : 0,
	};
	const uint64_t top = arguments.stack + stack_size;
	long pid = apus_clone_and_call(APUS_NR_CLONE3, (uintptr_t)&arguments, sizeof(arguments), 0, child, launch);

	if ((pid != -APUS_ENOSYS && pid != -APUS_EPERM) || (arguments.flags & FLAGS_OF_CLONE3))
		return pid;
	/* clone(2) hands out the pidfd where it would put the parent's tid. */
	return apus_clone_and_call(APUS_NR_CLONE, arguments.flags | SIGNAL_CHILD, top, (uintptr_t)&launch->pidfd, child,
				   launch);
}

static void mask_signals(const uint64_t *mask, uint64_t *ret_before)
{
	kernel_call(APUS_NR_RT_SIGPROCMASK, SET_MASK, (uintptr_t)mask, (uintptr_t)ret_before, SIGNAL_SET_SIZE, 0, 0);
}

static void reap(struct apus_launch *launch, long pid)
{
	long result;

	do {
		result = kernel_call(APUS_NR_WAIT4, (uint64_t)pid, 0, WAIT_ALL, 0, 0, 0);
	} while (result == -APUS_EINTR);
	if (launch->pidfd >= 0)
		kernel_call(APUS_NR_CLOSE, (uint64_t)launch->pidfd, 0, 0, 0, 0, 0);
	launch->pidfd = -1;
}

long apus_launch(struct apus_launch *launch, void *stack, size_t stack_size)
{
	const uint64_t all = ~0ull;
	uint64_t before;
	int32_t error;
	long pid;

	launch->pidfd = -1;
	launch->error = 0;
	mask_signals(&all, &before);
	pid = clone_child(launch, stack, stack_size);
	mask_signals(&before, 0);
	/* A clone that fails late has already told the number of a descriptor that it then gave back. */
	if (pid < 0) {
		launch->pidfd = -1;
		return pid;
	}
	error = __atomic_load_n(&launch->error, __ATOMIC_ACQUIRE);
	if (error == 0)
		return pid;
	reap(launch, pid);
	return -(long)error;
}
