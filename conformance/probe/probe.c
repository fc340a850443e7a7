// The program that runs inside the containers under test: prints what it sees, as lines a test can read.
//
// probe COMMAND [ARG...] [+ COMMAND [ARG...]]...   each command prints "@ COMMAND ARG..." and then its lines.
// Static, without NSS; built by conformance/run with `cc -static`. Also serves as a hook and as a holder of
// namespaces on the host.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void result(const char *what, long rc)
{
	if (rc < 0)
		printf("%s=%s\n", what, strerrorname_np(errno));
	else
		printf("%s=ok\n", what);
}

static const char *type_name(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG: return "file";
	case S_IFDIR: return "dir";
	case S_IFLNK: return "link";
	case S_IFCHR: return "char";
	case S_IFBLK: return "block";
	case S_IFIFO: return "fifo";
	case S_IFSOCK: return "socket";
	default: return "unknown";
	}
}

static void do_args(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		printf("arg=%s\n", argv[i]);
}

static void do_env(int argc, char **argv)
{
	(void)argc; (void)argv;
	for (char **e = environ; *e; e++)
		printf("%s\n", *e);
}

static void do_cwd(int argc, char **argv)
{
	(void)argc; (void)argv;
	char buffer[8192];
	if (syscall(SYS_getcwd, buffer, sizeof buffer) < 0)
		printf("cwd=%s\n", strerrorname_np(errno));
	else
		printf("cwd=%s\n", buffer);
}

static void do_ids(int argc, char **argv)
{
	(void)argc; (void)argv;
	uid_t r, e, s;
	gid_t groups[256];
	getresuid(&r, &e, &s);
	printf("uid=%u %u %u\n", r, e, s);
	getresgid(&r, &e, &s);
	printf("gid=%u %u %u\n", r, e, s);
	int n = getgroups(256, groups);
	printf("groups=");
	for (int i = 0; i < n; i++)
		printf("%s%u", i ? " " : "", groups[i]);
	mode_t mask = umask(0);
	umask(mask);
	printf("\numask=%04o\n", mask);
}

static void do_pid(int argc, char **argv)
{
	(void)argc; (void)argv;
	printf("pid=%d\nppid=%d\npgid=%d\nsid=%d\n", getpid(), getppid(), getpgid(0), getsid(0));
}

static void do_cat(int argc, char **argv)
{
	char buffer[65536];
	(void)argc;
	int fd = open(argv[1], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		printf("error=%s\n", strerrorname_np(errno));
		return;
	}
	fflush(stdout);
	for (;;) {
		ssize_t n = read(fd, buffer, sizeof buffer);
		if (n < 0)
			printf("error=%s\n", strerrorname_np(errno));
		if (n <= 0)
			break;
		fwrite(buffer, 1, (size_t)n, stdout);
	}
	close(fd);
	printf("\n");
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void do_ls(int argc, char **argv)
{
	(void)argc;
	DIR *dir = opendir(argv[1]);
	char *names[4096];
	size_t n = 0;
	if (!dir) {
		printf("error=%s\n", strerrorname_np(errno));
		return;
	}
	for (struct dirent *e; n < 4096 && (e = readdir(dir));)
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			names[n++] = strdup(e->d_name);
	closedir(dir);
	qsort(names, n, sizeof *names, by_name);
	for (size_t i = 0; i < n; i++)
		printf("%s\n", names[i]);
}

static void stat_of(const struct stat *st)
{
	printf("type=%s\nmode=%04o\nuid=%u\ngid=%u\nsize=%lld\nrdev=%u:%u\ndev=%u:%u\nino=%llu\n", type_name(st->st_mode),
	       st->st_mode & 07777, st->st_uid, st->st_gid, (long long)st->st_size, major(st->st_rdev),
	       minor(st->st_rdev), major(st->st_dev), minor(st->st_dev), (unsigned long long)st->st_ino);
}

static void do_stat(int argc, char **argv)
{
	(void)argc;
	struct stat st;
	char link[4096];
	if (lstat(argv[1], &st) < 0) {
		printf("error=%s\n", strerrorname_np(errno));
		return;
	}
	stat_of(&st);
	if (S_ISLNK(st.st_mode)) {
		ssize_t n = readlink(argv[1], link, sizeof link - 1);
		link[n < 0 ? 0 : n] = 0;
		printf("link=%s\n", link);
	}
}

static void do_statfs(int argc, char **argv)
{
	(void)argc;
	struct statfs fs;
	if (statfs(argv[1], &fs) < 0) {
		printf("error=%s\n", strerrorname_np(errno));
		return;
	}
	printf("fstype=%lx\nbytes=%llu\n", (unsigned long)fs.f_type,
	       (unsigned long long)fs.f_blocks * (unsigned long long)fs.f_bsize);
}

// open PATH r|w|rw|a|c: opens without creating (c: creates), tells whether it worked
static void do_open(int argc, char **argv)
{
	int flags = O_RDONLY;
	const char *how = argc > 2 ? argv[2] : "r";
	if (!strcmp(how, "w")) flags = O_WRONLY;
	if (!strcmp(how, "rw")) flags = O_RDWR;
	if (!strcmp(how, "a")) flags = O_WRONLY | O_APPEND;
	if (!strcmp(how, "c")) flags = O_WRONLY | O_CREAT;
	int fd = open(argv[1], flags | O_CLOEXEC | O_NONBLOCK, 0644);
	result("open", fd);
	if (fd >= 0)
		close(fd);
}

static void do_read(int argc, char **argv)
{
	unsigned char buffer[64];
	int fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		printf("read=%s\n", strerrorname_np(errno));
		return;
	}
	size_t want = argc > 2 ? (size_t)atoi(argv[2]) : 4;
	ssize_t n = read(fd, buffer, want > sizeof buffer ? sizeof buffer : want);
	if (n < 0) {
		printf("read=%s\n", strerrorname_np(errno));
	} else {
		printf("read=%zd\nhex=", n);
		for (ssize_t i = 0; i < n; i++)
			printf("%02x", buffer[i]);
		printf("\n");
	}
	close(fd);
}

// write PATH TEXT: writes to an existing or new file, no truncation
static void do_write(int argc, char **argv)
{
	const char *text = argc > 2 ? argv[2] : "";
	int fd = open(argv[1], O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0) {
		printf("write=%s\n", strerrorname_np(errno));
		return;
	}
	result("write", write(fd, text, strlen(text)));
	close(fd);
}

static void do_fdwrite(int argc, char **argv)
{
	(void)argc;
	result("fdwrite", write(atoi(argv[1]), argv[2], strlen(argv[2])));
}

static void do_fdread(int argc, char **argv)
{
	char buffer[4096];
	(void)argc;
	ssize_t n = read(atoi(argv[1]), buffer, sizeof buffer - 1);
	if (n < 0) {
		printf("fdread=%s\n", strerrorname_np(errno));
		return;
	}
	buffer[n] = 0;
	printf("fdread=%s\n", buffer);
}

static void do_mkdir(int argc, char **argv) { (void)argc; result("mkdir", mkdir(argv[1], 0755)); }
static void do_rm(int argc, char **argv) { (void)argc; result("rm", unlink(argv[1])); }
static void do_chmod(int argc, char **argv)
{
	(void)argc;
	result("chmod", chmod(argv[1], (mode_t)strtoul(argv[2], NULL, 8)));
}
static void do_chown(int argc, char **argv)
{
	(void)argc;
	result("chown", chown(argv[1], (uid_t)atoi(argv[2]), (gid_t)atoi(argv[3])));
}
static void do_symlink(int argc, char **argv) { (void)argc; result("symlink", symlink(argv[1], argv[2])); }
static void do_chroot(int argc, char **argv) { (void)argc; result("chroot", chroot(argv[1])); }

// mknod PATH c|b|p MAJOR MINOR
static void do_mknod(int argc, char **argv)
{
	mode_t type = argv[2][0] == 'b' ? S_IFBLK : argv[2][0] == 'p' ? S_IFIFO : S_IFCHR;
	dev_t dev = argc > 4 ? makedev((unsigned)atoi(argv[3]), (unsigned)atoi(argv[4])) : 0;
	result("mknod", mknod(argv[1], type | 0666, dev));
}

// mount SOURCE TARGET TYPE
static void do_mount(int argc, char **argv)
{
	(void)argc;
	unsigned long flags = !strcmp(argv[3], "bind") ? MS_BIND : !strcmp(argv[3], "remount-rw") ? MS_REMOUNT | MS_BIND : 0;
	result("mount", mount(argv[1], argv[2], argv[3], flags, NULL));
}
static void do_umount(int argc, char **argv) { (void)argc; result("umount", umount2(argv[1], MNT_DETACH)); }

static const struct { const char *name; int id; } limits[] = {
	{"RLIMIT_AS", RLIMIT_AS}, {"RLIMIT_CORE", RLIMIT_CORE}, {"RLIMIT_CPU", RLIMIT_CPU},
	{"RLIMIT_DATA", RLIMIT_DATA}, {"RLIMIT_FSIZE", RLIMIT_FSIZE}, {"RLIMIT_LOCKS", RLIMIT_LOCKS},
	{"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK}, {"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE}, {"RLIMIT_NICE", RLIMIT_NICE},
	{"RLIMIT_NOFILE", RLIMIT_NOFILE}, {"RLIMIT_NPROC", RLIMIT_NPROC}, {"RLIMIT_RSS", RLIMIT_RSS},
	{"RLIMIT_RTPRIO", RLIMIT_RTPRIO}, {"RLIMIT_RTTIME", RLIMIT_RTTIME},
	{"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING}, {"RLIMIT_STACK", RLIMIT_STACK},
};

static void do_rlimits(int argc, char **argv)
{
	(void)argc; (void)argv;
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		struct rlimit r;
		getrlimit((__rlimit_resource_t)limits[i].id, &r);
		printf("%s=%llu %llu\n", limits[i].name, (unsigned long long)r.rlim_cur, (unsigned long long)r.rlim_max);
	}
}

static void do_uname(int argc, char **argv)
{
	(void)argc; (void)argv;
	struct utsname u;
	uname(&u);
	printf("nodename=%s\ndomainname=%s\nmachine=%s\nrelease=%s\n", u.nodename, u.domainname, u.machine, u.release);
}

static void do_personality(int argc, char **argv)
{
	(void)argc; (void)argv;
	printf("personality=%08x\n", (unsigned)personality(0xffffffff));
}

static void do_ns(int argc, char **argv)
{
	static const char *names[] = {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"};
	(void)argc; (void)argv;
	for (size_t i = 0; i < 8; i++) {
		char path[64], link[64];
		snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
		ssize_t n = readlink(path, link, sizeof link - 1);
		if (n < 0)
			continue;
		link[n] = 0;
		printf("%s=%s\n", names[i], link);
	}
}

// fds: every open descriptor, found with fcntl so that no descriptor of our own disturbs
static void do_fds(int argc, char **argv)
{
	(void)argc; (void)argv;
	for (int fd = 0; fd < 1024; fd++) {
		char path[64], link[4096] = "";
		struct stat st;
		if (fcntl(fd, F_GETFD) < 0)
			continue;
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		ssize_t n = readlink(path, link, sizeof link - 1);
		link[n < 0 ? 0 : n] = 0;
		fstat(fd, &st);
		printf("%d=%s %s\n", fd, type_name(st.st_mode), link);
	}
}

static void do_caps(int argc, char **argv)
{
	(void)argc; (void)argv;
	char line[512];
	FILE *file = fopen("/proc/self/status", "re");
	while (file && fgets(line, sizeof line, file))
		if (!strncmp(line, "Cap", 3)) {
			char *value = strchr(line, '\t');
			printf("%.6s=%s", line, value ? value + 1 : "\n");
		}
	if (file)
		fclose(file);
	printf("securebits=%d\n", prctl(PR_GET_SECUREBITS));
}

// rtname: the process's name, dumpability and death signal
static void do_prctl(int argc, char **argv)
{
	(void)argc; (void)argv;
	int death = -1;
	prctl(PR_GET_PDEATHSIG, &death);
	printf("nnp=%d\ndumpable=%d\npdeathsig=%d\nseccomp=%d\nsubreaper=", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0),
	       prctl(PR_GET_DUMPABLE), death, prctl(PR_GET_SECCOMP));
	int sub = 0;
	prctl(PR_GET_CHILD_SUBREAPER, &sub);
	printf("%d\n", sub);
}

static void do_signals(int argc, char **argv)
{
	(void)argc; (void)argv;
	char line[512];
	FILE *file = fopen("/proc/self/status", "re");
	while (file && fgets(line, sizeof line, file))
		if (!strncmp(line, "Sig", 3) || !strncmp(line, "Shd", 3)) {
			char *colon = strchr(line, ':');
			*colon = 0;
			printf("%s=%s", line, colon + 2);
		}
	if (file)
		fclose(file);
}

static long number(const char *name)
{
	static const struct { const char *name; long number; } table[] = {
		{"getcwd", SYS_getcwd}, {"getpid", SYS_getpid}, {"getppid", SYS_getppid}, {"personality", SYS_personality},
		{"fchmod", SYS_fchmod}, {"kill", SYS_kill}, {"setuid", SYS_setuid}, {"unshare", SYS_unshare},
		{"mount", SYS_mount}, {"keyctl", SYS_keyctl}, {"sethostname", SYS_sethostname}, {"ptrace", SYS_ptrace},
		{"uname", SYS_uname}, {"mkdirat", SYS_mkdirat}, {"socket", SYS_socket}, {"clone3", SYS_clone3},
		{"getpriority", SYS_getpriority}, {"sched_yield", SYS_sched_yield}, {"umask", SYS_umask},
		{"sync", SYS_sync}, {"getuid", SYS_getuid}, {"bpf", SYS_bpf}, {"lseek", SYS_lseek}, {"fcntl", SYS_fcntl},
		{"dup", SYS_dup}, {"chroot", SYS_chroot}, {"setgid", SYS_setgid}, {"syslog", SYS_syslog},
		{"swapon", SYS_swapon}, {"reboot", SYS_reboot}, {"settimeofday", SYS_settimeofday},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (!strcmp(table[i].name, name))
			return table[i].number;
	return atol(name);
}

// syscall NAME|NUMBER [ARG...]: in this process
static void do_syscall(int argc, char **argv)
{
	long a[6] = {0};
	for (int i = 2; i < argc && i < 8; i++)
		a[i - 2] = strtol(argv[i], NULL, 0);
	fflush(stdout);
	long rc = syscall(number(argv[1]), a[0], a[1], a[2], a[3], a[4], a[5]);
	if (rc < 0)
		printf("%s=%s\n", argv[1], strerrorname_np(errno) ? strerrorname_np(errno) : "unnamed");
	else
		printf("%s=ok\nvalue=%ld\n", argv[1], rc);
	if (rc < 0)
		printf("errno=%d\n", errno);
}

// child COMMAND...: runs a probe command in a forked child, tells how it ended
static int run(int argc, char **argv);
static void do_child(int argc, char **argv)
{
	int status;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0)
		exit(run(argc - 1, argv + 1));
	if (pid < 0) {
		printf("child=%s\n", strerrorname_np(errno));
		return;
	}
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		printf("child=signal %d\n", WTERMSIG(status));
	else
		printf("child=exit %d\n", WEXITSTATUS(status));
}

// asuser UID GID COMMAND...: drops to another user for the rest
static void do_asuser(int argc, char **argv)
{
	if (setgroups(0, NULL) < 0 || setgid((gid_t)atoi(argv[2])) < 0 || setuid((uid_t)atoi(argv[1])) < 0)
		printf("asuser=%s\n", strerrorname_np(errno));
	else
		run(argc - 3, argv + 3);
}

// forks N: starts up to N sleeping children, tells how many it got and why it stopped
static void do_forks(int argc, char **argv)
{
	(void)argc;
	int want = atoi(argv[1]), got = 0, error = 0;
	pid_t *pids = calloc((size_t)want, sizeof *pids);
	fflush(stdout);
	for (; got < want; got++) {
		pid_t pid = fork();
		if (pid == 0) {
			for (;;)
				pause();
		}
		if (pid < 0) {
			error = errno;
			break;
		}
		pids[got] = pid;
	}
	printf("forks=%d\nerror=%s\n", got, error ? strerrorname_np(error) : "none");
	for (int i = 0; i < got; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
}

// children N: leaves N sleeping children in their own sessions behind
static void do_children(int argc, char **argv)
{
	(void)argc;
	fflush(stdout);
	for (int i = 0; i < atoi(argv[1]); i++)
		if (fork() == 0) {
			setsid();
			for (;;)
				pause();
		}
	printf("children=%s\n", argv[1]);
}

// alloc MEGABYTES: touches that much memory
static void do_alloc(int argc, char **argv)
{
	(void)argc;
	size_t size = (size_t)atoi(argv[1]) << 20;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED) {
		printf("alloc=%s\n", strerrorname_np(errno));
		return;
	}
	for (size_t i = 0; i < size; i += 4096)
		p[i] = 1;
	printf("alloc=ok\n");
}

static void do_sleep(int argc, char **argv)
{
	(void)argc;
	fflush(stdout);
	double seconds = atof(argv[1]);
	struct timespec ts = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
	nanosleep(&ts, NULL);
}

static void do_pause(int argc, char **argv)
{
	(void)argc; (void)argv;
	fflush(stdout);
	for (;;) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		pause();
	}
}

static volatile sig_atomic_t trapped_exit;
static void trapped(int sig) { (void)sig; _exit(trapped_exit); }

// trap SIGNAL CODE: exit with CODE when SIGNAL (a number) comes
static void do_trap(int argc, char **argv)
{
	(void)argc;
	trapped_exit = atoi(argv[2]);
	signal(atoi(argv[1]), trapped);
	printf("trap=ok\n");
}

static volatile sig_atomic_t caught;
static void catch_all(int sig) { caught = sig; }

// sigwait: waits for any signal that can be caught, prints it
static void do_sigwait(int argc, char **argv)
{
	(void)argc; (void)argv;
	for (int i = 1; i < 65; i++)
		if (i != SIGCHLD)
			signal(i, catch_all);
	printf("waiting=1\n");
	fflush(stdout);
	while (!caught)
		usleep(1000);
	printf("caught=%d\n", (int)caught);
}

static void do_exit(int argc, char **argv)
{
	(void)argc;
	fflush(stdout);
	_exit(atoi(argv[1]));
}

static void do_killself(int argc, char **argv)
{
	(void)argc;
	fflush(stdout);
	kill(getpid(), atoi(argv[1]));
	sleep(2);
}

static void do_waitfile(int argc, char **argv)
{
	(void)argc;
	fflush(stdout);
	while (access(argv[1], F_OK) < 0)
		usleep(2000);
	printf("waitfile=ok\n");
}

// a TCP connection of this process with itself, over the loopback device
static int tcp_pair(int ends[2])
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 1) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &size) < 0)
		return -1;
	ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(ends[0], (struct sockaddr *)&address, size) < 0)
		return -1;
	ends[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	close(listener);
	return ends[1] < 0 ? -1 : 0;
}

// count FILE [tcp]: counts, and keeps FILE saying how far; with tcp each number crosses a connection first
static void do_count(int argc, char **argv)
{
	int ends[2] = {-1, -1};
	if (argc > 2 && tcp_pair(ends) < 0) {
		printf("tcp=%s\n", strerrorname_np(errno));
		return;
	}
	char temporary[4096];
	snprintf(temporary, sizeof temporary, "%s.new", argv[1]);
	for (uint64_t number = 1;; number++) {
		uint64_t arrived = number;
		if (argc > 2 && (write(ends[0], &number, sizeof number) != sizeof number ||
				 read(ends[1], &arrived, sizeof arrived) != sizeof arrived)) {
			printf("tcp=%s\n", strerrorname_np(errno));
			return;
		}
		FILE *file = fopen(temporary, "we");
		if (file) {
			fprintf(file, "%llu", (unsigned long long)arrived);
			fclose(file);
			rename(temporary, argv[1]);
		}
		printf("count=%llu\n", (unsigned long long)arrived);
		fflush(stdout);
		usleep(5000);
	}
}

// spin MS: computes for that long; prints how much CPU time it got
static void do_spin(int argc, char **argv)
{
	(void)argc;
	struct timespec start, now, cpu;
	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		for (volatile int i = 0; i < 100000; i++)
			;
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 < atoi(argv[1]));
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	printf("spin=%ld\n", cpu.tv_sec * 1000 + cpu.tv_nsec / 1000000);
}

// mapped PATH: opens PATH for writing again and again for a while; ok when it worked once
static void do_overwrite(int argc, char **argv)
{
	(void)argc;
	int fd = -1;
	for (int i = 0; i < 200 && fd < 0; i++) {
		fd = open(argv[1], O_WRONLY | O_CLOEXEC);
		if (fd < 0 && errno != ETXTBSY)
			break;
		usleep(500);
	}
	if (fd < 0)
		printf("overwrite=%s\n", strerrorname_np(errno));
	else
		result("overwrite", write(fd, "#!broken", 8));
}

// exeattack PID READY: holds /proc/PID/exe, tells so in the file READY, and writes to it once PID is gone
static void do_exeattack(int argc, char **argv)
{
	char path[64], self[64];
	(void)argc;
	snprintf(path, sizeof path, "/proc/%s/exe", argv[1]);
	int held = open(path, O_PATH | O_CLOEXEC);
	printf("held=%s\n", held < 0 ? strerrorname_np(errno) : "ok");
	int ready = open(argv[2], O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	close(ready);
	snprintf(self, sizeof self, "/proc/self/fd/%d", held);
	for (int i = 0; held >= 0 && i < 1500; i++) {
		int fd = open(self, O_WRONLY | O_CLOEXEC);
		if (fd >= 0 && write(fd, "#!overwritten", 13) > 0) {
			printf("overwritten=yes\n");
			return;
		}
		if (fd >= 0)
			close(fd);
		if (access(path, F_OK) < 0 && i > 20)
			break;
		usleep(1000);
	}
	printf("overwritten=no\n");
}

// swap A B: exchanges two names as fast as it can until killed
static void do_swap(int argc, char **argv)
{
	(void)argc;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	printf("swapping=1\n");
	fflush(stdout);
	for (;;)
		syscall(SYS_renameat2, AT_FDCWD, argv[1], AT_FDCWD, argv[2], 2 /* RENAME_EXCHANGE */);
}

// net: the network devices
static void do_net(int argc, char **argv)
{
	(void)argc; (void)argv;
	char line[512];
	FILE *file = fopen("/proc/self/net/dev", "re");
	while (file && fgets(line, sizeof line, file)) {
		char *colon = strchr(line, ':'), *start = line;
		if (!colon)
			continue;
		*colon = 0;
		while (*start == ' ')
			start++;
		printf("device=%s\n", start);
	}
	if (file)
		fclose(file);
}

static void do_tiocsti(int argc, char **argv)
{
	(void)argc; (void)argv;
	printf("tty0=%d\ntty1=%d\n", isatty(0), isatty(1));
	result("ctty", open("/dev/tty", O_RDWR | O_CLOEXEC));
}

// notify TEXT: sends it to $NOTIFY_SOCKET
static void do_notify(int argc, char **argv)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *path = getenv("NOTIFY_SOCKET");
	(void)argc;
	printf("path=%s\n", path ? path : "");
	if (!path)
		return;
	strncpy(address.sun_path, path, sizeof address.sun_path - 1);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	result("notify", (int)sendto(fd, argv[1], strlen(argv[1]), 0, (struct sockaddr *)&address, sizeof address));
	close(fd);
}

// terminal: what standard input is as a terminal
static void do_terminal(int argc, char **argv)
{
	struct winsize size = {0};
	struct stat st, console;
	(void)argc; (void)argv;
	if (ioctl(0, TIOCGWINSZ, &size) < 0) {
		printf("terminal=%s\n", strerrorname_np(errno));
		return;
	}
	fstat(0, &st);
	printf("rows=%d\ncolumns=%d\nowner=%u\nmode=%04o\nmajor=%u\n", size.ws_row, size.ws_col, st.st_uid,
	       st.st_mode & 07777, major(st.st_rdev));
	printf("foreground=%d\n", tcgetpgrp(0) == getpgrp());
	if (stat("/dev/console", &console) == 0)
		printf("console=%s\n", console.st_rdev == st.st_rdev ? "same" : "other");
	char name[256] = "";
	if (readlink("/proc/self/fd/0", name, sizeof name - 1) > 0)
		printf("name=%s\n", name);
}

// lines: repeats what it reads, line by line, until "quit" or the end
static void do_lines(int argc, char **argv)
{
	char line[512];
	(void)argc; (void)argv;
	printf("reading=1\n");
	fflush(stdout);
	while (fgets(line, sizeof line, stdin) && strncmp(line, "quit", 4)) {
		printf("line=%s", line);
		fflush(stdout);
	}
	printf("lines=end\n");
}

static volatile sig_atomic_t resized;
static void on_resize(int sig) { (void)sig; resized = 1; }

// resizes: prints the terminal's size at each SIGWINCH
static void do_resizes(int argc, char **argv)
{
	struct winsize size;
	(void)argc; (void)argv;
	signal(SIGWINCH, on_resize);
	printf("watching=1\n");
	fflush(stdout);
	for (;;) {
		usleep(1000);
		if (!resized)
			continue;
		resized = 0;
		ioctl(0, TIOCGWINSZ, &size);
		printf("resized=%dx%d\n", size.ws_row, size.ws_col);
		fflush(stdout);
	}
}

static void do_clock(int argc, char **argv)
{
	(void)argc; (void)argv;
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	printf("monotonic=%lld\n", (long long)ts.tv_sec);
	clock_gettime(CLOCK_BOOTTIME, &ts);
	printf("boottime=%lld\n", (long long)ts.tv_sec);
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		printf("%s=%s\n", path, strerrorname_np(errno));
	if (fd >= 0)
		close(fd);
}

// unshare LIST COMMAND...: enters new namespaces (in a child for pid and time), prints the pid, runs the command
static void do_unshare(int argc, char **argv)
{
	int flags = 0;
	if (strstr(argv[1], "user")) flags |= CLONE_NEWUSER;
	if (strstr(argv[1], "uts")) flags |= CLONE_NEWUTS;
	if (strstr(argv[1], "ipc")) flags |= CLONE_NEWIPC;
	if (strstr(argv[1], "net")) flags |= CLONE_NEWNET;
	if (strstr(argv[1], "mnt")) flags |= CLONE_NEWNS;
	if (strstr(argv[1], "cgroup")) flags |= CLONE_NEWCGROUP;
	if (strstr(argv[1], "pid")) flags |= CLONE_NEWPID;
	if (strstr(argv[1], "time")) flags |= CLONE_NEWTIME;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(flags) < 0) {
		printf("unshare=%s\n", strerrorname_np(errno));
		return;
	}
	if (flags & CLONE_NEWUSER) {
		put("/proc/self/setgroups", "deny");
		put("/proc/self/uid_map", "0 0 1");
		put("/proc/self/gid_map", "0 0 1");
	}
	fflush(stdout);
	if (flags & (CLONE_NEWPID | CLONE_NEWTIME)) {
		pid_t pid = fork();
		if (pid) {
			printf("pid=%d\n", pid);
			fflush(stdout);
			waitpid(pid, NULL, 0);
			return;
		}
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run(argc - 2, argv + 2);
		exit(0);
	}
	printf("pid=%d\n", getpid());
	fflush(stdout);
	run(argc - 2, argv + 2);
}

#include "attributes.c"

// hook FILE TAG [CODE [SECONDS]]: appends to FILE what a hook sees, sleeps SECONDS, exits with CODE
static void do_hook(int argc, char **argv)
{
	static char text[262144], input[65536];
	size_t used = 0, n = 0;
	ssize_t got;
	char line[512];
	while (n < sizeof input - 1 && (got = read(0, input + n, sizeof input - 1 - n)) > 0)
		n += (size_t)got;
	input[n] = 0;
	for (size_t i = 0; i < n; i++)
		if (input[i] == '\n')
			input[i] = ' ';
	FILE *out = fmemopen(text, sizeof text, "w");
	fprintf(out, "@ %s\nstdin=%s\nuid=%u\npid=%d\n", argv[2], input, getuid(), getpid());
	for (int i = 0; i < argc; i++)
		fprintf(out, "arg=%s\n", argv[i]);
	for (char **e = environ; *e; e++)
		fprintf(out, "env=%s\n", *e);
	char cwd[4096];
	fprintf(out, "cwd=%s\n", syscall(SYS_getcwd, cwd, sizeof cwd) < 0 ? "?" : cwd);
	static const char *names[] = {"cgroup", "ipc", "mnt", "net", "pid", "user", "uts"};
	for (size_t i = 0; i < 7; i++) {
		char path[64];
		snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
		ssize_t len = readlink(path, line, sizeof line - 1);
		line[len < 0 ? 0 : len] = 0;
		fprintf(out, "ns.%s=%s\n", names[i], line);
	}
	struct utsname u;
	uname(&u);
	fprintf(out, "nodename=%s\n", u.nodename);
	FILE *status = fopen("/proc/self/status", "re");
	while (status && fgets(line, sizeof line, status)) {
		static const char *wanted[] = {"Uid", "Gid", "Groups", "Umask", "Cap", "NoNewPrivs", "Seccomp:"};
		for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
			if (!strncmp(line, wanted[i], strlen(wanted[i]))) {
				char *colon = strchr(line, ':');
				*colon = 0;
				fprintf(out, "%s=%s", line, colon + 2);
			}
	}
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	fprintf(out, "files=%lu %lu\npersonality=%x\n", files.rlim_cur, files.rlim_max, personality(0xffffffff));
	for (int fd = 3; fd < 256; fd++)
		if (fcntl(fd, F_GETFD) >= 0 && (!status || fd != fileno(status)))
			fprintf(out, "fd=%d\n", fd);
	fprintf(out, "end=1\n");
	fclose(out);
	used = strlen(text);
	int fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0 || write(fd, text, used) != (ssize_t)used)
		_exit(99);
	close(fd);
	if (argc > 4)
		do_sleep(2, (char *[]){"sleep", argv[4]});
	_exit(argc > 3 ? atoi(argv[3]) : 0);
}

static const struct command {
	const char *name;
	void (*run)(int argc, char **argv);
	int least;
} commands[] = {
	{"args", do_args, 0}, {"env", do_env, 0}, {"cwd", do_cwd, 0}, {"ids", do_ids, 0}, {"pid", do_pid, 0},
	{"cat", do_cat, 1}, {"ls", do_ls, 1}, {"stat", do_stat, 1}, {"statfs", do_statfs, 1}, {"open", do_open, 1},
	{"read", do_read, 1}, {"write", do_write, 1}, {"fdwrite", do_fdwrite, 2}, {"fdread", do_fdread, 1},
	{"mkdir", do_mkdir, 1}, {"rm", do_rm, 1}, {"chmod", do_chmod, 2}, {"chown", do_chown, 3},
	{"symlink", do_symlink, 2}, {"chroot", do_chroot, 1}, {"mknod", do_mknod, 2}, {"mount", do_mount, 3},
	{"umount", do_umount, 1}, {"rlimits", do_rlimits, 0}, {"uname", do_uname, 0},
	{"personality", do_personality, 0}, {"ns", do_ns, 0}, {"fds", do_fds, 0}, {"caps", do_caps, 0},
	{"prctl", do_prctl, 0}, {"signals", do_signals, 0}, {"syscall", do_syscall, 1}, {"child", do_child, 1},
	{"asuser", do_asuser, 3}, {"forks", do_forks, 1}, {"children", do_children, 1}, {"alloc", do_alloc, 1},
	{"sleep", do_sleep, 1}, {"pause", do_pause, 0}, {"trap", do_trap, 2}, {"sigwait", do_sigwait, 0},
	{"exit", do_exit, 1}, {"killself", do_killself, 1}, {"waitfile", do_waitfile, 1},
	{"overwrite", do_overwrite, 1}, {"net", do_net, 0}, {"tty", do_tiocsti, 0}, {"terminal", do_terminal, 0}, {"notify", do_notify, 1},
	{"lines", do_lines, 0}, {"resizes", do_resizes, 0}, {"clock", do_clock, 0},
	{"unshare", do_unshare, 2}, {"spin", do_spin, 1},
	{"count", do_count, 1},
	{"sched", do_sched, 0}, {"addresses", do_addresses, 0}, {"agent", do_agent, 2},
	{"exeattack", do_exeattack, 2}, {"swap", do_swap, 2}, {"hook", do_hook, 2},
};

static int run(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (!strcmp(commands[i].name, argv[0])) {
			if (argc - 1 < commands[i].least) {
				printf("probe: %s wants more arguments\n", argv[0]);
				fflush(stdout);
				return 98;
			}
			commands[i].run(argc, argv);
			fflush(stdout);
			return 0;
		}
	printf("probe: unknown command %s\n", argv[0]);
	fflush(stdout);
	return 97;
}

int main(int argc, char **argv)
{
	int start = 1;
	if (argc > 1 && !strcmp(argv[1], "hook")) {
		do_hook(argc - 1, argv + 1);
		return 0;
	}
	if (argc > 3 && !strcmp(argv[1], "session")) {
		/* session FILE PROGRAM [ARG...]: runs the program in a new session keyring whose id goes to FILE */
		long id = syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, NULL);
		FILE *file = fopen(argv[2], "we");
		if (!file)
			return 96;
		fprintf(file, "%ld", id);
		fclose(file);
		execvp(argv[3], argv + 3);
		return 96;
	}
	while (start < argc) {
		int end = start;
		while (end < argc && strcmp(argv[end], "+"))
			end++;
		if (end > start) {
			printf("@");
			for (int i = start; i < end; i++)
				printf(" %s", argv[i]);
			printf("\n");
			char *saved = argv[end];
			argv[end] = NULL;
			int code = run(end - start, argv + start);
			argv[end] = saved;
			if (code)
				return code;
		}
		start = end + 1;
	}
	return 0;
}
