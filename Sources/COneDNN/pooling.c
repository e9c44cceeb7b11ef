// Max pooling over windows, mean pooling over everything.
#include "internal.h"

#include <string.h>

typedef struct {
    layout source, destination;
    window_sizes window;
    dnnl_alg_kind_t kind;
} pool_layouts;

/// On an error `m` may be half made; it is to be released all the same.
static dnnl_status_t describe(const onednn_window *s, int global, pool_layouts *m) {
    memset(m, 0, sizeof *m);
    if (s->batch < 1 || (!global && (s->stride < 1 || s->kernel < 1 || s->padding >= s->kernel ||
        s->height + 2 * s->padding < s->kernel || s->width + 2 * s->padding < s->kernel)))
        return dnnl_invalid_arguments;
    int64_t destination[] = {s->batch, s->channels, 1, 1};
    if (!global) {
        destination[2] = reduced(s->height + 2 * s->padding, s->kernel, s->stride);
        destination[3] = reduced(s->width + 2 * s->padding, s->kernel, s->stride);
    }
    m->kind = global ? dnnl_pooling_avg_exclude_padding : dnnl_pooling_max;
    m->window.kernel[0] = global ? s->height : s->kernel;
    m->window.kernel[1] = global ? s->width : s->kernel;
    m->window.strides[0] = m->window.strides[1] = global ? 1 : s->stride;
    m->window.padding[0] = m->window.padding[1] = global ? 0 : s->padding;
    m->window.padding_behind[0] = m->window.padding_behind[1] = m->window.padding[0];
    CHECK(layout_activation(&m->source, s));
    return layout_make(&m->destination, 4, destination, data_type(s->element), dnnl_nhwc);
}

static void release(pool_layouts *m) {
    layout_free(&m->source);
    layout_free(&m->destination);
}

static dnnl_status_t describe_forward(
    const pool_layouts *m, dnnl_prop_kind_t direction, dnnl_primitive_desc_t *description) {
    dnnl_engine_t e;
    dnnl_primitive_attr_t attributes;
    CHECK(engine(&e));
    CHECK(make_attributes(&attributes, 0, onednn_linear));
    dnnl_status_t status = describe_pooling_forward(
        description, e, direction, m->kind, viewed(&m->source), viewed(&m->destination), &m->window, attributes);
    dnnl_primitive_attr_destroy(attributes);
    return status;
}

static onednn_status pool_forward(
    const onednn_window *shape, int global, int keeps_positions, onednn_kernel **kernel) {
    static const argument arguments[] = {
        {DNNL_ARG_SRC, dnnl_query_src_md, 0}, {DNNL_ARG_DST, dnnl_query_dst_md, 0},
        {DNNL_ARG_WORKSPACE, dnnl_query_workspace_md, 0}};
    pool_layouts m;
    dnnl_primitive_desc_t description = NULL;
    dnnl_status_t status = describe(shape, global, &m);
    if (status == dnnl_success)
        status = describe_forward(&m, keeps_positions ? dnnl_forward_training : dnnl_forward_inference, &description);
    release(&m);
    return make_kernel(status, description, arguments, keeps_positions ? 3 : 2, kernel);
}

static dnnl_status_t describe_backward(const pool_layouts *m, dnnl_primitive_desc_t *description) {
    dnnl_engine_t e;
    dnnl_primitive_attr_t attributes;
    dnnl_primitive_desc_t hint;
    CHECK(engine(&e));
    CHECK(describe_forward(m, dnnl_forward_training, &hint));
    dnnl_status_t status = make_attributes(&attributes, 0, onednn_linear);
    if (status == dnnl_success) {
        status = describe_pooling_backward(
            description, e, m->kind, viewed(&m->source), viewed(&m->destination), &m->window, hint, attributes);
        dnnl_primitive_attr_destroy(attributes);
    }
    dnnl_primitive_desc_destroy(hint);
    return status;
}

static onednn_status pool_backward(const onednn_window *shape, int global, onednn_kernel **kernel) {
    static const argument mean_arguments[] = {
        {DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0}, {DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md, 0}};
    static const argument max_arguments_[] = {
        {DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0}, {DNNL_ARG_WORKSPACE, dnnl_query_workspace_md, 0},
        {DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md, 0}};
    pool_layouts m;
    dnnl_primitive_desc_t description = NULL;
    dnnl_status_t status = describe(shape, global, &m);
    if (status == dnnl_success) status = describe_backward(&m, &description);
    release(&m);
    return make_kernel(status, description, global ? mean_arguments : max_arguments_, global ? 2 : 3, kernel);
}

onednn_status onednn_max_pool_forward(const onednn_window *shape, int keeps_positions, onednn_kernel **kernel) {
    return pool_forward(shape, 0, keeps_positions, kernel);
}

onednn_status onednn_max_pool_backward(const onednn_window *shape, onednn_kernel **kernel) {
    return pool_backward(shape, 0, kernel);
}

onednn_status onednn_mean_pool_forward(const onednn_window *shape, onednn_kernel **kernel) {
    return pool_forward(shape, 1, 0, kernel);
}

onednn_status onednn_mean_pool_backward(const onednn_window *shape, onednn_kernel **kernel) {
    return pool_backward(shape, 1, kernel);
}

size_t onednn_workspace_bytes(const onednn_kernel *k) {
    layout_view memory = dnnl_primitive_desc_query_md(k->description, dnnl_query_workspace_md, 0);
    return memory ? dnnl_memory_desc_get_size(memory) : 0;
}
