// oneDNN 2: an operation is described by a struct of its own, from which a primitive's description is made.
#include "operations.h"

#if DNNL_VERSION_MAJOR < 3
#include "internal.h"
#include <string.h>

dnnl_status_t layout_make(layout *l, int rank, const int64_t *sizes, dnnl_data_type_t type, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_init_by_tag(l, rank, sizes, type, tag);
}

dnnl_status_t layout_copy(layout *l, layout_view from) {
    *l = *from;
    return dnnl_success;
}

void layout_free(layout *l) { memset(l, 0, sizeof *l); }

dnnl_status_t describe_convolution_forward(
    description d, dnnl_engine_t e, dnnl_prop_kind_t kind, layout_view source, layout_view weights, layout_view bias,
    layout_view destination, const window_sizes *w, attributes_view a) {
    dnnl_convolution_desc_t operation;
    CHECK(dnnl_convolution_forward_desc_init(
        &operation, kind, dnnl_convolution_direct, source, weights, bias, destination, w->strides, w->padding,
        w->padding_behind));
    return dnnl_primitive_desc_create(d, &operation, a, e, NULL);
}

dnnl_status_t describe_convolution_backward_data(
    description d, dnnl_engine_t e, layout_view source, layout_view weights, layout_view destination,
    const window_sizes *w, hint_view hint, attributes_view a) {
    dnnl_convolution_desc_t operation;
    CHECK(dnnl_convolution_backward_data_desc_init(
        &operation, dnnl_convolution_direct, source, weights, destination, w->strides, w->padding, w->padding_behind));
    return dnnl_primitive_desc_create(d, &operation, a, e, hint);
}

dnnl_status_t describe_convolution_backward_weights(
    description d, dnnl_engine_t e, layout_view source, layout_view weights, layout_view destination,
    const window_sizes *w, hint_view hint, attributes_view a) {
    dnnl_convolution_desc_t operation;
    CHECK(dnnl_convolution_backward_weights_desc_init(
        &operation, dnnl_convolution_direct, source, weights, NULL, destination, w->strides, w->padding, w->padding_behind));
    return dnnl_primitive_desc_create(d, &operation, a, e, hint);
}

dnnl_status_t describe_product(
    description d, dnnl_engine_t e, layout_view left, layout_view right, layout_view result, attributes_view a) {
    dnnl_matmul_desc_t operation;
    CHECK(dnnl_matmul_desc_init(&operation, left, right, NULL, result));
    return dnnl_primitive_desc_create(d, &operation, a, e, NULL);
}

dnnl_status_t describe_pooling_forward(
    description d, dnnl_engine_t e, dnnl_prop_kind_t direction, dnnl_alg_kind_t kind, layout_view source,
    layout_view destination, const window_sizes *w, attributes_view a) {
    dnnl_pooling_desc_t operation;
    CHECK(dnnl_pooling_forward_desc_init(
        &operation, direction, kind, source, destination, w->strides, w->kernel, w->padding, w->padding_behind));
    return dnnl_primitive_desc_create(d, &operation, a, e, NULL);
}

dnnl_status_t describe_pooling_backward(
    description d, dnnl_engine_t e, dnnl_alg_kind_t kind, layout_view source, layout_view destination,
    const window_sizes *w, hint_view hint, attributes_view a) {
    dnnl_pooling_desc_t operation;
    CHECK(dnnl_pooling_backward_desc_init(
        &operation, kind, source, destination, w->strides, w->kernel, w->padding, w->padding_behind));
    return dnnl_primitive_desc_create(d, &operation, a, e, hint);
}

dnnl_status_t append_elementwise(dnnl_post_ops_t operations, dnnl_alg_kind_t kind, float alpha, float beta) {
    return dnnl_post_ops_append_eltwise(operations, 1, kind, alpha, beta);
}

dnnl_status_t append_sum(dnnl_post_ops_t operations) { return dnnl_post_ops_append_sum(operations, 1); }
#endif
