/* Reads a request and appends its properties to a D-Bus message. */
#include "request.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More than any list of devices needs. */
#define REQUEST_LIMIT (1 << 20)

int request_read(struct request *ret_request, int fd)
{
	char *bytes = malloc(REQUEST_LIMIT);
	size_t count = 0;
	ssize_t got;

	if (!bytes)
		return -ENOMEM;
	while ((got = read(fd, bytes + count, REQUEST_LIMIT - count)) != 0) {
		if (got < 0 && errno != EINTR)
			return -errno;
		count += got > 0 ? (size_t)got : 0;
	}
	if (count == REQUEST_LIMIT || (count > 0 && bytes[count - 1] != '\0'))
		return -EBADMSG;
	ret_request->next = bytes;
	ret_request->end = bytes + count;
	return 0;
}

const char *request_word(struct request *request)
{
	const char *word = request->next;

	if (word == request->end)
		return NULL;
	request->next = word + strlen(word) + 1;
	return word;
}

static int append_number(sd_bus_message *message, char type, const char *word)
{
	char *end;
	int64_t number;
	uint64_t natural;

	errno = 0;
	number = strtoll(word, &end, 10);
	natural = (uint64_t)number;
	if (type == 't') {
		errno = 0;
		natural = strtoull(word, &end, 10);
	}
	if (errno || end == word || *end != '\0')
		return -EBADMSG;
	switch (type) {
	case 'y': return sd_bus_message_append_basic(message, type, &(uint8_t){ (uint8_t)number });
	case 'b':
	case 'i': return sd_bus_message_append_basic(message, type, &(int32_t){ (int32_t)number });
	case 'u': return sd_bus_message_append_basic(message, type, &(uint32_t){ (uint32_t)number });
	case 'x': return sd_bus_message_append_basic(message, type, &number);
	case 't': return sd_bus_message_append_basic(message, type, &natural);
	default: return -EBADMSG;
	}
}

/* The length of the first complete type of `signature`; 0 when it has none. */
static size_t type_length(const char *signature)
{
	size_t length = 1;

	if (*signature == '\0')
		return 0;
	if (*signature == 'a') {
		size_t element = type_length(signature + 1);

		return element ? 1 + element : 0;
	}
	if (*signature != '(')
		return 1;
	while (signature[length] != ')') {
		size_t member = type_length(signature + length);

		if (!member)
			return 0;
		length += member;
	}
	return length + 1;
}

/* Appends one value of the type that the first `length` bytes of `type` are. */
static int append_value(struct request *request, sd_bus_message *message, const char *type, size_t length)
{
	char contents[64];
	const char *word;
	size_t at;
	long count;
	int r;

	if (*type != 'a' && *type != '(') {
		word = request_word(request);
		if (!word)
			return -EBADMSG;
		return *type == 's' ? sd_bus_message_append_basic(message, 's', word)
				    : append_number(message, *type, word);
	}
	/* Of "as" the contents are "s", of "(st)" they are "st". */
	if (length < 2 || length > sizeof(contents))
		return -EBADMSG;
	at = *type == 'a' ? length - 1 : length - 2;
	memcpy(contents, type + 1, at);
	contents[at] = '\0';
	r = sd_bus_message_open_container(message, *type == 'a' ? 'a' : 'r', contents);
	if (r < 0)
		return r;
	if (*type == 'a') {
		word = request_word(request);
		if (!word)
			return -EBADMSG;
		for (count = strtol(word, NULL, 10); count > 0 && r >= 0; count--)
			r = append_value(request, message, contents, at);
	} else {
		for (at = 0; r >= 0 && contents[at]; at += length) {
			length = type_length(contents + at);
			if (!length)
				return -EBADMSG;
			r = append_value(request, message, contents + at, length);
		}
	}
	return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_property(struct request *request, sd_bus_message *message, const char *name)
{
	const char *type = request_word(request);
	int r;

	if (!type || !*type || type_length(type) != strlen(type))
		return -EBADMSG;
	r = sd_bus_message_open_container(message, 'r', "sv");
	if (r >= 0)
		r = sd_bus_message_append_basic(message, 's', name);
	if (r >= 0)
		r = sd_bus_message_open_container(message, 'v', type);
	if (r >= 0)
		r = append_value(request, message, type, strlen(type));
	if (r >= 0)
		r = sd_bus_message_close_container(message);
	return r < 0 ? r : sd_bus_message_close_container(message);
}

int request_append_properties(struct request *request, sd_bus_message *message)
{
	const char *name;
	int r = sd_bus_message_open_container(message, 'a', "(sv)");

	while (r >= 0 && (name = request_word(request)))
		r = append_property(request, message, name);
	return r < 0 ? r : sd_bus_message_close_container(message);
}
