/* The step from the runtime's process to the init's: clone, and execveat of the image. */
#ifndef APUS_LAUNCH_H
#define APUS_LAUNCH_H

#include <stddef.h>
#include <stdint.h>

struct apus_launch {
	uint64_t clone_flags;   /* CLONE_NEW* and CLONE_PARENT; not CLONE_NEWTIME, which refuses CLONE_VM */
	int32_t cgroup_fd;      /* the cgroup (v2) to start in, or -1 */
	int32_t image_fd;       /* the file to execute; it may be close-on-exec */
	const int32_t *keep;    /* descriptors that lose close-on-exec in the child */
	uint32_t keep_count;
	int32_t pidfd;          /* out: the child's pidfd, close-on-exec, or -1 where the kernel has none; the caller's */
	int32_t error;          /* out: the errno with which the child failed before its exec, or 0 */
	char *const *argv;
	char *const *envp;
};

/* Starts the init. `stack` is the child's until its exec: 4096 bytes are plenty. Returns the pid, or -errno; then there
 * is no child and no pidfd. (clone(2), execveat(2).)
 *
 * The child has executed the image when this returns: the caller waits in CLONE_VFORK.
 *
 * All signals are blocked in the child, beyond the exec: a handler of the runtime must not run on memory that both
 * share. The init's program unblocks them. The caller's own mask is as before on return.
 *
 * Where clone3 is denied (ENOSYS, or EPERM by a seccomp filter around the runtime) clone is used, except with a cgroup,
 * which only clone3 can enter. */
long apus_launch(struct apus_launch *launch, void *stack, size_t stack_size);

#endif
