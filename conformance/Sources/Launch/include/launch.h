// Starts a program with exactly the given descriptors and directory (posix_spawn with the parts Swift does not see).
#pragma once
#include <sys/types.h>

struct launch {
	const char *directory, *input, *output, *errors;
	/* descriptors that become 3, 4, ... */
	const int *passed;
	int passed_count;
	/* The program leads a session of its own; `input`, if it is a terminal, is its controlling one. */
	int new_session;
};

/* Returns 0 or an error number. */
int launch(pid_t *ret_pid, const struct launch *how, char *const *argv, char *const *environment);

/* A new pseudoterminal, close-on-exec; its peer's path in `path`. -1 on failure. */
int open_terminal(char *path, int size);

/* The rows and columns of a terminal, 0 when it is none; and setting them. */
int terminal_size(int fd, int *ret_columns);
int set_terminal_size(int fd, int rows, int columns);

/* Whether the terminal gives bytes as they come (raw); -1 when it is none. */
int terminal_is_raw(int fd);

/* A listening Unix socket of that type (SOCK_STREAM, SOCK_SEQPACKET), or one for datagrams (SOCK_DGRAM), at `path`; -1 on failure. */
int listen_at(const char *path, int type);

/* Accepts a connection and receives one message with a descriptor, within 10 seconds; -1 on failure. */
int receive_descriptor(int listener, char *payload, int size);

/* The next datagram within 10 seconds; descriptors in it are closed. Its length, or -1. */
int receive_datagram(int fd, char *text, int size);

/* 0 when a mount of the file system of `path` can have its ids mapped, else the kernel's error number. */
int mapping_error(const char *path);

/* 0 when the kernel knows the NUMA memory policy `mode` of node 0, else its error number. */
int policy_error(int mode);
