// JPEG in memory: opaque handles, status codes, message text. Nothing of libjpeg shows through.
#ifndef CJPEG_H
#define CJPEG_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    CJPEG_OK = 0,
    CJPEG_TRUNCATED,    // the data ends early
    CJPEG_DAMAGED,      // any other error of the decoder, or a warning that pixels were made up
    CJPEG_UNSUPPORTED,  // sound, but of a kind that is not read
    CJPEG_TOO_LARGE,    // too many scans
    CJPEG_TOO_SLOW,    // more seconds than there may be
    CJPEG_NO_MEMORY
} cjpeg_status;

typedef struct {
    uint32_t width;
    uint32_t height;
    uint32_t channels;  // of the rows that cjpeg_read_row writes: 1 gray, 3 RGB
} cjpeg_header;

typedef struct cjpeg_decoder cjpeg_decoder;
typedef struct cjpeg_encoder cjpeg_encoder;

// Borrows `bytes` until cjpeg_decoder_free. Seconds begin now, and may be INFINITY. NULL when there is no memory.
cjpeg_decoder *cjpeg_decoder_new(const uint8_t *bytes, size_t count, uint32_t max_scans, double max_seconds);
// Reads up to the first scan; allocates nothing that depends on the image's size.
cjpeg_status cjpeg_read_header(cjpeg_decoder *decoder, cjpeg_header *header);
// Prepares for rows; a progressive image is read as a whole here.
cjpeg_status cjpeg_begin_rows(cjpeg_decoder *decoder);
// Writes the next row from the top: width * channels bytes. To be called height times.
cjpeg_status cjpeg_read_row(cjpeg_decoder *decoder, uint8_t *row);
// Checks what follows the last row.
cjpeg_status cjpeg_end_rows(cjpeg_decoder *decoder);
// What went wrong; empty while all is well. Lives as long as the decoder.
const char *cjpeg_decoder_message(const cjpeg_decoder *decoder);
void cjpeg_decoder_free(cjpeg_decoder *decoder);

// NULL when there is no memory.
cjpeg_encoder *cjpeg_encoder_new(void);
// Compresses width * height * channels bytes (1 gray, 3 RGB); quality 1 ... 100.
cjpeg_status cjpeg_encode(cjpeg_encoder *encoder, const uint8_t *pixels, uint32_t width, uint32_t height,
                          uint32_t channels, int quality);
// The compressed file after CJPEG_OK; lives as long as the encoder.
const uint8_t *cjpeg_encoded_bytes(const cjpeg_encoder *encoder);
size_t cjpeg_encoded_count(const cjpeg_encoder *encoder);
const char *cjpeg_encoder_message(const cjpeg_encoder *encoder);
void cjpeg_encoder_free(cjpeg_encoder *encoder);

#endif
