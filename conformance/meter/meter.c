/* meter ERRORS COMMAND...: runs COMMAND with no input and its errors appended to the file ERRORS, and prints
 *	status  wall ns  cpu us  peak RSS KiB
 * for it and all its descendants. ";" between words starts the next command after the one before; the command "@reap"
 * waits for one orphan, such as the container's process after `start`. Stops at the first command that fails.
 *
 * A program of its own, static and tiny: a child's peak RSS begins with that of the process it was spawned by, and
 * orphans come to the nearest subreaper, so that what `create` leaves behind is counted too. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct { long cpu, rss; } total;

static long long now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Waits for pid (-1: any child) and adds what it used. Its status as a shell has it; -1: there is none. */
static int reap(pid_t pid, int flags)
{
	struct rusage usage;
	int status;
	if (wait4(pid, &status, flags, &usage) <= 0)
		return -1;
	total.cpu += (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000L;
	total.cpu += usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
	if (usage.ru_maxrss > total.rss)
		total.rss = usage.ru_maxrss;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int run(char **argv, int null, int errors)
{
	if (!strcmp(argv[0], "@reap"))
		return reap(-1, __WALL) < 0;
	pid_t pid = vfork();
	if (pid == 0) {
		dup2(null, 0);
		dup2(null, 1);
		dup2(errors, 2);
		execv(argv[0], argv);
		_exit(127);
	}
	return pid < 0 ? 127 : reap(pid, 0);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int errors = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (null < 0 || errors < 0)
		return 2;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	/* Nothing here takes that long: a runtime that hangs must not hang the bench. */
	alarm(30);

	long long start = now();
	int status = 0, first = 2;
	for (int i = 2; i <= argc && status == 0; i++) {
		if (i < argc && strcmp(argv[i], ";"))
			continue;
		argv[i] = NULL;
		status = run(argv + first, null, errors);
		first = i + 1;
	}
	long long wall = now() - start;
	/* Orphans that are about to end; those that stay are not ours to wait for. */
	for (int tries = 0; tries < 20; tries++)
		while (reap(-1, WNOHANG | __WALL) >= 0)
			;
	printf("%d %lld %ld %ld\n", status, wall, total.cpu, total.rss);
	return 0;
}
