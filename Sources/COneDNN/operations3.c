// oneDNN 3: a primitive's description is made directly from layouts, which are handles.
#include "operations.h"

#if DNNL_VERSION_MAJOR >= 3
#include <stddef.h>

static const dnnl_dims_t no_dilation = {0};

dnnl_status_t layout_make(layout *l, int rank, const int64_t *sizes, dnnl_data_type_t type, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_create_with_tag(l, rank, sizes, type, tag);
}

dnnl_status_t layout_copy(layout *l, layout_view from) { return dnnl_memory_desc_clone(l, from); }

void layout_free(layout *l) {
    if (*l) dnnl_memory_desc_destroy(*l);
    *l = NULL;
}

dnnl_status_t describe_convolution_forward(
    description d, dnnl_engine_t e, dnnl_prop_kind_t kind, layout_view source, layout_view weights, layout_view bias,
    layout_view destination, const window_sizes *w, attributes_view a) {
    return dnnl_convolution_forward_primitive_desc_create(
        d, e, kind, dnnl_convolution_direct, source, weights, bias, destination, w->strides, no_dilation, w->padding,
        w->padding_behind, a);
}

dnnl_status_t describe_convolution_backward_data(
    description d, dnnl_engine_t e, layout_view source, layout_view weights, layout_view destination,
    const window_sizes *w, hint_view hint, attributes_view a) {
    return dnnl_convolution_backward_data_primitive_desc_create(
        d, e, dnnl_convolution_direct, source, weights, destination, w->strides, no_dilation, w->padding, w->padding_behind,
        hint, a);
}

dnnl_status_t describe_convolution_backward_weights(
    description d, dnnl_engine_t e, layout_view source, layout_view weights, layout_view destination,
    const window_sizes *w, hint_view hint, attributes_view a) {
    return dnnl_convolution_backward_weights_primitive_desc_create(
        d, e, dnnl_convolution_direct, source, weights, NULL, destination, w->strides, no_dilation, w->padding,
        w->padding_behind, hint, a);
}

dnnl_status_t describe_product(
    description d, dnnl_engine_t e, layout_view left, layout_view right, layout_view result, attributes_view a) {
    return dnnl_matmul_primitive_desc_create(d, e, left, right, NULL, result, a);
}

dnnl_status_t describe_pooling_forward(
    description d, dnnl_engine_t e, dnnl_prop_kind_t direction, dnnl_alg_kind_t kind, layout_view source,
    layout_view destination, const window_sizes *w, attributes_view a) {
    return dnnl_pooling_forward_primitive_desc_create(
        d, e, direction, kind, source, destination, w->strides, w->kernel, no_dilation, w->padding, w->padding_behind, a);
}

dnnl_status_t describe_pooling_backward(
    description d, dnnl_engine_t e, dnnl_alg_kind_t kind, layout_view source, layout_view destination,
    const window_sizes *w, hint_view hint, attributes_view a) {
    return dnnl_pooling_backward_primitive_desc_create(
        d, e, kind, source, destination, w->strides, w->kernel, no_dilation, w->padding, w->padding_behind, hint, a);
}

dnnl_status_t append_elementwise(dnnl_post_ops_t operations, dnnl_alg_kind_t kind, float alpha, float beta) {
    return dnnl_post_ops_append_eltwise(operations, kind, alpha, beta);
}

dnnl_status_t append_sum(dnnl_post_ops_t operations) {
    return dnnl_post_ops_append_sum(operations, 1, 0, dnnl_data_type_undef);
}
#endif
