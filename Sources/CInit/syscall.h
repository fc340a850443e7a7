/* Raw system calls without libc: what the init and the clone stub use, for both architectures.
 *
 * The numbers stand here because the init is cross-compiled without the other architecture's kernel headers.
 */
#ifndef APUS_SYSCALL_H
#define APUS_SYSCALL_H

#include <stdint.h>

#define APUS_EINTR 4
#define APUS_ENOSYS 38
#define APUS_EPERM 1
#define APUS_EBADMSG 74

#if defined(__x86_64__)

#define APUS_NR_READ 0
#define APUS_NR_CLOSE 3
#define APUS_NR_RT_SIGPROCMASK 14
#define APUS_NR_SENDTO 44
#define APUS_NR_CLONE 56
#define APUS_NR_WAIT4 61
#define APUS_NR_FCNTL 72
#define APUS_NR_EXIT_GROUP 231
#define APUS_NR_EXECVEAT 322
#define APUS_NR_CLONE3 435

static inline long kernel_call(long nr, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5)
{
	register uint64_t r10 __asm__("r10") = a3;
	register uint64_t r8 __asm__("r8") = a4;
	register uint64_t r9 __asm__("r9") = a5;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(nr), "D"(a0), "S"(a1), "d"(a2), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

#elif defined(__aarch64__)

#define APUS_NR_FCNTL 25
#define APUS_NR_CLOSE 57
#define APUS_NR_READ 63
#define APUS_NR_EXIT_GROUP 94
#define APUS_NR_RT_SIGPROCMASK 135
#define APUS_NR_SENDTO 206
#define APUS_NR_CLONE 220
#define APUS_NR_WAIT4 260
#define APUS_NR_EXECVEAT 281
#define APUS_NR_CLONE3 435

static inline long kernel_call(long nr, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5)
{
	register uint64_t x8 __asm__("x8") = (uint64_t)nr;
	register uint64_t x0 __asm__("x0") = a0;
	register uint64_t x1 __asm__("x1") = a1;
	register uint64_t x2 __asm__("x2") = a2;
	register uint64_t x3 __asm__("x3") = a3;
	register uint64_t x4 __asm__("x4") = a4;
	register uint64_t x5 __asm__("x5") = a5;

	__asm__ volatile("svc #0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return (long)x0;
}

#else
#error "apus knows x86-64 and aarch64"
#endif

static inline int apus_is_error(long result)
{
	return result < 0 && result >= -4095;
}

#endif
