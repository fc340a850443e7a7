/* apus-systemd: asks systemd for one unit's start, properties, processes or end, as apus tells it on standard input. */

/*
 * apus itself is linked statically and starts in under a millisecond; libsystemd allows neither. So this program, which is
 * started for the systemd driver only, speaks D-Bus (org.freedesktop.systemd1(5)). It answers with one line on standard
 * output: "done" and the unit's cgroup, or "failed", an error's name and its text.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "request.h"

/* How long systemd may take, in microseconds. */
#define LIMIT 30000000ULL

#define DESTINATION "org.freedesktop.systemd1"
#define PATH "/org/freedesktop/systemd1"
#define MANAGER DESTINATION ".Manager"

/* A job that is waited for; systemd tells its end by a signal that may come before the call's reply. */
struct job {
	char path[256];
	/* The last end that was told of a job of this unit. */
	char ended[256];
	char result[64];
	const char *unit;
};

static int fail(const char *name, const char *format, ...)
{
	va_list arguments;

	printf("failed %s ", name);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	return -EIO;
}

static int fail_call(int r, const sd_bus_error *error)
{
	if (sd_bus_error_is_set(error))
		return fail(error->name, "%s", error->message ? error->message : "");
	return fail("system", "%s", strerror(-r));
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static int on_job_removed(sd_bus_message *message, void *data, sd_bus_error *error)
{
	struct job *job = data;
	const char *path, *unit, *result;
	uint32_t id;

	(void)error;
	if (sd_bus_message_read(message, "uoss", &id, &path, &unit, &result) < 0 || strcmp(unit, job->unit))
		return 0;
	/* Of two jobs for the unit the one that was asked for counts. */
	if (job->path[0] && strcmp(path, job->path))
		return 0;
	snprintf(job->ended, sizeof(job->ended), "%s", path);
	snprintf(job->result, sizeof(job->result), "%s", result);
	return 0;
}

/* The bus, or else, for root, systemd's own socket: a host may have no message bus. */
static int open_bus(sd_bus **ret_bus, const char *which)
{
	int r = strcmp(which, "user") ? sd_bus_open_system(ret_bus) : sd_bus_open_user(ret_bus);
	const char *directory = getenv("XDG_RUNTIME_DIR");
	char address[512] = "unix:path=/run/systemd/private";
	sd_bus *bus = NULL;

	if (r >= 0)
		return r;
	if (!strcmp(which, "user")) {
		if (!directory)
			return r;
		snprintf(address, sizeof(address), "unix:path=%s/systemd/private", directory);
	}
	if (sd_bus_new(&bus) >= 0 && sd_bus_set_address(bus, address) >= 0 && sd_bus_start(bus) >= 0) {
		*ret_bus = bus;
		return 0;
	}
	sd_bus_unref(bus);
	return r;
}

static int watch_jobs(sd_bus *bus, struct job *job)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r = sd_bus_match_signal(bus, NULL, NULL, PATH, MANAGER, "JobRemoved", on_job_removed, job);

	if (r < 0)
		return fail_call(r, NULL);
	/* systemd sends signals only when somebody has subscribed; on its own socket it always does. */
	r = sd_bus_call_method(bus, DESTINATION, PATH, MANAGER, "Subscribe", &error, NULL, "");
	sd_bus_error_free(&error);
	return 0;
}

/* Waits for the end of the job that `reply` names; an end other than "done" is a failure. */
static int await_job(sd_bus *bus, struct job *job, sd_bus_message *reply, const char *doing)
{
	uint64_t end = now() + LIMIT;
	const char *path;
	int r = sd_bus_message_read(reply, "o", &path);

	if (r < 0)
		return fail_call(r, NULL);
	snprintf(job->path, sizeof(job->path), "%s", path);
	while (strcmp(job->path, job->ended)) {
		r = sd_bus_process(bus, NULL);
		if (r < 0)
			return fail_call(r, NULL);
		if (r > 0)
			continue;
		if (now() >= end)
			return fail("timeout", "systemd did not %s it within %d s", doing, (int)(LIMIT / 1000000));
		sd_bus_wait(bus, end - now());
	}
	if (strcmp(job->result, "done"))
		return fail("job", "systemd could not %s it: the job ended with \"%s\"", doing, job->result);
	return 0;
}

static int reset_failed(sd_bus *bus, const char *unit)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r = sd_bus_call_method(bus, DESTINATION, PATH, MANAGER, "ResetFailedUnit", &error, NULL, "s", unit);

	sd_bus_error_free(&error);
	return r;
}

static int call_start(sd_bus *bus, const char *unit, struct request request, sd_bus_error *error,
		      sd_bus_message **ret_reply)
{
	sd_bus_message *message = NULL;
	int r = sd_bus_message_new_method_call(bus, &message, DESTINATION, PATH, MANAGER, "StartTransientUnit");

	if (r >= 0)
		r = sd_bus_message_append(message, "ss", unit, "fail");
	if (r >= 0)
		r = request_append_properties(&request, message);
	if (r >= 0)
		r = sd_bus_message_append(message, "a(sa(sv))", 0);
	if (r >= 0)
		r = sd_bus_call(bus, message, LIMIT, error, ret_reply);
	sd_bus_message_unref(message);
	return r;
}

/* The unit's cgroup below the manager's root, as systemd has it. */
static int print_cgroup(sd_bus *bus, const char *unit)
{
	const char *dot = strrchr(unit, '.');
	const char *interface = dot && !strcmp(dot, ".slice") ? DESTINATION ".Slice" : DESTINATION ".Scope";
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	const char *path;
	char *cgroup = NULL;
	int r = sd_bus_call_method(bus, DESTINATION, PATH, MANAGER, "GetUnit", &error, &reply, "s", unit);

	if (r >= 0)
		r = sd_bus_message_read(reply, "o", &path);
	if (r >= 0)
		r = sd_bus_get_property_string(bus, DESTINATION, path, interface, "ControlGroup", &error, &cgroup);
	if (r >= 0)
		printf("done %s\n", cgroup);
	else
		fail_call(r, &error);
	free(cgroup);
	sd_bus_message_unref(reply);
	sd_bus_error_free(&error);
	return r;
}

static int start(sd_bus *bus, const char *unit, struct request *request)
{
	struct job job = { .unit = unit };
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	int r = watch_jobs(bus, &job);

	if (r < 0)
		return r;
	r = call_start(bus, unit, *request, &error, &reply);
	if (r < 0 && sd_bus_error_has_name(&error, DESTINATION ".UnitExists") && reset_failed(bus, unit) >= 0) {
		/* A unit that failed is kept to be looked at; it is in nobody's way any more. */
		sd_bus_error_free(&error);
		r = call_start(bus, unit, *request, &error, &reply);
	}
	r = r < 0 ? fail_call(r, &error) : await_job(bus, &job, reply, "start");
	sd_bus_message_unref(reply);
	sd_bus_error_free(&error);
	return r < 0 ? r : print_cgroup(bus, unit);
}

static int set(sd_bus *bus, const char *unit, struct request *request)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *message = NULL;
	int r = sd_bus_message_new_method_call(bus, &message, DESTINATION, PATH, MANAGER, "SetUnitProperties");

	if (r >= 0)
		r = sd_bus_message_append(message, "sb", unit, 1);
	if (r >= 0)
		r = request_append_properties(request, message);
	if (r >= 0)
		r = sd_bus_call(bus, message, LIMIT, &error, NULL);
	if (r < 0)
		fail_call(r, &error);
	else
		printf("done\n");
	sd_bus_message_unref(message);
	sd_bus_error_free(&error);
	return r;
}

/* Stops the unit if it is there, and lets systemd forget it if it failed. */
static int stop(sd_bus *bus, const char *unit)
{
	struct job job = { .unit = unit };
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	int r = watch_jobs(bus, &job);

	if (r < 0)
		return r;
	r = sd_bus_call_method(bus, DESTINATION, PATH, MANAGER, "StopUnit", &error, &reply, "ss", unit, "replace");
	if (r >= 0)
		r = await_job(bus, &job, reply, "stop");
	else
		r = sd_bus_error_has_name(&error, DESTINATION ".NoSuchUnit") ? 0 : fail_call(r, &error);
	if (r >= 0) {
		reset_failed(bus, unit);
		printf("done\n");
	}
	sd_bus_message_unref(reply);
	sd_bus_error_free(&error);
	return r;
}

/* Moves a process into a cgroup at or below the unit's, where the caller itself may not. */
static int attach(sd_bus *bus, const char *unit, struct request *request)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	const char *below = request_word(request);
	const char *pid = request_word(request);
	int r;

	if (!pid)
		return fail("request", "too few words");
	r = sd_bus_call_method(bus, DESTINATION, PATH, MANAGER, "AttachProcessesToUnit", &error, NULL, "ssau", unit, below,
			       1, (uint32_t)strtoul(pid, NULL, 10));
	if (r < 0)
		fail_call(r, &error);
	else
		printf("done\n");
	sd_bus_error_free(&error);
	return r;
}

int main(void)
{
	struct request request;
	const char *verb, *which, *unit;
	sd_bus *bus = NULL;
	int r = request_read(&request, 0);

	if (r < 0)
		return fail("request", "%s", strerror(-r)) != 0;
	verb = request_word(&request);
	which = request_word(&request);
	unit = request_word(&request);
	if (!unit)
		return fail("request", "too few words") != 0;
	r = open_bus(&bus, which);
	if (r < 0)
		return fail("bus", "%s", strerror(-r)) != 0;
	if (!strcmp(verb, "start"))
		r = start(bus, unit, &request);
	else if (!strcmp(verb, "set"))
		r = set(bus, unit, &request);
	else if (!strcmp(verb, "stop"))
		r = stop(bus, unit);
	else if (!strcmp(verb, "attach"))
		r = attach(bus, unit, &request);
	else
		r = fail("request", "unknown verb %s", verb);
	sd_bus_flush_close_unref(bus);
	return r < 0;
}
