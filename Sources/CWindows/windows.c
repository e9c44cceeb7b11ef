#include "CWindows.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF
// Every function that takes vectors is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

// Eight windows next to each other in memory.
typedef float f8 __attribute__((vector_size(32), aligned(4)));
typedef double d8 __attribute__((vector_size(64), aligned(8)));
typedef int32_t i8 __attribute__((vector_size(32), aligned(4)));
typedef uint32_t u8 __attribute__((vector_size(32), aligned(4)));
typedef _Bool b8 __attribute__((ext_vector_type(8)));

#define INLINE TARGET static inline __attribute__((always_inline))

#define TARGET
#define VARIANT(name) name##_baseline
#include "passing.h"
#undef TARGET
#undef VARIANT

#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2")))
#define VARIANT(name) name##_avx2
#include "passing.h"
#undef TARGET
#undef VARIANT

static int has_avx2(void) {
    static int found = -1;  // equal whoever writes it
    int known = __atomic_load_n(&found, __ATOMIC_RELAXED);
    if (known < 0) {
        __builtin_cpu_init();
        known = __builtin_cpu_supports("avx2") ? 1 : 0;
        __atomic_store_n(&found, known, __ATOMIC_RELAXED);
    }
    return known;
}

uint8_t cascade_passing(const struct cascade_windows *windows, intptr_t window, unsigned count, int *hidden) {
    return has_avx2() ? passing_avx2(windows, window, count, hidden) : passing_baseline(windows, window, count, hidden);
}
#else
uint8_t cascade_passing(const struct cascade_windows *windows, intptr_t window, unsigned count, int *hidden) {
    return passing_baseline(windows, window, count, hidden);
}
#endif
