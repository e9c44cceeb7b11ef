// libjpeg behind status codes. Every setjmp is in this file, every longjmp lands in it, and all state that outlives
// a jump is in the heap-allocated decoder or encoder, so no local variable is read after one.
#define _POSIX_C_SOURCE 199309L  // clock_gettime

#include "cjpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jpeglib.h>
#include <jerror.h>

typedef struct {
    struct jpeg_error_mgr manager;  // first: libjpeg hands out a pointer to it
    jmp_buf jump;
    cjpeg_status status;
    char message[JMSG_LENGTH_MAX];
    int follows_scan;  // whether the last segment that was read is a scan
} trap;

static cjpeg_status status_of(int code) {
    switch (code) {
    case JWRN_JPEG_EOF:
    case JERR_INPUT_EMPTY:
    case JERR_INPUT_EOF:
        return CJPEG_TRUNCATED;
    case JERR_OUT_OF_MEMORY:
        return CJPEG_NO_MEMORY;
    case JERR_SOF_UNSUPPORTED:
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
        return CJPEG_UNSUPPORTED;
    case JERR_IMAGE_TOO_BIG:
        return CJPEG_TOO_LARGE;
    default:
        return CJPEG_DAMAGED;
    }
}

static void leave(j_common_ptr info) {
    trap *t = (trap *)info->err;
    t->status = status_of(t->manager.msg_code);
    t->manager.format_message(info, t->message);
    longjmp(t->jump, 1);
}

// The file, a little at a time. libjpeg-turbo has a faster way through scans of which much is at hand; that one takes bad
// codes for zeros without a warning. A piece is shorter than what it asks for.
enum { PIECE = 256 };

typedef struct {
    struct jpeg_source_mgr manager;  // first: libjpeg hands out a pointer to it
    const uint8_t *bytes;
    size_t count;
    size_t offset;  // of the piece after the one that is read
} source;

static void source_nothing(j_decompress_ptr info) { (void)info; }

static boolean source_fill(j_decompress_ptr info) {
    source *s = (source *)info->src;
    if (s->offset == s->count) ERREXIT(info, JERR_INPUT_EOF);
    size_t left = s->count - s->offset;
    s->manager.next_input_byte = s->bytes + s->offset;
    s->manager.bytes_in_buffer = left < PIECE ? left : PIECE;
    s->offset += s->manager.bytes_in_buffer;
    return TRUE;
}

static void source_skip(j_decompress_ptr info, long count) {
    source *s = (source *)info->src;
    if (count <= 0) return;
    size_t wanted = (size_t)count, here = s->manager.bytes_in_buffer;
    if (wanted > here) {
        size_t left = s->count - s->offset, beyond = wanted - here;
        s->offset += beyond < left ? beyond : left;
        wanted = here;
    }
    s->manager.next_input_byte += wanted;
    s->manager.bytes_in_buffer -= wanted;
}

// Whether the stray bytes before the marker that was just read are all zero: what some writers fill up with.
static int is_padding(const struct jpeg_decompress_struct *info, int stray) {
    const source *s = (const source *)info->src;
    // The library's place is the end of the stray bytes, or the start of a piece that begins within the marker.
    size_t at = s->offset - s->manager.bytes_in_buffer;
    if (at > 0) at--;
    while (at + 1 < s->count && !(s->bytes[at] == 0xFF && s->bytes[at + 1] == info->err->msg_parm.i[1])) at++;
    if (stray < 0 || (size_t)stray > at) return 0;
    while (at > 0 && s->bytes[at - 1] == 0xFF) at--;
    for (int i = 1; i <= stray; i++) {
        if ((size_t)i > at || s->bytes[at - (size_t)i] != 0) return 0;
    }
    return 1;
}

// Whether pixels are sound in spite of a warning. All others mean that some were made up: a bad code or progression,
// data that end early or that a restart marker cuts short, data that are left over when a scan has all its pixels.
static int is_harmless(j_common_ptr info) {
    const struct jpeg_error_mgr *manager = info->err;
    switch (manager->msg_code) {
    case JWRN_JFIF_MAJOR:      // a JFIF marker of version 2, which there is not: its density alone is affected
    case JWRN_ADOBE_XFORM:     // an unknown transform, taken for the usual one, as every decoder does
    case JWRN_NOT_SEQUENTIAL:  // a spectral range in a sequential scan, where it means nothing
        return 1;
    case JWRN_EXTRANEOUS_DATA: {  // stray bytes between segments; behind a scan they may be of it
        int marker = manager->msg_parm.i[1];
        if (marker >= JPEG_RST0 && marker < JPEG_RST0 + 8) return 0;
        return !((const trap *)manager)->follows_scan || is_padding((j_decompress_ptr)info, manager->msg_parm.i[0]);
    }
    default:
        return 0;
    }
}

// A warning that pixels were made up ends the decoding as an error does. Remarks tell which segments are read.
static void on_message(j_common_ptr info, int level) {
    trap *t = (trap *)info->err;
    if (level < 0) {
        if (!is_harmless(info)) leave(info);
        return;
    }
    switch (t->manager.msg_code) {
    case JTRC_SOS:
    case JTRC_SOS_COMPONENT:
    case JTRC_SOS_PARAMS:
        t->follows_scan = 1;
        break;
    case JTRC_RST:
    case JTRC_EOI:
        break;
    case JTRC_DHT:
    case JTRC_DQT:
    case JTRC_DRI:
    case JTRC_APP0:
    case JTRC_APP14:
    case JTRC_JFIF:
    case JTRC_ADOBE:
    case JTRC_MISC_MARKER:
        t->follows_scan = 0;
        break;
    default:
        break;
    }
}

static struct jpeg_error_mgr *trap_set(trap *t) {
    jpeg_std_error(&t->manager);
    t->manager.error_exit = leave;
    t->manager.emit_message = on_message;
    return &t->manager;
}

struct cjpeg_decoder {
    struct jpeg_decompress_struct info;
    trap trap;
    struct jpeg_progress_mgr progress;
    source source;
    uint32_t max_scans;
    double max_seconds, start;
    int created;
    cjpeg_header header;
    uint8_t *row;  // one row of CMYK
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// Called by libjpeg between rows of pixels and of coefficients: each scan costs a pass over the image, however few bytes it has.
static void on_progress(j_common_ptr info) {
    cjpeg_decoder *d = (cjpeg_decoder *)info->client_data;
    if (d->info.input_scan_number >= 0 && (uint32_t)d->info.input_scan_number > d->max_scans) {
        d->trap.status = CJPEG_TOO_LARGE;
        snprintf(d->trap.message, sizeof d->trap.message, "more than %u scans", (unsigned)d->max_scans);
        longjmp(d->trap.jump, 1);
    }
    if (now() - d->start > d->max_seconds) {
        d->trap.status = CJPEG_TOO_SLOW;
        snprintf(d->trap.message, sizeof d->trap.message, "more than %g seconds", d->max_seconds);
        longjmp(d->trap.jump, 1);
    }
}

cjpeg_decoder *cjpeg_decoder_new(const uint8_t *bytes, size_t count, uint32_t max_scans, double max_seconds) {
    cjpeg_decoder *d = calloc(1, sizeof *d);
    if (d == NULL) return NULL;
    d->source.bytes = bytes;
    d->source.count = count;
    d->max_scans = max_scans;
    d->max_seconds = max_seconds;
    d->start = now();
    d->info.err = trap_set(&d->trap);
    return d;
}

cjpeg_status cjpeg_read_header(cjpeg_decoder *d, cjpeg_header *header) {
    if (setjmp(d->trap.jump)) return d->trap.status;
    jpeg_create_decompress(&d->info);
    d->created = 1;
    d->info.client_data = d;
    d->progress.progress_monitor = on_progress;
    d->info.progress = &d->progress;
    struct jpeg_source_mgr *manager = &d->source.manager;
    manager->init_source = source_nothing;
    manager->fill_input_buffer = source_fill;
    manager->skip_input_data = source_skip;
    manager->resync_to_restart = jpeg_resync_to_restart;
    manager->term_source = source_nothing;
    d->info.src = manager;
    jpeg_read_header(&d->info, TRUE);
    switch (d->info.jpeg_color_space) {
    case JCS_GRAYSCALE:
        d->info.out_color_space = JCS_GRAYSCALE;
        break;
    case JCS_YCbCr:
    case JCS_RGB:
        d->info.out_color_space = JCS_RGB;
        break;
    case JCS_CMYK:
    case JCS_YCCK:
        d->info.out_color_space = JCS_CMYK;
        break;
    default:
        d->trap.status = CJPEG_UNSUPPORTED;
        snprintf(d->trap.message, sizeof d->trap.message, "%d components of unknown colour", d->info.num_components);
        return CJPEG_UNSUPPORTED;
    }
    d->header.width = d->info.image_width;
    d->header.height = d->info.image_height;
    d->header.channels = d->info.out_color_space == JCS_GRAYSCALE ? 1 : 3;
    *header = d->header;
    return CJPEG_OK;
}

// CMYK in a JPEG is inverted (255 is no ink): Adobe began it, and decoders expect it with or without Adobe's marker.
static void rgb_from_cmyk(const uint8_t *cmyk, uint8_t *rgb, uint32_t width) {
    for (uint32_t x = 0; x < width; x++) {
        unsigned k = cmyk[4 * x + 3];
        for (int c = 0; c < 3; c++) rgb[3 * x + c] = (uint8_t)((cmyk[4 * x + c] * k + 127) / 255);
    }
}

cjpeg_status cjpeg_begin_rows(cjpeg_decoder *d) {
    if (d->info.out_color_space == JCS_CMYK) {
        d->row = malloc((size_t)d->header.width * 4);
        if (d->row == NULL) return CJPEG_NO_MEMORY;
    }
    if (setjmp(d->trap.jump)) return d->trap.status;
    jpeg_start_decompress(&d->info);
    return CJPEG_OK;
}

cjpeg_status cjpeg_read_row(cjpeg_decoder *d, uint8_t *target) {
    if (setjmp(d->trap.jump)) return d->trap.status;
    JSAMPROW row = d->row != NULL ? d->row : target;
    jpeg_read_scanlines(&d->info, &row, 1);
    if (d->row != NULL) rgb_from_cmyk(d->row, target, d->header.width);
    return CJPEG_OK;
}

cjpeg_status cjpeg_end_rows(cjpeg_decoder *d) {
    if (setjmp(d->trap.jump)) return d->trap.status;
    jpeg_finish_decompress(&d->info);
    return CJPEG_OK;
}

const char *cjpeg_decoder_message(const cjpeg_decoder *d) { return d->trap.message; }

void cjpeg_decoder_free(cjpeg_decoder *d) {
    if (d == NULL) return;
    if (d->created) jpeg_destroy_decompress(&d->info);
    free(d->row);
    free(d);
}

struct cjpeg_encoder {
    struct jpeg_compress_struct info;
    trap trap;
    int created;
    unsigned char *bytes;
    unsigned long count;
};

cjpeg_encoder *cjpeg_encoder_new(void) {
    cjpeg_encoder *e = calloc(1, sizeof *e);
    if (e != NULL) e->info.err = trap_set(&e->trap);
    return e;
}

cjpeg_status cjpeg_encode(cjpeg_encoder *e, const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels,
                          int quality) {
    if (setjmp(e->trap.jump)) return e->trap.status;
    jpeg_create_compress(&e->info);
    e->created = 1;
    jpeg_mem_dest(&e->info, &e->bytes, &e->count);
    e->info.image_width = width;
    e->info.image_height = height;
    e->info.input_components = (int)channels;
    e->info.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&e->info);
    jpeg_set_quality(&e->info, quality, TRUE);
    e->info.optimize_coding = TRUE;
    jpeg_start_compress(&e->info, TRUE);
    while (e->info.next_scanline < e->info.image_height) {
        JSAMPROW row = (JSAMPROW)(pixels + (size_t)width * channels * e->info.next_scanline);
        jpeg_write_scanlines(&e->info, &row, 1);
    }
    jpeg_finish_compress(&e->info);
    return CJPEG_OK;
}

const uint8_t *cjpeg_encoded_bytes(const cjpeg_encoder *e) { return e->bytes; }
size_t cjpeg_encoded_count(const cjpeg_encoder *e) { return e->count; }
const char *cjpeg_encoder_message(const cjpeg_encoder *e) { return e->trap.message; }

void cjpeg_encoder_free(cjpeg_encoder *e) {
    if (e == NULL) return;
    if (e->created) jpeg_destroy_compress(&e->info);
    free(e->bytes);
    free(e);
}
