/// The inner loop of face detection: windows against the stages of a cascade, compiled for the baseline and for AVX2;
/// the wider that this processor has is taken at the first call.
///
/// Both variants perform the same operations in the same order and none contracts them, so results do not depend on the
/// processor.
#ifndef LIKENESS_CWINDOWS_H
#define LIKENESS_CWINDOWS_H

#include <stddef.h>
#include <stdint.h>

/// A cascade's nodes beside the sums over one layer of an image. Everything is borrowed.
struct cascade_windows {
    const int32_t *sums;
    const uint32_t *squares;
    /// From a window's place in the sums: twelve corners a node, four of each rectangle.
    const int32_t *offsets;
    /// Four a node: three rectangles', then 0.
    const float *weights;
    const float *thresholds;
    /// The node of the same tree that follows, counted from its first; 0 where a leaf does.
    const int32_t *next_left, *next_right;
    const float *leaf_left, *leaf_right;
    const double *stage_thresholds;
    /// Trees of a stage: stage_trees[s] to before stage_trees[s + 1]; nodes of a tree likewise.
    const intptr_t *stage_trees, *tree_nodes;
    intptr_t stage_count;
    /// Whether every tree has one node.
    int has_stumps_only;
    /// Eight for each node of the largest tree; written.
    float *node_values;
    /// Corners, from a window's place, of the rectangle that contrast is measured in, and its area in pixels.
    intptr_t inner[4];
    double area;
};

/// Of eight windows next to each other, a bit for each that passes every stage.
///
/// `window` is the place of the first in the sums, of which as many as eight windows need can be read; only the first
/// `count` are judged. `hidden` tells whether the window before the first hides it, and receives the same for what
/// follows: a window that fails the first stage hides the one to its right; a window without contrast does not.
uint8_t cascade_passing(const struct cascade_windows *windows, intptr_t window, unsigned count, int *hidden);

#endif
