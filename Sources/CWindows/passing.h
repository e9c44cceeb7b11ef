// Included once for each instruction set.

/// A bit for each lane that holds.
#define BITS(comparison)                                         \
    ({                                                           \
        b8 lanes = __builtin_convertvector((comparison), b8);    \
        uint8_t bits;                                            \
        memcpy(&bits, &lanes, 1);                                \
        bits;                                                    \
    })

INLINE f8 VARIANT(rectangle)(const int32_t *at, const int32_t *corner) {
    i8 sum = *(const i8 *)(at + corner[0]) - *(const i8 *)(at + corner[1]) - *(const i8 *)(at + corner[2])
        + *(const i8 *)(at + corner[3]);
    return __builtin_convertvector(sum, f8);
}

INLINE f8 VARIANT(feature)(const struct cascade_windows *w, intptr_t node, const int32_t *at, f8 factors) {
    const int32_t *corner = w->offsets + 12 * node;
    const float *weight = w->weights + 4 * node;
    f8 value = weight[0] * VARIANT(rectangle)(at, corner) + weight[1] * VARIANT(rectangle)(at, corner + 4);
    if (weight[2] != 0) value += weight[2] * VARIANT(rectangle)(at, corner + 8);
    return value * factors;
}

INLINE f8 VARIANT(chosen)(i8 isLeft, f8 left, f8 right) { return (f8)((isLeft & (i8)left) | (~isLeft & (i8)right)); }

/// The leaf that each window ends in: all nodes are evaluated, children before their parents.
INLINE f8 VARIANT(leaves)(const struct cascade_windows *w, intptr_t tree, const int32_t *at, f8 factors) {
    intptr_t root = w->tree_nodes[tree];
    f8 *values = (f8 *)w->node_values;
    for (intptr_t index = w->tree_nodes[tree + 1] - root; index-- > 0;) {
        intptr_t node = root + index;
        int32_t left = w->next_left[node], right = w->next_right[node];
        f8 below = left ? values[left] : (f8){} + w->leaf_left[node];
        f8 above = right ? values[right] : (f8){} + w->leaf_right[node];
        i8 isLeft = VARIANT(feature)(w, node, at, factors) < w->thresholds[node];
        values[index] = VARIANT(chosen)(isLeft, below, above);
    }
    return values[0];
}

/// A bit for each window that passes a stage.
INLINE uint8_t VARIANT(stage)(const struct cascade_windows *w, intptr_t stage, const int32_t *at, f8 factors) {
    d8 sum = {};
    intptr_t first = w->stage_trees[stage], end = w->stage_trees[stage + 1];
    if (w->has_stumps_only) {
        for (intptr_t node = first; node < end; node++) {
            i8 isLeft = VARIANT(feature)(w, node, at, factors) < w->thresholds[node];
            f8 leaf = VARIANT(chosen)(isLeft, (f8){} + w->leaf_left[node], (f8){} + w->leaf_right[node]);
            sum += __builtin_convertvector(leaf, d8);
        }
    } else {
        for (intptr_t tree = first; tree < end; tree++)
            sum += __builtin_convertvector(VARIANT(leaves)(w, tree, at, factors), d8);
    }
    return BITS(sum >= w->stage_thresholds[stage]);
}

/// 1/(area · σ) of each window, and a bit for each whose σ is over 10 of 255.
INLINE f8 VARIANT(factors)(const struct cascade_windows *w, intptr_t window, uint8_t *contrast) {
    const int32_t *at = w->sums + window;
    const uint32_t *squares = w->squares + window;
    const intptr_t *inner = w->inner;
    i8 sum = *(const i8 *)(at + inner[0]) - *(const i8 *)(at + inner[1]) - *(const i8 *)(at + inner[2])
        + *(const i8 *)(at + inner[3]);
    u8 square = *(const u8 *)(squares + inner[0]) - *(const u8 *)(squares + inner[1]) - *(const u8 *)(squares + inner[2])
        + *(const u8 *)(squares + inner[3]);
    d8 total = __builtin_convertvector(sum, d8);
    d8 variance = w->area * __builtin_convertvector(square, d8) - total * total;
    f8 factors = __builtin_convertvector(1 / __builtin_elementwise_sqrt(variance), f8);
    // Not a number where the variance is negative, infinite where it is 0: neither is below the limit.
    *contrast = BITS(w->area * __builtin_convertvector(factors, d8) < 0.1);
    return factors;
}

/// Of every run of windows that fail, each after a window that is not hidden: the first, the third and so on.
INLINE uint8_t VARIANT(every_other)(uint8_t failing) {
    unsigned even = 0x55, first = failing & ~(failing << 1);
    // Adding a run's first bit clears the run.
    unsigned from_even = failing & ~(failing + (first & even));
    return (uint8_t)((from_even & even) | (failing & ~from_even & ~even));
}

TARGET static uint8_t VARIANT(passing)(
    const struct cascade_windows *w, intptr_t window, unsigned count, int *hidden) {
    uint8_t contrast, judged = (uint8_t)((count < 8 ? 1u << count : 256u) - 1);
    f8 factors = VARIANT(factors)(w, window, &contrast);
    contrast &= judged;
    uint8_t before = *hidden ? 1 : 0;
    *hidden = 0;
    if (!contrast) return 0;
    const int32_t *at = w->sums + window;
    uint8_t passed = VARIANT(stage)(w, 0, at, factors);
    uint8_t failing = VARIANT(every_other)(contrast & (uint8_t)~passed & (uint8_t)~before);
    *hidden = failing >> 7;
    uint8_t alive = contrast & passed & (uint8_t)~(failing << 1 | before);
    for (intptr_t stage = 1; stage < w->stage_count && alive; stage++) alive &= VARIANT(stage)(w, stage, at, factors);
    return alive;
}

#undef BITS
