// zlib behind status codes, for data that lie in memory as a whole.
#include "czlib.h"

#include <limits.h>
#include <string.h>

#include <zlib.h>

czlib_status czlib_inflate(const uint8_t *source, size_t count, uint8_t *target, size_t capacity) {
    if (count > UINT_MAX || capacity > UINT_MAX) return CZLIB_DAMAGED;
    uint8_t nothing;
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return CZLIB_NO_MEMORY;
    stream.next_in = (Bytef *)source;
    stream.avail_in = (uInt)count;
    stream.next_out = capacity > 0 ? target : &nothing;
    stream.avail_out = (uInt)capacity;
    int result = inflate(&stream, Z_FINISH);
    int whole = result == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0;
    inflateEnd(&stream);
    if (result == Z_MEM_ERROR) return CZLIB_NO_MEMORY;
    return whole ? CZLIB_OK : CZLIB_DAMAGED;
}

size_t czlib_inflate_start(const uint8_t *source, size_t count, uint8_t *target, size_t capacity) {
    if (count > UINT_MAX || capacity > UINT_MAX) return 0;
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (inflateInit(&stream) != Z_OK) return 0;
    stream.next_in = (Bytef *)source;
    stream.avail_in = (uInt)count;
    stream.next_out = target;
    stream.avail_out = (uInt)capacity;
    inflate(&stream, Z_SYNC_FLUSH);
    inflateEnd(&stream);
    return capacity - stream.avail_out;
}

uint32_t czlib_crc32(const uint8_t *bytes, size_t count) {
    uLong sum = crc32(0, Z_NULL, 0);
    while (count > 0) {
        uInt part = count > UINT_MAX ? UINT_MAX : (uInt)count;
        sum = crc32(sum, bytes, part);
        bytes += part;
        count -= part;
    }
    return (uint32_t)sum;
}
