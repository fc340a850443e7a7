/* Becomes the C source that carries the init: the EmbedInit plugin preprocesses this, which turns the file to numbers. */
_Alignas(8) const unsigned char apus_image_bytes[] = {
#embed "init.elf" limit(4096)
};
