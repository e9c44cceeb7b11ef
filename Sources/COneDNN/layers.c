// Batch normalisation, activations, sums.
#include "internal.h"

#include <string.h>

onednn_status onednn_normalization_forward(const onednn_window *shape, float epsilon, onednn_kernel **kernel) {
    static const argument arguments[] = {
        {DNNL_ARG_SRC, dnnl_query_src_md, 0},       {DNNL_ARG_SCALE, dnnl_query_weights_md, 0},
        {DNNL_ARG_SHIFT, dnnl_query_weights_md, 0}, {DNNL_ARG_MEAN, dnnl_query_dst_md, 1},
        {DNNL_ARG_VARIANCE, dnnl_query_dst_md, 2},  {DNNL_ARG_DST, dnnl_query_dst_md, 0}};
    dnnl_engine_t e;
    layout data;
    dnnl_primitive_attr_t attributes;
    dnnl_primitive_desc_t description = NULL;
    memset(&data, 0, sizeof data);
    dnnl_status_t status = engine(&e);
    if (status == dnnl_success) status = layout_activation(&data, shape);
    if (status == dnnl_success) status = make_attributes(&attributes, 0, onednn_linear);
    if (status == dnnl_success) {
        status = describe_normalization_forward(&description, e, viewed(&data), epsilon, attributes);
        dnnl_primitive_attr_destroy(attributes);
    }
    layout_free(&data);
    return make_kernel(status, description, arguments, 6, kernel);
}

static dnnl_status_t describe_backward(
    dnnl_engine_t e, layout_view data, float epsilon, dnnl_primitive_desc_t *description) {
    dnnl_primitive_attr_t attributes;
    dnnl_primitive_desc_t hint;
    CHECK(describe_normalization_forward(&hint, e, data, epsilon, NULL));
    dnnl_status_t status = make_attributes(&attributes, 0, onednn_linear);
    if (status == dnnl_success) {
        status = describe_normalization_backward(description, e, data, epsilon, hint, attributes);
        dnnl_primitive_attr_destroy(attributes);
    }
    dnnl_primitive_desc_destroy(hint);
    return status;
}

onednn_status onednn_normalization_backward(const onednn_window *shape, float epsilon, onednn_kernel **kernel) {
    static const argument arguments[] = {
        {DNNL_ARG_SRC, dnnl_query_src_md, 0},           {DNNL_ARG_SCALE, dnnl_query_weights_md, 0},
        {unread_shift, dnnl_query_weights_md, 0},       {DNNL_ARG_MEAN, dnnl_query_src_md, 1},
        {DNNL_ARG_VARIANCE, dnnl_query_src_md, 2},
        {DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0}, {DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md, 0},
        {DNNL_ARG_DIFF_SCALE, dnnl_query_diff_weights_md, 0}, {DNNL_ARG_DIFF_SHIFT, dnnl_query_diff_weights_md, 0}};
    dnnl_engine_t e;
    layout data;
    dnnl_primitive_desc_t description = NULL;
    memset(&data, 0, sizeof data);
    dnnl_status_t status = engine(&e);
    if (status == dnnl_success) status = layout_activation(&data, shape);
    if (status == dnnl_success) status = describe_backward(e, viewed(&data), epsilon, &description);
    layout_free(&data);
    return make_kernel(status, description, arguments, 9, kernel);
}

// Elementwise

static dnnl_status_t layout_flat(layout *l, int64_t count) {
    const int64_t sizes[] = {count};
    return layout_make(l, 1, sizes, dnnl_f32, dnnl_x);
}

/// The `use_dst` kinds: backward reads what forward wrote, so forward may work in place.
static dnnl_status_t describe_activation(
    dnnl_engine_t e, layout_view data, onednn_activation activation, int goes_backward,
    dnnl_primitive_desc_t *description) {
    dnnl_alg_kind_t kind =
        activation == onednn_relu6 ? dnnl_eltwise_clip_v2_use_dst_for_bwd : dnnl_eltwise_relu_use_dst_for_bwd;
    float beta = activation == onednn_relu6 ? 6 : 0;
    dnnl_primitive_attr_t attributes;
    if (activation == onednn_linear) return dnnl_invalid_arguments;
    CHECK(make_attributes(&attributes, 0, onednn_linear));
    dnnl_primitive_desc_t forward = NULL;
    dnnl_status_t status = describe_elementwise_forward(&forward, e, kind, data, 0, beta, attributes);
    if (status == dnnl_success && goes_backward) {
        status = describe_elementwise_backward(description, e, kind, data, 0, beta, forward, attributes);
        dnnl_primitive_desc_destroy(forward);
    } else {
        *description = forward;
    }
    dnnl_primitive_attr_destroy(attributes);
    return status;
}

static onednn_status activation_kernel(
    int64_t count, onednn_activation activation, int goes_backward, const argument *arguments, int argument_count,
    onednn_kernel **kernel) {
    dnnl_engine_t e;
    layout data;
    dnnl_primitive_desc_t description = NULL;
    memset(&data, 0, sizeof data);
    dnnl_status_t status = engine(&e);
    if (status == dnnl_success) status = layout_flat(&data, count);
    if (status == dnnl_success) status = describe_activation(e, viewed(&data), activation, goes_backward, &description);
    layout_free(&data);
    return make_kernel(status, description, arguments, argument_count, kernel);
}

onednn_status onednn_activation_forward(int64_t count, onednn_activation activation, onednn_kernel **kernel) {
    static const argument arguments[] = {{DNNL_ARG_SRC, dnnl_query_src_md, 0}, {DNNL_ARG_DST, dnnl_query_dst_md, 0}};
    return activation_kernel(count, activation, 0, arguments, 2, kernel);
}

onednn_status onednn_activation_backward(int64_t count, onednn_activation activation, onednn_kernel **kernel) {
    static const argument arguments[] = {
        {DNNL_ARG_DST, dnnl_query_dst_md, 0}, {DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0},
        {DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md, 0}};
    return activation_kernel(count, activation, 1, arguments, 3, kernel);
}

onednn_status onednn_addition(int64_t count, onednn_activation activation, onednn_kernel **kernel) {
    static const argument arguments[] = {
        {DNNL_ARG_SRC_0, dnnl_query_src_md, 0}, {DNNL_ARG_SRC_1, dnnl_query_src_md, 1},
        {DNNL_ARG_DST, dnnl_query_dst_md, 0}};
    dnnl_engine_t e;
    layout data;
    dnnl_primitive_attr_t attributes;
    dnnl_primitive_desc_t description = NULL;
    memset(&data, 0, sizeof data);
    dnnl_status_t status = engine(&e);
    if (status == dnnl_success) status = layout_flat(&data, count);
    if (status == dnnl_success) status = make_attributes(&attributes, 0, activation);
    if (status == dnnl_success) {
        status = describe_sum_of_two(&description, e, viewed(&data), attributes);
        dnnl_primitive_attr_destroy(attributes);
    }
    layout_free(&data);
    return make_kernel(status, description, arguments, 3, kernel);
}
