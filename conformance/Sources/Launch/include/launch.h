// Starts a program with exactly the given descriptors and directory (posix_spawn with the parts Swift does not see).
#pragma once
#include <sys/types.h>

struct launch {
	const char *directory, *input, *output, *errors;
	/* descriptors that become 3, 4, ... */
	const int *passed;
	int passed_count;
};

/* Returns 0 or an error number. */
int launch(pid_t *ret_pid, const struct launch *how, char *const *argv, char *const *environment);
