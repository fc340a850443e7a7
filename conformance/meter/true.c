/* What the benched containers run: ends at once, without libc, whose start-up would be the same constant for every
 * runtime. */
void _start(void)
{
#if defined(__x86_64__)
	__asm__ volatile("mov $231, %eax; xor %edi, %edi; syscall"); /* exit_group(0) */
#elif defined(__aarch64__)
	__asm__ volatile("mov x8, #94; mov x0, #0; svc #0");
#else
#error "exit_group for this processor"
#endif
}
