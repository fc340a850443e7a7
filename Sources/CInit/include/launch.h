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
	int32_t gate;           /* a descriptor to wait at before the exec, or -1; see below */
	int32_t gate_peer;      /* the runtime's end of it, which the child closes first, or -1 */
	int32_t pidfd;          /* out: the child's pidfd, close-on-exec, or -1 where the kernel has none; the caller's */
	int32_t error;          /* out: the errno with which the child failed before its exec, or 0 */
	char *const *argv;
	char *const *envp;
};

/* Starts the init. `stack` is the child's until its exec: 4096 bytes are plenty. Returns the pid, or -errno; then there
 * is no child and no pidfd. (clone(2), execveat(2).)
 *
 * Without a gate the child has executed the image when this returns: the caller waits in CLONE_VFORK.
 *
 * With a gate (for CLONE_NEWUSER: an exec before the id maps are written would drop every capability) this returns at
 * once. The child reads one 8-byte word from the gate, becomes uid 0 and gid 0 of its user namespace, and only then
 * executes. It leaves at an end of file, which it can see only if no copy of the other end is open in it: hence
 * `gate_peer`. Until the init's first report, or the child's end, the caller must keep the stack, this structure and
 * all that it points to; when the child ended without a report, `error` says why.
 *
 * All signals are blocked in the child, beyond the exec: a handler of the runtime must not run on memory that both
 * share. The init's program unblocks them. The caller's own mask is as before on return.
 *
 * Where clone3 is denied (ENOSYS, or EPERM by a seccomp filter around the runtime) clone is used, except with a cgroup,
 * which only clone3 can enter. */
long apus_launch(struct apus_launch *launch, void *stack, size_t stack_size);

#endif
