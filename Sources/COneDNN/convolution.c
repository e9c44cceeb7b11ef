// Convolutions, and the packing of their weights.
#include "internal.h"

#include <string.h>

typedef struct {
    layout source, weights, plain, bias, destination;
    window_sizes window;
} convolution_layouts;

static void release(convolution_layouts *m) {
    layout_free(&m->source);
    layout_free(&m->weights);
    layout_free(&m->plain);
    layout_free(&m->bias);
    layout_free(&m->destination);
}

/// The weights as the kernel likes them, in that element.
static dnnl_status_t layout_weights(layout *l, const onednn_convolution *s, dnnl_data_type_t type) {
    const int64_t dense[] = {s->outputs, s->inputs, s->kernel, s->kernel};
    const int64_t grouped[] = {s->groups, s->outputs / s->groups, s->inputs / s->groups, s->kernel, s->kernel};
    int rank = s->groups == 1 ? 4 : 5;
    return layout_make(l, rank, s->groups == 1 ? dense : grouped, type, dnnl_format_tag_any);
}

/// On an error `m` may be half made; it is to be released all the same.
static dnnl_status_t describe(const onednn_convolution *s, convolution_layouts *m) {
    memset(m, 0, sizeof *m);
    int64_t height = s->height + s->above + s->below, width = s->width + 2 * s->padding;
    if (s->batch < 1 || s->groups < 1 || s->stride < 1 || s->kernel < 1 || s->inputs % s->groups ||
        s->outputs % s->groups || height < s->kernel || width < s->kernel)
        return dnnl_invalid_arguments;
    const int64_t source[] = {s->batch, s->inputs, s->height, s->width};
    const int64_t destination[] = {
        s->batch, s->outputs, reduced(height, s->kernel, s->stride), reduced(width, s->kernel, s->stride)};
    const int64_t dense[] = {s->outputs, s->inputs, s->kernel, s->kernel};
    const int64_t grouped[] = {s->groups, s->outputs / s->groups, s->inputs / s->groups, s->kernel, s->kernel};
    const int64_t bias[] = {s->outputs};
    int rank = s->groups == 1 ? 4 : 5;
    const int64_t *weights = s->groups == 1 ? dense : grouped;
    CHECK(layout_make(&m->source, 4, source, data_type(s->element), dnnl_nhwc));
    CHECK(layout_make(&m->destination, 4, destination, data_type(s->element), dnnl_nhwc));
    CHECK(layout_weights(&m->weights, s, data_type(s->element)));
    CHECK(layout_make(&m->plain, rank, weights, dnnl_f32, rank == 4 ? dnnl_oihw : dnnl_goihw));
    CHECK(layout_make(&m->bias, 1, bias, dnnl_f32, dnnl_x));
    m->window.strides[0] = m->window.strides[1] = s->stride;
    m->window.padding[0] = s->above;
    m->window.padding_behind[0] = s->below;
    m->window.padding[1] = m->window.padding_behind[1] = s->padding;
    return dnnl_success;
}

/// Keeps how the weights look outside the kernel and inside it.
static onednn_status with_packing(
    onednn_status status, onednn_kernel **kernel, const convolution_layouts *m, dnnl_query_t query) {
    if (status != onednn_ok) return status;
    onednn_kernel *k = *kernel;
    dnnl_status_t copied = layout_copy(&k->plain_weights, viewed(&m->plain));
    if (copied == dnnl_success)
        copied = layout_copy(&k->packed_weights, dnnl_primitive_desc_query_md(k->description, query, 0));
    if (copied == dnnl_success) return onednn_ok;
    onednn_free(k);
    *kernel = NULL;
    return translated(copied);
}

static dnnl_status_t describe_forward(
    const convolution_layouts *m, dnnl_prop_kind_t kind, int has_bias, int adds, onednn_activation activation,
    dnnl_primitive_desc_t *description) {
    dnnl_engine_t e;
    dnnl_primitive_attr_t attributes;
    CHECK(engine(&e));
    CHECK(make_attributes(&attributes, adds, activation));
    dnnl_status_t status = describe_convolution_forward(
        description, e, kind, viewed(&m->source), viewed(&m->weights), has_bias ? viewed(&m->bias) : NULL,
        viewed(&m->destination), &m->window, attributes);
    dnnl_primitive_attr_destroy(attributes);
    return status;
}

onednn_status onednn_convolution_forward(
    const onednn_convolution *shape, int has_bias, int adds, onednn_activation activation, onednn_kernel **kernel) {
    static const argument with_bias[] = {
        {DNNL_ARG_SRC, dnnl_query_src_md, 0}, {DNNL_ARG_WEIGHTS, dnnl_query_weights_md, 0},
        {DNNL_ARG_BIAS, dnnl_query_weights_md, 1}, {DNNL_ARG_DST, dnnl_query_dst_md, 0}};
    static const argument without_bias[] = {
        {DNNL_ARG_SRC, dnnl_query_src_md, 0}, {DNNL_ARG_WEIGHTS, dnnl_query_weights_md, 0},
        {DNNL_ARG_DST, dnnl_query_dst_md, 0}};
    convolution_layouts m;
    dnnl_primitive_desc_t description = NULL;
    dnnl_status_t status = describe(shape, &m);
    // Inference also for trained layers: the arithmetic is the same, and only this kind reads NHWC in the fast kernels.
    if (status == dnnl_success)
        status = describe_forward(&m, dnnl_forward_inference, has_bias, adds, activation, &description);
    onednn_status made =
        make_kernel(status, description, has_bias ? with_bias : without_bias, has_bias ? 4 : 3, kernel);
    made = with_packing(made, kernel, &m, dnnl_query_weights_md);
    release(&m);
    return made;
}

typedef dnnl_status_t (*backward)(
    description, dnnl_engine_t, layout_view, layout_view, layout_view, const window_sizes *, hint_view, attributes_view);

/// A backward primitive is described with a forward one as its hint; `type` is that of its weights or their gradient.
static dnnl_status_t describe_backward(
    const onednn_convolution *shape, backward describe_operation, dnnl_data_type_t type, convolution_layouts *m,
    dnnl_primitive_desc_t *description) {
    dnnl_engine_t e;
    dnnl_primitive_attr_t attributes;
    dnnl_primitive_desc_t hint;
    CHECK(describe(shape, m));
    CHECK(engine(&e));
    CHECK(describe_forward(m, dnnl_forward_training, 0, 0, onednn_linear, &hint));
    layout_free(&m->weights);
    dnnl_status_t status = layout_weights(&m->weights, shape, type);
    if (status == dnnl_success) status = make_attributes(&attributes, 0, onednn_linear);
    if (status == dnnl_success) {
        status = describe_operation(
            description, e, viewed(&m->source), viewed(&m->weights), viewed(&m->destination), &m->window, hint,
            attributes);
        dnnl_primitive_attr_destroy(attributes);
    }
    dnnl_primitive_desc_destroy(hint);
    return status;
}

onednn_status onednn_convolution_backward_data(const onednn_convolution *shape, onednn_kernel **kernel) {
    static const argument arguments[] = {
        {DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0}, {DNNL_ARG_WEIGHTS, dnnl_query_weights_md, 0},
        {DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md, 0}};
    convolution_layouts m;
    dnnl_primitive_desc_t description = NULL;
    dnnl_status_t status = describe_backward(
        shape, describe_convolution_backward_data, data_type(shape->element), &m, &description);
    onednn_status made = make_kernel(status, description, arguments, 3, kernel);
    made = with_packing(made, kernel, &m, dnnl_query_weights_md);
    release(&m);
    return made;
}

onednn_status onednn_convolution_backward_weights(const onednn_convolution *shape, onednn_kernel **kernel) {
    static const argument arguments[] = {
        {DNNL_ARG_SRC, dnnl_query_src_md, 0}, {DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0},
        {DNNL_ARG_DIFF_WEIGHTS, dnnl_query_diff_weights_md, 0}};
    convolution_layouts m;
    dnnl_primitive_desc_t description = NULL;
    dnnl_status_t status = describe_backward(
        shape, describe_convolution_backward_weights, dnnl_f32, &m, &description);
    onednn_status made = make_kernel(status, description, arguments, 3, kernel);
    made = with_packing(made, kernel, &m, dnnl_query_diff_weights_md);
    release(&m);
    return made;
}

// Packing

size_t onednn_packed_bytes(const onednn_kernel *k) { return dnnl_memory_desc_get_size(viewed(&k->packed_weights)); }

int onednn_same_packing(const onednn_kernel *one, const onednn_kernel *other) {
    return dnnl_memory_desc_equal(viewed(&one->packed_weights), viewed(&other->packed_weights));
}

static dnnl_status_t reorder(layout_view from, const void *source, layout_view to, void *destination) {
    dnnl_engine_t e;
    dnnl_primitive_desc_t description = NULL;
    dnnl_primitive_t primitive = NULL;
    dnnl_stream_t stream = NULL;
    dnnl_memory_t in = NULL, out = NULL;
    CHECK(engine(&e));
    dnnl_status_t status = dnnl_reorder_primitive_desc_create(&description, from, e, to, e, NULL);
    if (status == dnnl_success) status = dnnl_primitive_create(&primitive, description);
    if (status == dnnl_success) status = dnnl_stream_create(&stream, e, dnnl_stream_default_flags);
    if (status == dnnl_success) status = dnnl_memory_create(&in, from, e, (void *)source);
    if (status == dnnl_success) status = dnnl_memory_create(&out, to, e, destination);
    if (status == dnnl_success) {
        dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, in}, {DNNL_ARG_TO, out}};
        status = dnnl_primitive_execute(primitive, stream, 2, arguments);
    }
    if (status == dnnl_success) status = dnnl_stream_wait(stream);
    if (out) dnnl_memory_destroy(out);
    if (in) dnnl_memory_destroy(in);
    if (stream) dnnl_stream_destroy(stream);
    if (primitive) dnnl_primitive_destroy(primitive);
    if (description) dnnl_primitive_desc_destroy(description);
    return status;
}

onednn_status onednn_pack(onednn_kernel *k, const float *plain, void *packed) {
    return translated(reorder(viewed(&k->plain_weights), plain, viewed(&k->packed_weights), packed));
}

onednn_status onednn_unpack(onednn_kernel *k, const void *packed, float *plain) {
    return translated(reorder(viewed(&k->packed_weights), packed, viewed(&k->plain_weights), plain));
}
