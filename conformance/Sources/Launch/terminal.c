// Terminals and passed descriptors, see launch.h.
#define _GNU_SOURCE
#include "launch.h"
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

int open_terminal(char *path, int size)
{
	int fd = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || grantpt(fd) || unlockpt(fd) || ptsname_r(fd, path, (size_t)size))
		return -1;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

int terminal_size(int fd, int *ret_columns)
{
	struct winsize size = {0};

	ioctl(fd, TIOCGWINSZ, &size);
	*ret_columns = size.ws_col;
	return size.ws_row;
}

int set_terminal_size(int fd, int rows, int columns)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};

	return ioctl(fd, TIOCSWINSZ, &size);
}

int terminal_is_raw(int fd)
{
	struct termios modes;

	if (tcgetattr(fd, &modes))
		return -1;
	return !(modes.c_lflag & (ICANON | ECHO | ISIG));
}

int listen_at(const char *path, int type)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	strncpy(address.sun_path, path, sizeof address.sun_path - 1);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) ||
	    (type != SOCK_DGRAM && listen(fd, 4)))
		return -1;
	return fd;
}

int receive_descriptor(int listener, char *payload, int size)
{
	struct pollfd ready = {.fd = listener, .events = POLLIN};
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec vector = {.iov_base = payload, .iov_len = (size_t)size - 1};
	struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control,
				 .msg_controllen = sizeof control};
	int fd = -1;

	if (poll(&ready, 1, 10000) != 1)
		return -1;
	int peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	ssize_t n = recvmsg(peer, &message, MSG_CMSG_CLOEXEC);
	close(peer);
	if (n < 1)
		return -1;
	payload[n] = 0;
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&fd, CMSG_DATA(header), sizeof fd);
	return fd;
}

int receive_datagram(int fd, char *text, int size)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};

	if (poll(&ready, 1, 10000) != 1)
		return -1;
	int n = (int)recv(fd, text, (size_t)size - 1, 0);
	text[n < 0 ? 0 : n] = 0;
	return n;
}
