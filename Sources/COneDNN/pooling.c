// Max pooling over windows.
#include "internal.h"

#include <string.h>

typedef struct {
    layout source, destination;
    window_sizes window;
} pool_layouts;

/// On an error `m` may be half made; it is to be released all the same.
static dnnl_status_t describe(const onednn_window *s, pool_layouts *m) {
    memset(m, 0, sizeof *m);
    if (s->batch < 1 || s->stride < 1 || s->kernel < 1 || s->padding >= s->kernel ||
        s->height + 2 * s->padding < s->kernel || s->width + 2 * s->padding < s->kernel)
        return dnnl_invalid_arguments;
    const int64_t destination[] = {
        s->batch, s->channels, reduced(s->height + 2 * s->padding, s->kernel, s->stride),
        reduced(s->width + 2 * s->padding, s->kernel, s->stride)};
    m->window.kernel[0] = m->window.kernel[1] = s->kernel;
    m->window.strides[0] = m->window.strides[1] = s->stride;
    m->window.padding[0] = m->window.padding[1] = s->padding;
    m->window.padding_behind[0] = m->window.padding_behind[1] = s->padding;
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
        description, e, direction, dnnl_pooling_max, viewed(&m->source), viewed(&m->destination), &m->window,
        attributes);
    dnnl_primitive_attr_destroy(attributes);
    return status;
}

onednn_status onednn_max_pool_forward(const onednn_window *shape, int keeps_positions, onednn_kernel **kernel) {
    static const argument arguments[] = {
        {DNNL_ARG_SRC, dnnl_query_src_md, 0}, {DNNL_ARG_DST, dnnl_query_dst_md, 0},
        {DNNL_ARG_WORKSPACE, dnnl_query_workspace_md, 0}};
    pool_layouts m;
    dnnl_primitive_desc_t description = NULL;
    dnnl_status_t status = describe(shape, &m);
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
            description, e, dnnl_pooling_max, viewed(&m->source), viewed(&m->destination), &m->window, hint,
            attributes);
        dnnl_primitive_attr_destroy(attributes);
    }
    dnnl_primitive_desc_destroy(hint);
    return status;
}

onednn_status onednn_max_pool_backward(const onednn_window *shape, onednn_kernel **kernel) {
    static const argument arguments[] = {
        {DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0}, {DNNL_ARG_WORKSPACE, dnnl_query_workspace_md, 0},
        {DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md, 0}};
    pool_layouts m;
    dnnl_primitive_desc_t description = NULL;
    dnnl_status_t status = describe(shape, &m);
    if (status == dnnl_success) status = describe_backward(&m, &description);
    release(&m);
    return make_kernel(status, description, arguments, 3, kernel);
}

size_t onednn_workspace_bytes(const onednn_kernel *k) {
    layout_view memory = dnnl_primitive_desc_query_md(k->description, dnnl_query_workspace_md, 0);
    return memory ? dnnl_memory_desc_get_size(memory) : 0;
}
