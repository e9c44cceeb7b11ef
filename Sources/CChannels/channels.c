#include "CChannels.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF
// Vectors pass between functions that are always inlined, so no calling convention is at stake.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float f16 __attribute__((vector_size(64), aligned(4)));
typedef uint32_t u16 __attribute__((vector_size(64), aligned(4)));
typedef uint16_t h16 __attribute__((vector_size(32), aligned(2)));

static inline float widened1(uint16_t upper) {
    uint32_t bits = (uint32_t)upper << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint16_t rounded1(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x7FFFFFFF) > 0x7F800000) return (uint16_t)(bits >> 16 | 0x40);
    return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

static inline float nearest1(float value) { return widened1(rounded1(value)); }

#define TARGET
#define VARIANT(name) name##_baseline
#include "loops.h"
#undef TARGET
#undef VARIANT

#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2")))
#define VARIANT(name) name##_avx2
#include "loops.h"
#undef TARGET
#undef VARIANT

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
#define VARIANT(name) name##_avx512
#include "loops.h"
#undef TARGET
#undef VARIANT

typedef enum { unknown, baseline, avx2, avx512 } variant;

static variant best(void) {
    static variant found;  // equal whoever writes it
    variant known = __atomic_load_n(&found, __ATOMIC_RELAXED);
    if (known == unknown) {
        __builtin_cpu_init();
        int has512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                     __builtin_cpu_supports("avx512vl");
        known = has512 ? avx512 : __builtin_cpu_supports("avx2") ? avx2 : baseline;
        __atomic_store_n(&found, known, __ATOMIC_RELAXED);
    }
    return known;
}

#define CALL(name, ...)                                   \
    switch (best()) {                                     \
        case avx512: name##_avx512(__VA_ARGS__); break;   \
        case avx2: name##_avx2(__VA_ARGS__); break;       \
        default: name##_baseline(__VA_ARGS__); break;     \
    }
#else
#define CALL(name, ...) name##_baseline(__VA_ARGS__);
#endif

void channels_statistics(
    channels_element element, const void *x, size_t rows, size_t channels, float *mean, float *squares) {
    CALL(statistics, element, x, rows, channels, mean, squares)
}

void channels_normalize(
    channels_element element, const void *x, const float *factor, const float *offset, const void *added,
    channels_activation activation, size_t rows, size_t channels, void *y) {
    CALL(normalize, element, x, factor, offset, added, activation, rows, channels, y)
}

void channels_gradient_sums(
    channels_element element, void *gradient, const void *y, channels_activation activation, const void *x,
    const float *mean, size_t rows, size_t channels, float *sums, float *products) {
    CALL(gradient_sums, element, gradient, y, activation, x, mean, rows, channels, sums, products)
}

void channels_gradient(
    channels_element element, const void *gradient, const void *x, const float *a, const float *b, const float *c,
    size_t rows, size_t channels, void *y) {
    CALL(gradient, element, gradient, x, a, b, c, rows, channels, y)
}

void channels_add(channels_element element, void *y, const void *x, size_t count) { CALL(add, element, y, x, count) }

void channels_mean(channels_element element, const void *x, size_t rows, size_t channels, float *mean) {
    CALL(mean, element, x, rows, channels, mean)
}

void channels_spread(
    channels_element element, const float *values, float factor, size_t rows, size_t channels, void *y) {
    CALL(spread, element, values, factor, rows, channels, y)
}

void channels_tree_sum(
    const float *parts, size_t first, size_t last, size_t stride, size_t count, int rounds, float *sum) {
    CALL(tree_sum, parts, first, last, stride, count, rounds, sum)
}

void channels_round(const float *x, size_t count, uint16_t *y) { CALL(round, x, count, y) }

void channels_widen(const uint16_t *x, size_t count, float *y) { CALL(widen, x, count, y) }

void channels_add_rounded(const uint16_t *x, size_t count, float *y) { CALL(add_rounded, x, count, y) }

void channels_round_in_place(float *x, size_t count) { CALL(round_in_place, x, count) }
