/* The parts of ELF that the init's image uses, by their names in elf(5) without the prefixes. */
#ifndef APUS_ELF64_H
#define APUS_ELF64_H

#include <stdint.h>

struct elf64_header {
	uint8_t ident[16];
	uint16_t type;
	uint16_t machine;
	uint32_t version;
	uint64_t entry;
	uint64_t phoff;
	uint64_t shoff;
	uint32_t flags;
	uint16_t ehsize;
	uint16_t phentsize;
	uint16_t phnum;
	uint16_t shentsize;
	uint16_t shnum;
	uint16_t shstrndx;
};

struct elf64_segment {
	uint32_t type;
	uint32_t flags;
	uint64_t offset;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
	uint64_t align;
};

/* The order of PHDRS in freestanding/init.ld. */
#define APUS_CODE_SEGMENT 0
#define APUS_PROGRAM_SEGMENT 1

#endif
