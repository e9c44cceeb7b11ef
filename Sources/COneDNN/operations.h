// What versions 2 and 3 of oneDNN spell differently, under one spelling. operations2.c and operations3.c implement it;
// the other files compile against either.
#ifndef LIKENESS_ONEDNN_OPERATIONS_H
#define LIKENESS_ONEDNN_OPERATIONS_H

#include <dnnl.h>
#include <stdint.h>

#if DNNL_VERSION_MAJOR >= 3
/// Owned: `layout_free` it.
typedef dnnl_memory_desc_t layout;
typedef const_dnnl_memory_desc_t layout_view;
static inline layout_view viewed(const layout *l) { return *l; }
#else
typedef dnnl_memory_desc_t layout;
typedef const dnnl_memory_desc_t *layout_view;
static inline layout_view viewed(const layout *l) { return l; }
#endif

/// Sizes, element and order of a block of memory. A zeroed layout may be freed; a freed one is zeroed.
dnnl_status_t layout_make(layout *l, int rank, const int64_t *sizes, dnnl_data_type_t type, dnnl_format_tag_t tag);
dnnl_status_t layout_copy(layout *l, layout_view from);
void layout_free(layout *l);

/// Height and width of a window's step and size, and of the border before and behind what it moves over.
typedef struct {
    dnnl_dims_t strides, kernel, padding, padding_behind;
} window_sizes;

// Every function fills `d` with a description that the caller destroys. Backward ones take the forward one as a hint.
typedef dnnl_primitive_desc_t *description;
typedef const_dnnl_primitive_attr_t attributes_view;
typedef const_dnnl_primitive_desc_t hint_view;

dnnl_status_t describe_convolution_forward(
    description d, dnnl_engine_t e, dnnl_prop_kind_t kind, layout_view source, layout_view weights, layout_view bias,
    layout_view destination, const window_sizes *w, attributes_view a);
dnnl_status_t describe_convolution_backward_data(
    description d, dnnl_engine_t e, layout_view source, layout_view weights, layout_view destination,
    const window_sizes *w, hint_view hint, attributes_view a);
dnnl_status_t describe_convolution_backward_weights(
    description d, dnnl_engine_t e, layout_view source, layout_view weights, layout_view destination,
    const window_sizes *w, hint_view hint, attributes_view a);

dnnl_status_t describe_product(
    description d, dnnl_engine_t e, layout_view left, layout_view right, layout_view result, attributes_view a);

dnnl_status_t describe_pooling_forward(
    description d, dnnl_engine_t e, dnnl_prop_kind_t direction, dnnl_alg_kind_t kind, layout_view source,
    layout_view destination, const window_sizes *w, attributes_view a);
dnnl_status_t describe_pooling_backward(
    description d, dnnl_engine_t e, dnnl_alg_kind_t kind, layout_view source, layout_view destination,
    const window_sizes *w, hint_view hint, attributes_view a);

/// Behind a convolution: x → kind(x).
dnnl_status_t append_elementwise(dnnl_post_ops_t operations, dnnl_alg_kind_t kind, float alpha, float beta);
/// Behind a convolution: adds what the destination held.
dnnl_status_t append_sum(dnnl_post_ops_t operations);

#endif
