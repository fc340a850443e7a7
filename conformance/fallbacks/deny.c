// deny ERROR CALL[,CALL...] PROGRAM [ARG...]: executes PROGRAM under a seccomp filter that answers these system calls with
// ERROR (ENOSYS as an old kernel does, EPERM as an outer container does). Static; built by conformance/fallbacks/run.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

static const struct {
	const char *name;
	unsigned number;
} calls[] = {
	{"openat2", SYS_openat2},	  {"open_tree", SYS_open_tree},
	{"mount_setattr", SYS_mount_setattr}, {"move_mount", SYS_move_mount},
	{"fsopen", SYS_fsopen},		  {"clone3", SYS_clone3},
	{"memfd_create", SYS_memfd_create},   {"pidfd_open", SYS_pidfd_open},
	{"pidfd_send_signal", SYS_pidfd_send_signal}, {"close_range", SYS_close_range},
};

static int number_of(const char *name, size_t length, unsigned *ret_number)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (strlen(calls[i].name) == length && !strncmp(calls[i].name, name, length)) {
			*ret_number = calls[i].number;
			return 1;
		}
	return 0;
}

int main(int argc, char **argv)
{
	struct sock_filter code[64] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	unsigned short used = 4;

	if (argc < 4) {
		fprintf(stderr, "usage: deny ENOSYS|EPERM CALL[,CALL...] PROGRAM [ARG...]\n");
		return 125;
	}
	const unsigned error = !strcmp(argv[1], "EPERM") ? EPERM : ENOSYS;
	for (const char *name = argv[2]; *name;) {
		const size_t length = strcspn(name, ",");
		unsigned number;

		if (!number_of(name, length, &number) || used > 60) {
			fprintf(stderr, "deny: unknown call in %s\n", argv[2]);
			return 125;
		}
		code[used++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
		code[used++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error);
		name += length + (name[length] == ',');
	}
	code[used++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);

	const struct sock_fprog program = {used, code};

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0) {
		perror("deny: seccomp");
		return 125;
	}
	execv(argv[3], argv + 3);
	perror(argv[3]);
	return 126;
}
