// libpng behind status codes. Its plain interface, not the simplified one, which would apply gamma to pixels.
// Every setjmp is in this file, and all state that outlives a jump is in the heap-allocated decoder or encoder.
#define _POSIX_C_SOURCE 199309L  // clock_gettime

#include "cpng.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <png.h>

typedef struct {
    jmp_buf jump;
    cpng_status status;
    char message[256];
} trap;

static void on_error(png_structp png, png_const_charp text) {
    trap *t = png_get_error_ptr(png);
    if (t->status == CPNG_OK) {
        t->status = CPNG_DAMAGED;
        snprintf(t->message, sizeof t->message, "%s", text != NULL ? text : "unknown error");
    }
    longjmp(t->jump, 1);
}

// Warnings of libpng mostly concern chunks that carry no pixels. Two kinds are errors here: transparency that it would
// drop (a tRNS of wrong checksum, length or place), and pixels that fail the checksum of their compressed stream.
static void on_warning(png_structp png, png_const_charp text) {
    if (text == NULL) return;
    int transparency = strncmp(text, "tRNS", 4) == 0 && strstr(text, "with alpha channel") == NULL;
    int checksum = strncmp(text, "IDAT", 4) == 0 && strstr(text, "incorrect data check") != NULL;
    if (transparency || checksum) png_error(png, text);
}

// libpng's own texts for an encoder: nothing is lost there.
static void on_encoder_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

struct cpng_decoder {
    trap trap;  // first: also the error pointer
    png_structp png;
    png_infop info;
    const uint8_t *bytes;
    size_t count;
    size_t offset;
    cpng_header header;
    double max_seconds, start;
    int passes;
    int indexed;
};

static void on_read(png_structp png, png_bytep target, size_t count) {
    cpng_decoder *d = png_get_io_ptr(png);
    if (count > d->count - d->offset) {
        d->trap.status = CPNG_TRUNCATED;
        snprintf(d->trap.message, sizeof d->trap.message, "the data ends early");
        png_error(png, d->trap.message);
    }
    memcpy(target, d->bytes + d->offset, count);
    d->offset += count;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

cpng_decoder *cpng_decoder_new(const uint8_t *bytes, size_t count, double max_seconds) {
    cpng_decoder *d = calloc(1, sizeof *d);
    if (d == NULL) return NULL;
    d->bytes = bytes;
    d->count = count;
    d->max_seconds = max_seconds;
    d->start = now();
    return d;
}

cpng_status cpng_read_header(cpng_decoder *d, cpng_header *header) {
    if (setjmp(d->trap.jump)) return d->trap.status;
    d->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &d->trap, on_error, on_warning);
    if (d->png == NULL) return CPNG_NO_MEMORY;
    d->info = png_create_info_struct(d->png);
    if (d->info == NULL) return CPNG_NO_MEMORY;
    png_set_read_fn(d->png, d, on_read);
    // Only IHDR, PLTE, tRNS, IDAT and IEND are looked at: text and profiles never take memory.
    png_set_keep_unknown_chunks(d->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_user_limits(d->png, 0x7fffffff, 0x7fffffff);  // the caller judges the size before pixels are read
    png_read_info(d->png, d->info);

    int color = png_get_color_type(d->png, d->info);
    int alpha = (color & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(d->png, d->info, PNG_INFO_tRNS) != 0;
    d->header.width = png_get_image_width(d->png, d->info);
    d->header.height = png_get_image_height(d->png, d->info);
    d->header.channels = ((color & PNG_COLOR_MASK_COLOR) != 0 ? 3 : 1) + (alpha ? 1 : 0);
    d->header.interlaced = png_get_interlace_type(d->png, d->info) != PNG_INTERLACE_NONE;
    d->indexed = color == PNG_COLOR_TYPE_PALETTE;
    *header = d->header;
    return CPNG_OK;
}

cpng_status cpng_begin_rows(cpng_decoder *d) {
    if (setjmp(d->trap.jump)) return d->trap.status;
    // Indices are looked up here: libpng makes black of those beyond its palette, without a word.
    if (d->indexed) png_set_packing(d->png);
    else png_set_expand(d->png);
    png_set_scale_16(d->png);
    d->passes = png_set_interlace_handling(d->png);
    png_read_update_info(d->png, d->info);
    if (png_get_rowbytes(d->png, d->info) != (size_t)d->header.width * (d->indexed ? 1 : d->header.channels)) {
        png_error(d->png, "rows of an unexpected length");
    }
    return CPNG_OK;
}

// Colours in place of indices, which stand at the end of the same memory.
static void look_up(cpng_decoder *d, uint8_t *pixels, size_t count) {
    png_colorp colors = NULL;
    png_bytep alphas = NULL;
    int color_count = 0, alpha_count = 0;
    png_get_PLTE(d->png, d->info, &colors, &color_count);
    png_get_tRNS(d->png, d->info, &alphas, &alpha_count, NULL);
    size_t channels = d->header.channels;
    const uint8_t *indices = pixels + count * (channels - 1);
    for (size_t i = 0; i < count; i++) {
        int index = indices[i];
        if (index >= color_count) {
            char text[96];
            snprintf(text, sizeof text, "a pixel has colour %d of a palette of %d", index, color_count);
            png_error(d->png, text);
        }
        uint8_t *pixel = pixels + i * channels;
        pixel[0] = colors[index].red;
        pixel[1] = colors[index].green;
        pixel[2] = colors[index].blue;
        if (channels == 4) pixel[3] = index < alpha_count ? alphas[index] : 255;
    }
}

cpng_status cpng_read_rows(cpng_decoder *d, uint8_t *rows, uint32_t count) {
    if (d->passes != 1 && count != d->header.height) return CPNG_DAMAGED;
    if (setjmp(d->trap.jump)) return d->trap.status;
    size_t stride = (size_t)d->header.width * (d->indexed ? 1 : d->header.channels);
    uint8_t *target = d->indexed ? rows + (size_t)d->header.width * count * (d->header.channels - 1) : rows;
    for (int pass = 0; pass < d->passes; pass++) {
        for (size_t y = 0; y < count; y++) {
            png_read_row(d->png, target + y * stride, NULL);
            if (now() - d->start <= d->max_seconds) continue;
            d->trap.status = CPNG_TOO_SLOW;
            snprintf(d->trap.message, sizeof d->trap.message, "more than %g seconds", d->max_seconds);
            return CPNG_TOO_SLOW;
        }
    }
    if (d->indexed) look_up(d, rows, (size_t)d->header.width * count);
    return CPNG_OK;
}

cpng_status cpng_end_rows(cpng_decoder *d) {
    if (setjmp(d->trap.jump)) return d->trap.status;
    png_read_end(d->png, d->info);
    return CPNG_OK;
}

const char *cpng_decoder_message(const cpng_decoder *d) { return d->trap.message; }

void cpng_decoder_free(cpng_decoder *d) {
    if (d == NULL) return;
    png_destroy_read_struct(&d->png, &d->info, NULL);
    free(d);
}

struct cpng_encoder {
    trap trap;
    png_structp png;
    png_infop info;
    uint8_t *bytes;
    size_t count;
    size_t capacity;
};

static void on_write(png_structp png, png_bytep source, size_t count) {
    cpng_encoder *e = png_get_io_ptr(png);
    if (count > e->capacity - e->count) {
        size_t capacity = e->capacity * 2 + count + 4096;
        uint8_t *bytes = realloc(e->bytes, capacity);
        if (bytes == NULL) {
            e->trap.status = CPNG_NO_MEMORY;
            png_error(png, "no memory");
        }
        e->bytes = bytes;
        e->capacity = capacity;
    }
    memcpy(e->bytes + e->count, source, count);
    e->count += count;
}

static void on_flush(png_structp png) { (void)png; }

cpng_encoder *cpng_encoder_new(void) { return calloc(1, sizeof(cpng_encoder)); }

// Rows of `stride` bytes; a palette of no colours is none.
static cpng_status encode(cpng_encoder *e, const uint8_t *rows, uint32_t width, uint32_t height, size_t stride,
                          int color_type, const uint8_t *palette, uint32_t colors) {
    if (setjmp(e->trap.jump)) return e->trap.status;
    e->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &e->trap, on_error, on_encoder_warning);
    if (e->png == NULL) return CPNG_NO_MEMORY;
    e->info = png_create_info_struct(e->png);
    if (e->info == NULL) return CPNG_NO_MEMORY;
    png_set_write_fn(e->png, e, on_write, on_flush);
    png_set_IHDR(e->png, e->info, width, height, 8, color_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_color entries[PNG_MAX_PALETTE_LENGTH];
    for (uint32_t i = 0; i < colors; i++) {
        entries[i] = (png_color){palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]};
    }
    if (colors > 0) png_set_PLTE(e->png, e->info, entries, (int)colors);
    png_write_info(e->png, e->info);
    for (uint32_t y = 0; y < height; y++) png_write_row(e->png, rows + stride * y);
    png_write_end(e->png, e->info);
    return CPNG_OK;
}

cpng_status cpng_encode(cpng_encoder *e, const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels) {
    int color_type = channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB;
    return encode(e, pixels, width, height, (size_t)width * channels, color_type, NULL, 0);
}

cpng_status cpng_encode_indexed(cpng_encoder *e, const uint8_t *indices, uint32_t width, uint32_t height,
                                const uint8_t *palette, uint32_t colors) {
    if (colors < 1 || colors > PNG_MAX_PALETTE_LENGTH) return CPNG_DAMAGED;
    return encode(e, indices, width, height, width, PNG_COLOR_TYPE_PALETTE, palette, colors);
}

const uint8_t *cpng_encoded_bytes(const cpng_encoder *e) { return e->bytes; }
size_t cpng_encoded_count(const cpng_encoder *e) { return e->count; }
const char *cpng_encoder_message(const cpng_encoder *e) { return e->trap.message; }

void cpng_encoder_free(cpng_encoder *e) {
    if (e == NULL) return;
    png_destroy_write_struct(&e->png, &e->info);
    free(e->bytes);
    free(e);
}
