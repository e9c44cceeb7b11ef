// Deflate data in memory: status codes only. Nothing of zlib shows through.
#ifndef CZLIB_H
#define CZLIB_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    CZLIB_OK = 0,
    CZLIB_DAMAGED,  // not deflate data, cut short, or not of the announced length
    CZLIB_NO_MEMORY
} czlib_status;

// Inflates `source` into exactly `capacity` bytes: more or fewer are damage, and nothing is written past `capacity`.
czlib_status czlib_inflate(const uint8_t *source, size_t count, uint8_t *target, size_t capacity);
// Inflates what fits of a zlib stream, as far as it is sound; returns how many bytes were written.
size_t czlib_inflate_start(const uint8_t *source, size_t count, uint8_t *target, size_t capacity);
// The CRC-32 that zip files keep of each entry.
uint32_t czlib_crc32(const uint8_t *bytes, size_t count);

#endif
