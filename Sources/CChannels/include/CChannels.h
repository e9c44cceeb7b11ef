/// Loops over activations whose innermost dimension is the channel: batch statistics, normalisation with activation and
/// shortcut, their gradients, means; compiled for the baseline, for AVX2 and for AVX-512. The widest that this processor
/// has is taken at the first call.
///
/// Activations are `rows` pixels of `channels` values, float32 or bfloat16; all sums and coefficients are float32. Every
/// variant performs the same operations in the same order and none contracts them, so results do not depend on the
/// processor. A call works on the calling thread alone.
#ifndef LIKENESS_CCHANNELS_H
#define LIKENESS_CCHANNELS_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    channels_f32 = 0,
    channels_bf16,
} channels_element;

typedef enum {
    channels_linear = 0,
    channels_relu,
    channels_relu6,
} channels_activation;

/// Per channel the mean, and the sum of squared differences from it.
void channels_statistics(
    channels_element element, const void *x, size_t rows, size_t channels, float *mean, float *squares);

/// y = activation(factor · x + offset [+ added]); y may be x or `added`, which may be NULL. An activation makes 0 of what
/// is not a number: the statistics tell of it.
void channels_normalize(
    channels_element element, const void *x, const float *factor, const float *offset, const void *added,
    channels_activation activation, size_t rows, size_t channels, void *y);

/// Sets the gradient to zero where the activation that made y was flat; then per channel Σ g and Σ g (x − mean).
void channels_gradient_sums(
    channels_element element, void *gradient, const void *y, channels_activation activation, const void *x,
    const float *mean, size_t rows, size_t channels, float *sums, float *products);

/// y = a · gradient + b · x + c, each by channel.
void channels_gradient(
    channels_element element, const void *gradient, const void *x, const float *a, const float *b, const float *c,
    size_t rows, size_t channels, void *y);

/// y = y + x.
void channels_add(channels_element element, void *y, const void *x, size_t count);

/// Per channel the mean over all rows.
void channels_mean(channels_element element, const void *x, size_t rows, size_t channels, float *mean);

/// Every row = factor · values.
void channels_spread(
    channels_element element, const float *values, float factor, size_t rows, size_t channels, void *y);

/// sum[i] = the parts from `first` to before `last`, each `stride` after the one before it, added as a binary tree over
/// all of them, 8 at most: ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)). Of no parts −0, to which any number adds as it is.
/// With `rounds`, whatever is added is rounded to bfloat16 first; the sum is not.
void channels_tree_sum(
    const float *parts, size_t first, size_t last, size_t stride, size_t count, int rounds, float *sum);

/// y[i] = the nearest bfloat16 to y[i], plus x[i].
void channels_add_rounded(const uint16_t *x, size_t count, float *y);

/// The nearest bfloat16 to each value, in its place.
void channels_round_in_place(float *x, size_t count);

/// The nearest bfloat16 to each value, ties to even; what is not a number stays so.
void channels_round(const float *x, size_t count, uint16_t *y);
/// Exactly.
void channels_widen(const uint16_t *x, size_t count, float *y);

#endif
