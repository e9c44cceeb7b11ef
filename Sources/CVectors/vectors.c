#include "CVectors.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

typedef float f16 __attribute__((vector_size(64), aligned(4)));

/// A key that sorts by value, then by index: negative floats are turned around.
static inline uint64_t ordered(float value, uint32_t index) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits ^= (bits >> 31) ? 0xFFFFFFFFu : 0x80000000u;
    return (uint64_t)bits << 32 | index;
}

#define TARGET
#define VARIANT(name) name##_baseline
#if defined(__x86_64__)
#include <immintrin.h>
static inline uint32_t at_most_baseline(const f16 *values, float limit) {
    const float *v = (const float *)values;
    uint32_t lanes = 0;
    for (int i = 0; i < 4; i++)
        lanes |= (uint32_t)_mm_movemask_ps(_mm_cmple_ps(_mm_loadu_ps(v + 4 * i), _mm_set1_ps(limit))) << (4 * i);
    return lanes;
}
#else
static inline uint32_t at_most_baseline(const f16 *values, float limit) {
    const float *v = (const float *)values;
    uint32_t lanes = 0;
    for (int i = 0; i < 16; i++) lanes |= (uint32_t)(v[i] <= limit) << i;
    return lanes;
}
#endif
#define AT_MOST(vector, limit) at_most_baseline(&vector, limit)
#include "kernels.h"
#undef TARGET
#undef VARIANT
#undef AT_MOST

#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2")))
#define VARIANT(name) name##_avx2
TARGET static inline uint32_t at_most_avx2(const f16 *values, float limit) {
    const float *v = (const float *)values;
    __m256 most = _mm256_set1_ps(limit);
    uint32_t low = (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(v), most, _CMP_LE_OQ));
    uint32_t high = (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(v + 8), most, _CMP_LE_OQ));
    return low | high << 8;
}
#define AT_MOST(vector, limit) at_most_avx2(&vector, limit)
#include "kernels.h"
#undef TARGET
#undef VARIANT
#undef AT_MOST

#define TARGET __attribute__((target("avx512f")))
#define VARIANT(name) name##_avx512
#define AT_MOST(vector, limit) \
    (uint32_t) _mm512_cmp_ps_mask(_mm512_loadu_ps(&vector), _mm512_set1_ps(limit), _CMP_LE_OQ)
#include "kernels.h"
#undef TARGET
#undef VARIANT
#undef AT_MOST

typedef enum { unknown, baseline, avx2, avx512 } variant;

static variant best(void) {
    static variant found;  // equal whoever writes it
    variant known = __atomic_load_n(&found, __ATOMIC_RELAXED);
    if (known == unknown) {
        __builtin_cpu_init();
        known = __builtin_cpu_supports("avx512f") ? avx512 : __builtin_cpu_supports("avx2") ? avx2 : baseline;
        __atomic_store_n(&found, known, __ATOMIC_RELAXED);
    }
    return known;
}

#define CALL(name, ...)                             \
    switch (best()) {                               \
        case avx512: return name##_avx512(__VA_ARGS__); \
        case avx2: return name##_avx2(__VA_ARGS__);     \
        default: return name##_baseline(__VA_ARGS__);   \
    }
const char *vectors_variant(void) { return best() == avx512 ? "AVX-512" : best() == avx2 ? "AVX2" : "baseline"; }
#else
#define CALL(name, ...) return name##_baseline(__VA_ARGS__);
const char *vectors_variant(void) { return "baseline"; }
#endif

float vectors_squared_distance(const void *a, const void *b, size_t width) { CALL(squared_distance, a, b, width) }

void vectors_measure(
    const void *query, const void *rows, size_t width, const uint32_t *positions, size_t count, const int64_t *order,
    uint64_t *keys) {
    CALL(measure, query, rows, width, positions, count, order, keys)
}

uint32_t vectors_block(const void *block, const float *point, size_t width, float limit) {
    CALL(block, block, point, width, limit)
}

float vectors_box_distance(const void *point, const void *box, size_t width) { CALL(box_distance, point, box, width) }

size_t vectors_collect(
    const float *products, const float *offsets, size_t count, uint32_t first, float limit, uint64_t *keys, size_t room,
    size_t *written) {
    CALL(collect, products, offsets, count, first, limit, keys, room, written)
}
