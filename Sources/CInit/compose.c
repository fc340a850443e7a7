/* The init's image: its bytes come from the EmbedInit plugin (freestanding/image.c). */
#include "image.h"

#include <string.h>

#include "elf64.h"

extern const unsigned char apus_image_bytes[];

static struct elf64_segment image_segment(unsigned int index)
{
	struct elf64_header header;
	struct elf64_segment segment;

	memcpy(&header, apus_image_bytes, sizeof(header));
	memcpy(&segment, apus_image_bytes + header.phoff + index * sizeof(segment), sizeof(segment));
	return segment;
}

const uint8_t *apus_init_image(size_t *ret_size)
{
	/* Where the linker pads, the bytes after the code are not wanted: the file has a hole there. */
	*ret_size = image_segment(APUS_CODE_SEGMENT).filesz;
	return apus_image_bytes;
}

uint64_t apus_image_program_offset(void)
{
	return image_segment(APUS_PROGRAM_SEGMENT).offset;
}

void apus_image_patch(uint8_t *image_copy, uint64_t program_size)
{
	struct elf64_segment segment = image_segment(APUS_PROGRAM_SEGMENT);
	struct elf64_header header;

	memcpy(&header, image_copy, sizeof(header));
	segment.filesz = program_size;
	segment.memsz = program_size;
	memcpy(image_copy + header.phoff + APUS_PROGRAM_SEGMENT * sizeof(segment), &segment, sizeof(segment));
}
