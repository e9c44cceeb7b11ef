// PNG in memory: opaque handles, status codes, message text. Nothing of libpng shows through.
#ifndef CPNG_H
#define CPNG_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    CPNG_OK = 0,
    CPNG_TRUNCATED,  // the data ends early
    CPNG_DAMAGED,    // any other error of the decoder
    CPNG_TOO_SLOW,   // more seconds than there may be
    CPNG_NO_MEMORY
} cpng_status;

typedef struct {
    uint32_t width;
    uint32_t height;
    uint32_t channels;  // of the rows that cpng_read_rows writes: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA
    int interlaced;     // rows are complete only when all have been read
} cpng_header;

typedef struct cpng_decoder cpng_decoder;
typedef struct cpng_encoder cpng_encoder;

// Borrows `bytes` until cpng_decoder_free. Seconds begin now, and may be INFINITY. NULL when there is no memory.
cpng_decoder *cpng_decoder_new(const uint8_t *bytes, size_t count, double max_seconds);
// Reads up to the first pixel; allocates nothing that depends on the image's size.
cpng_status cpng_read_header(cpng_decoder *decoder, cpng_header *header);
// Prepares for rows: palettes are expanded, 1, 2, 4 and 16 bits become 8.
cpng_status cpng_begin_rows(cpng_decoder *decoder);
// Writes the next `count` rows, width * channels bytes each; of an interlaced image all of them in one call.
cpng_status cpng_read_rows(cpng_decoder *decoder, uint8_t *rows, uint32_t count);
// Checks what follows the last row.
cpng_status cpng_end_rows(cpng_decoder *decoder);
// What went wrong; empty while all is well. Lives as long as the decoder.
const char *cpng_decoder_message(const cpng_decoder *decoder);
void cpng_decoder_free(cpng_decoder *decoder);

// NULL when there is no memory.
cpng_encoder *cpng_encoder_new(void);
// Compresses width * height * channels bytes (1 gray, 3 RGB).
cpng_status cpng_encode(cpng_encoder *encoder, const uint8_t *pixels, uint32_t width, uint32_t height,
                        uint32_t channels);
// Compresses width * height indices into a palette of 1 to 256 colours, three bytes each.
cpng_status cpng_encode_indexed(cpng_encoder *encoder, const uint8_t *indices, uint32_t width, uint32_t height,
                                const uint8_t *palette, uint32_t colors);
// The compressed file after CPNG_OK; lives as long as the encoder.
const uint8_t *cpng_encoded_bytes(const cpng_encoder *encoder);
size_t cpng_encoded_count(const cpng_encoder *encoder);
const char *cpng_encoder_message(const cpng_encoder *encoder);
void cpng_encoder_free(cpng_encoder *encoder);

#endif
