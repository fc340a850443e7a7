// Commands of the probe that show attributes of a process, its network devices, and a seccomp agent (see probe.c).
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/un.h>

/* struct sched_attr; libc's headers have it only of late. */
struct scheduling {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

// sched: policy and parameters, I/O priority, CPUs, memory policy
static void do_sched(int argc, char **argv)
{
	(void)argc; (void)argv;
	struct scheduling s = {0};
	if (syscall(SYS_sched_getattr, 0, &s, sizeof s, 0) < 0)
		printf("sched=%s\n", strerrorname_np(errno));
	printf("policy=%u\nflags=%llu\nnice=%d\npriority=%u\nruntime=%llu\ndeadline=%llu\nperiod=%llu\n", s.policy,
	       (unsigned long long)s.flags, s.nice, s.priority, (unsigned long long)s.runtime,
	       (unsigned long long)s.deadline, (unsigned long long)s.period);
	long io = syscall(SYS_ioprio_get, 1, 0);
	printf("ioclass=%ld\niolevel=%ld\n", io < 0 ? -1 : io >> 13, io & 0x1fff);
	cpu_set_t set;
	CPU_ZERO(&set);
	sched_getaffinity(0, sizeof set, &set);
	printf("cpus=%d\n", CPU_COUNT(&set));
	int mode = -1;
	unsigned long nodes[16] = {0};
	if (syscall(SYS_get_mempolicy, &mode, nodes, sizeof nodes * 8, NULL, 0) < 0)
		printf("mempolicy=%s\n", strerrorname_np(errno));
	else
		printf("mempolicy=%d\nnodes=%lx\n", mode, nodes[0]);
}

// addresses: for each device whether it is up, and its addresses
static void do_addresses(int argc, char **argv)
{
	(void)argc; (void)argv;
	struct ifaddrs *list;
	if (getifaddrs(&list) < 0)
		return;
	for (struct ifaddrs *i = list; i; i = i->ifa_next) {
		char text[INET6_ADDRSTRLEN] = "";
		if (!i->ifa_addr || i->ifa_addr->sa_family == AF_PACKET) {
			printf("%s=%s\n", i->ifa_name, i->ifa_flags & IFF_UP ? "up" : "down");
			continue;
		}
		if (i->ifa_addr->sa_family == AF_INET)
			inet_ntop(AF_INET, &((struct sockaddr_in *)i->ifa_addr)->sin_addr, text, sizeof text);
		if (i->ifa_addr->sa_family == AF_INET6)
			inet_ntop(AF_INET6, &((struct sockaddr_in6 *)i->ifa_addr)->sin6_addr, text, sizeof text);
		printf("address=%s %s\n", i->ifa_name, text);
	}
	freeifaddrs(list);
}

/* Whether the braces are balanced, those in strings aside. */
static bool is_whole(const char *text, size_t size)
{
	int depth = 0;
	bool quoted = false;
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\\')
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted)
			depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
	}
	return size > 0 && depth == 0;
}

static int receive_listener(int client, char *text, size_t size, int *count)
{
	union { char bytes[CMSG_SPACE(8 * sizeof(int))]; struct cmsghdr align; } control;
	struct iovec vector = {text, size - 1};
	struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.bytes,
				 .msg_controllen = sizeof control.bytes};
	ssize_t n = recvmsg(client, &message, MSG_CMSG_CLOEXEC);
	size_t used = n < 0 ? 0 : (size_t)n;
	int fd = -1;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
			*count = (int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
			memcpy(&fd, CMSG_DATA(c), sizeof fd);
		}
	/* The connection may stay open: the text ends with its object. */
	while (!is_whole(text, used) && used < size - 1 && (n = read(client, text + used, size - 1 - used)) > 0)
		used += (size_t)n;
	text[used] = 0;
	for (char *c = text; *c; c++)
		if (*c == '\n')
			*c = ' ';
	return fd;
}

// agent PATH VALUE [COUNT]: a seccomp agent for COUNT (1) filters: answers getpriority with VALUE, lets all others go on
static void do_agent(int argc, char **argv)
{
	static char text[65536];
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path, sizeof address.sun_path, "%s", argv[1]);
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (bind(server, (struct sockaddr *)&address, sizeof address) < 0 || listen(server, 8) < 0) {
		printf("agent=%s\n", strerrorname_np(errno));
		return;
	}
	for (int rest = argc > 3 ? atoi(argv[3]) : 1; rest > 0; rest--) {
		int count = 0, client = accept4(server, NULL, NULL, SOCK_CLOEXEC);
		int listener = receive_listener(client, text, sizeof text, &count);
		close(client);
		printf("state=%s\ndescriptors=%d\n", text, count);
		fflush(stdout);
		for (struct pollfd p = {.fd = listener, .events = POLLIN}; poll(&p, 1, -1) == 1;) {
			struct seccomp_notif call = {0};
			struct seccomp_notif_resp answer = {0};
			if (!(p.revents & POLLIN) || ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0)
				break;
			answer.id = call.id;
			if (call.data.nr == SYS_getpriority)
				answer.val = atoi(argv[2]);
			else
				answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
			printf("call=%d\n", call.data.nr);
			fflush(stdout);
			ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
		}
		close(listener);
		printf("end=1\n");
		fflush(stdout);
	}
}
