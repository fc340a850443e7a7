/* The kernel's own headers, and the raw system call that everything in the Linux module goes through.
 * No libc header may be included here: its names collide with the kernel's (MS_*, O_*). */
#ifndef APUS_CLINUX_H
#define APUS_CLINUX_H

#include <asm/unistd.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/keyctl.h>
#include <linux/magic.h>
#include <linux/memfd.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/personality.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <linux/stat.h>

/* open(2) and *at(2) flags by their kernel values: <linux/fcntl.h> declares a struct flock that is not libc's, and libc's
 * own header hides some of them from Swift. */
enum apus_fcntl {
	APUS_O_WRONLY = 01,
	APUS_O_RDWR = 02,
	APUS_O_CREAT = 0100,
	APUS_O_EXCL = 0200,
	APUS_O_NOCTTY = 0400,
	APUS_O_TRUNC = 01000,
	APUS_O_APPEND = 02000,
	APUS_O_NONBLOCK = 04000,
	APUS_O_SYNC = 04010000,
	APUS_O_CLOEXEC = 02000000,
	APUS_O_PATH = 010000000,
#if defined(__aarch64__)
	APUS_O_DIRECTORY = 040000,
	APUS_O_NOFOLLOW = 0100000,
#else
	APUS_O_DIRECTORY = 0200000,
	APUS_O_NOFOLLOW = 0400000,
#endif
	APUS_O_TMPFILE = 020000000 | APUS_O_DIRECTORY,
	APUS_AT_SYMLINK_NOFOLLOW = 0x100,
	APUS_AT_REMOVEDIR = 0x200,
	APUS_AT_SYMLINK_FOLLOW = 0x400,
	APUS_AT_EMPTY_PATH = 0x1000,
	APUS_AT_RECURSIVE = 0x8000,
	APUS_AT_EACCESS = 0x200,
};

/* libc's, but behind _GNU_SOURCE: the name of an error number, "ENOENT". */
const char *strerrorname_np(int error);

/* syscall(2) without errno: the result, or -errno. syscall(2) itself is variadic, which Swift cannot call. */
static inline long apus_syscall(long nr, long a0, long a1, long a2, long a3, long a4, long a5)
{
#if defined(__x86_64__)
	register long r10 __asm__("r10") = a3;
	register long r8 __asm__("r8") = a4;
	register long r9 __asm__("r9") = a5;
	long ret;
	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a0), "S"(a1), "d"(a2), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a0;
	register long x1 __asm__("x1") = a1;
	register long x2 __asm__("x2") = a2;
	register long x3 __asm__("x3") = a3;
	register long x4 __asm__("x4") = a4;
	register long x5 __asm__("x5") = a5;
	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
#else
#error "apus runs on x86-64 and aarch64"
#endif
}

#endif
