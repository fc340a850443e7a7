/* order-symbols.c PROGRAM ARGUMENT... <ADDRESSES >ADDRESSES: runs the program and prints which of the given addresses of
 * functions, one in decimal on each line, it called, in the order of the first call. A breakpoint stands at each of them
 * until it is hit. Children that share the memory are followed until they execute another program. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* The binary is linked at a fixed address far below. */
enum { TEXT_END = 64 << 20, BREAKPOINT = 0xcc };
static unsigned char planted[TEXT_END], replaced[TEXT_END];

static void plant(int memory)
{
	unsigned char trap = BREAKPOINT;
	unsigned long address;
	while (scanf("%lu", &address) == 1)
		if (address < TEXT_END && !planted[address] && pread(memory, &replaced[address], 1, address) == 1 &&
		    pwrite(memory, &trap, 1, address) == 1)
			planted[address] = 1;
}

/* Takes the breakpoint away that pid has hit. Whether there was one. */
static int pass(pid_t pid, int memory)
{
	struct user_regs_struct registers;
	ptrace(PTRACE_GETREGS, pid, 0, &registers);
	unsigned long address = registers.rip - 1;
	if (address >= TEXT_END || !planted[address])
		return 0;
	/* Another process with the same memory may have been here first: it stays planted here, and goes there twice. */
	if (pwrite(memory, &replaced[address], 1, address) == 1)
		printf("%lu\n", address);
	registers.rip = address;
	ptrace(PTRACE_SETREGS, pid, 0, &registers);
	return 1;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	pid_t first = fork(), pid;
	if (first == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		execv(argv[1], argv + 1);
		_exit(127);
	}
	int status, result = 1;
	waitpid(first, &status, 0);
	ptrace(PTRACE_SETOPTIONS, first, 0,
	       PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEEXEC);
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/mem", first);
	int memory = open(path, O_RDWR | O_CLOEXEC);
	plant(memory);
	ptrace(PTRACE_CONT, first, 0, 0);
	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (!WIFSTOPPED(status)) {
			if (pid == first)
				return WIFEXITED(status) ? WEXITSTATUS(status) : result;
			continue;
		}
		int signal = WSTOPSIG(status), event = status >> 16;
		if (event == PTRACE_EVENT_EXEC) {
			ptrace(PTRACE_DETACH, pid, 0, 0);
			continue;
		}
		if (event || signal == SIGSTOP || (signal == SIGTRAP && pass(pid, memory)))
			signal = 0;
		ptrace(PTRACE_CONT, pid, 0, signal);
	}
	return result;
}
