// See launch.h.
#define _GNU_SOURCE
#include "launch.h"
#include <fcntl.h>
#include <spawn.h>

int launch(pid_t *ret_pid, const struct launch *how, char *const *argv, char *const *environment)
{
	enum { APPEND = O_WRONLY | O_CREAT | O_APPEND, PARKED = 500 };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_addopen(&actions, 0, how->input, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, how->output, APPEND, 0644);
	posix_spawn_file_actions_addopen(&actions, 2, how->errors, APPEND, 0644);
	/* First out of the way, then into place: a descriptor to pass may itself be one of the targets. */
	for (int i = 0; i < how->passed_count; i++)
		posix_spawn_file_actions_adddup2(&actions, how->passed[i], PARKED + i);
	for (int i = 0; i < how->passed_count; i++)
		posix_spawn_file_actions_adddup2(&actions, PARKED + i, 3 + i);
	posix_spawn_file_actions_addclosefrom_np(&actions, 3 + how->passed_count);
	posix_spawn_file_actions_addchdir_np(&actions, how->directory);
	posix_spawnattr_setflags(&attributes, how->new_session ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP);
	int code = posix_spawnp(ret_pid, argv[0], &actions, &attributes, argv, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return code;
}
