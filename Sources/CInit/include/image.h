/* The init's image and how a program gets into it.
 *
 * The runtime writes a file (a memfd) that holds the image at 0 and the program (machine.h) at
 * apus_image_program_offset(), with a hole between; the image's copy is patched for the program's size. Sealed, that
 * file is what the container's first process executes: the kernel maps the program, the init reads nothing.
 */
#ifndef APUS_IMAGE_H
#define APUS_IMAGE_H

#include <stddef.h>
#include <stdint.h>

/* The bytes of the image without a program, some 3 kB; they live as long as the process. */
const uint8_t *apus_init_image(size_t *ret_size);

/* Where in the file the program lies, in bytes; a multiple of the page size. */
uint64_t apus_image_program_offset(void);

/* Makes `image_copy`, a copy of what apus_init_image() returns, map a program of `program_size` bytes. */
void apus_image_patch(uint8_t *image_copy, uint64_t program_size);

#endif
