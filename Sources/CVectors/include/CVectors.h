/// The loops of nearest-neighbour search, compiled for the baseline, for AVX2 and for AVX-512; the widest that this
/// processor has is taken at the first call.
///
/// Every variant performs the same float32 operations in the same order and none contracts them, so results do not
/// depend on the processor. Vectors are rows of `width` steps of sixteen floats, padded with zeros.
#ifndef LIKENESS_CVECTORS_H
#define LIKENESS_CVECTORS_H

#include <stddef.h>
#include <stdint.h>

/// Squared Euclidean distance: lane l of sixteen sums the squares of l, l + 16, … in that order, then halves are added.
float vectors_squared_distance(const void *a, const void *b, size_t width);

/// Squared distances from `query` to rows[positions[i]] as keys: the distance's bits above, then order[position] (the
/// position itself where `order` is NULL), which must fit 32 bits.
void vectors_measure(
    const void *query, const void *rows, size_t width, const uint32_t *positions, size_t count, const int64_t *order,
    uint64_t *keys);

/// Of sixteen vectors laid out coordinate by coordinate, the lanes whose squared distance to `point` is at most `limit`.
uint32_t vectors_block(const void *block, const float *point, size_t width, float limit);

/// The squared distance from a point to a box of `width` steps of lower ends, then as many of upper ends.
float vectors_box_distance(const void *point, const void *box, size_t width);

/// Appends each products[i] + offsets[i] ≤ limit as a key, its bits made to sort like the number above, first + i below,
/// until `room` keys or `count` values are used up. Writes how many keys; returns how many values.
size_t vectors_collect(
    const float *products, const float *offsets, size_t count, uint32_t first, float limit, uint64_t *keys, size_t room,
    size_t *written);

/// `baseline`, `AVX2` or `AVX-512`.
const char *vectors_variant(void);

#endif
