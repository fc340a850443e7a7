/* The request of apus to apus-systemd: words, each ended by NUL, on standard input. */
#ifndef APUS_SYSTEMD_REQUEST_H
#define APUS_SYSTEMD_REQUEST_H

#include <stddef.h>
#include <systemd/sd-bus.h>

/*
 * A request is: what to do ("start", "set", "attach" or "stop"), the bus ("system" or "user"), the unit,
 * and properties, or, for "attach", the cgroup below the unit's and the pid. A property
 * is its name, its D-Bus signature, and its value: a word for each basic type, and before an array's elements their
 * number.
 */
struct request {
	const char *next;
	const char *end;
};

/* Reads all of `fd` into memory that lives as long as the process; -errno. */
int request_read(struct request *ret_request, int fd);

/* The next word; NULL behind the last one. */
const char *request_word(struct request *request);

/* Appends all further words as properties, a(sv); -errno. */
int request_append_properties(struct request *request, sd_bus_message *message);

#endif
