// Written against oneDNN 2.6 (operation descriptors). Everything that version 3 changed is in this file.
#define _GNU_SOURCE
#include "include/COneDNN.h"

#include <dlfcn.h>
#include <dnnl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { max_arguments = 9 };

struct onednn_kernel {
    dnnl_primitive_desc_t description;
    dnnl_primitive_t primitive;
    dnnl_stream_t stream;
    int count; // arguments that the caller passes; the scratchpad follows them
    dnnl_exec_arg_t arguments[max_arguments + 1];
    void *bound[max_arguments + 1]; // setting a handle may rewrite padding, so an unchanged one is left alone
    dnnl_memory_desc_t plain_weights, packed_weights;
};

static dnnl_engine_t shared_engine;
static dnnl_status_t engine_status;
static pthread_once_t engine_once = PTHREAD_ONCE_INIT;

static void create_engine(void) { engine_status = dnnl_engine_create(&shared_engine, dnnl_cpu, 0); }

static dnnl_status_t engine(dnnl_engine_t *result) {
    pthread_once(&engine_once, create_engine);
    *result = shared_engine;
    return engine_status;
}

static onednn_status translated(dnnl_status_t status) {
    switch (status) {
    case dnnl_success: return onednn_ok;
    case dnnl_out_of_memory: return onednn_out_of_memory;
    case dnnl_invalid_arguments: return onednn_invalid;
    case dnnl_unimplemented: return onednn_unsupported;
    default: return onednn_failed;
    }
}

const char *onednn_message(onednn_status status) {
    switch (status) {
    case onednn_ok: return "done";
    case onednn_out_of_memory: return "out of memory";
    case onednn_invalid: return "invalid sizes";
    case onednn_unsupported: return "no kernel for these sizes";
    default: return "failed";
    }
}

#define CHECK(call)                                  \
    do {                                             \
        dnnl_status_t check_status = (call);         \
        if (check_status != dnnl_success) return check_status; \
    } while (0)

// Creation

typedef struct {
    int name;            // DNNL_ARG_…
    dnnl_query_t query;  // which memory of the primitive it is
    int index;
} argument;

static dnnl_status_t add_memory(onednn_kernel *k, int position, int name, const dnnl_memory_desc_t *memory) {
    dnnl_engine_t e;
    CHECK(engine(&e));
    k->arguments[position].arg = name;
    return dnnl_memory_create(&k->arguments[position].memory, memory, e, DNNL_MEMORY_NONE);
}

static dnnl_status_t build(
    onednn_kernel *k, const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint, const argument *arguments, int count) {
    dnnl_engine_t e;
    CHECK(engine(&e));
    CHECK(dnnl_primitive_desc_create(&k->description, operation, attributes, e, hint));
    CHECK(dnnl_primitive_create(&k->primitive, k->description));
    CHECK(dnnl_stream_create(&k->stream, e, dnnl_stream_default_flags));
    for (int i = 0; i < count; i++) {
        const dnnl_memory_desc_t *memory =
            dnnl_primitive_desc_query_md(k->description, arguments[i].query, arguments[i].index);
        if (memory == NULL) return dnnl_runtime_error;
        CHECK(add_memory(k, i, arguments[i].name, memory));
    }
    k->count = count;
    const dnnl_memory_desc_t *scratch = dnnl_primitive_desc_query_md(k->description, dnnl_query_scratchpad_md, 0);
    return add_memory(k, count, DNNL_ARG_SCRATCHPAD, scratch);
}

/// Takes ownership of the attributes; frees the kernel unless everything succeeded.
static onednn_status finish(
    onednn_kernel *k, const_dnnl_op_desc_t operation, dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint, const argument *arguments, int count, onednn_kernel **result) {
    dnnl_status_t status = build(k, operation, attributes, hint, arguments, count);
    dnnl_primitive_attr_destroy(attributes);
    if (status != dnnl_success) {
        onednn_free(k);
        return translated(status);
    }
    *result = k;
    return onednn_ok;
}

static dnnl_status_t start(onednn_kernel **k, dnnl_primitive_attr_t *attributes) {
    *k = NULL;
    *attributes = NULL;
    onednn_kernel *created = calloc(1, sizeof *created);
    if (created == NULL) return dnnl_out_of_memory;
    dnnl_status_t status = dnnl_primitive_attr_create(attributes);
    if (status == dnnl_success) status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
    if (status != dnnl_success) {
        dnnl_primitive_attr_destroy(*attributes);
        free(created);
        return status;
    }
    *k = created;
    return dnnl_success;
}

static dnnl_status_t append_activation(dnnl_post_ops_t operations, onednn_activation activation) {
    switch (activation) {
    case onednn_relu: return dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0);
    case onednn_relu6: return dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_clip_v2, 0, 6);
    default: return dnnl_success;
    }
}

static dnnl_status_t fuse(dnnl_primitive_attr_t attributes, int adds, onednn_activation activation) {
    dnnl_post_ops_t operations;
    CHECK(dnnl_post_ops_create(&operations));
    dnnl_status_t status = dnnl_success;
    if (adds) status = dnnl_post_ops_append_sum(operations, 1);
    if (status == dnnl_success) status = append_activation(operations, activation);
    if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(attributes, operations);
    dnnl_post_ops_destroy(operations);
    return status;
}

#define START()                                                  \
    onednn_kernel *k;                                            \
    dnnl_primitive_attr_t attributes;                            \
    do {                                                         \
        dnnl_status_t start_status = start(&k, &attributes);     \
        if (start_status != dnnl_success) return translated(start_status); \
    } while (0)

#define TRY(call)                                        \
    do {                                                 \
        dnnl_status_t try_status = (call);               \
        if (try_status != dnnl_success) {                \
            dnnl_primitive_attr_destroy(attributes);     \
            onednn_free(k);                              \
            return translated(try_status);               \
        }                                                \
    } while (0)

// Convolution

static int64_t reduced(int64_t size, int64_t kernel, int64_t stride, int64_t padding) {
    return (size + 2 * padding - kernel) / stride + 1;
}

static dnnl_data_type_t data_type(onednn_element element) { return element == onednn_bf16 ? dnnl_bf16 : dnnl_f32; }

typedef struct {
    dnnl_memory_desc_t source, weights, plain, bias, destination;
    dnnl_dims_t strides, padding;
} convolution_memories;

static dnnl_status_t describe(const onednn_convolution *s, convolution_memories *m) {
    if (s->batch < 1 || s->groups < 1 || s->stride < 1 || s->kernel < 1 || s->inputs % s->groups ||
        s->outputs % s->groups || s->height + 2 * s->padding < s->kernel || s->width + 2 * s->padding < s->kernel)
        return dnnl_invalid_arguments;
    dnnl_dims_t source = {s->batch, s->inputs, s->height, s->width};
    dnnl_dims_t destination = {
        s->batch, s->outputs, reduced(s->height, s->kernel, s->stride, s->padding),
        reduced(s->width, s->kernel, s->stride, s->padding)};
    dnnl_dims_t dense = {s->outputs, s->inputs, s->kernel, s->kernel};
    dnnl_dims_t grouped = {s->groups, s->outputs / s->groups, s->inputs / s->groups, s->kernel, s->kernel};
    dnnl_dims_t bias = {s->outputs};
    int rank = s->groups == 1 ? 4 : 5;
    const dnnl_dim_t *weights = s->groups == 1 ? dense : grouped;
    CHECK(dnnl_memory_desc_init_by_tag(&m->source, 4, source, data_type(s->element), dnnl_nhwc));
    CHECK(dnnl_memory_desc_init_by_tag(&m->destination, 4, destination, data_type(s->element), dnnl_nhwc));
    CHECK(dnnl_memory_desc_init_by_tag(&m->weights, rank, weights, data_type(s->element), dnnl_format_tag_any));
    CHECK(dnnl_memory_desc_init_by_tag(&m->plain, rank, weights, dnnl_f32, rank == 4 ? dnnl_oihw : dnnl_goihw));
    CHECK(dnnl_memory_desc_init_by_tag(&m->bias, 1, bias, dnnl_f32, dnnl_x));
    m->strides[0] = m->strides[1] = s->stride;
    m->padding[0] = m->padding[1] = s->padding;
    return dnnl_success;
}

static onednn_status with_packing(onednn_status status, onednn_kernel **kernel, dnnl_memory_desc_t plain, dnnl_query_t query) {
    if (status != onednn_ok) return status;
    (*kernel)->plain_weights = plain;
    (*kernel)->packed_weights = *dnnl_primitive_desc_query_md((*kernel)->description, query, 0);
    return onednn_ok;
}

onednn_status onednn_convolution_forward(
    const onednn_convolution *shape, int has_bias, int adds, onednn_activation activation, onednn_kernel **kernel) {
    START();
    convolution_memories m;
    dnnl_convolution_desc_t operation;
    TRY(describe(shape, &m));
    TRY(fuse(attributes, adds, activation));
    // Inference also for trained layers: the arithmetic is the same, and only this kind reads NHWC in the fast kernels.
    TRY(dnnl_convolution_forward_desc_init(
        &operation, dnnl_forward_inference, dnnl_convolution_direct, &m.source, &m.weights, has_bias ? &m.bias : NULL,
        &m.destination, m.strides, m.padding, m.padding));
    const argument with_bias[] = {{DNNL_ARG_SRC, dnnl_query_src_md, 0}, {DNNL_ARG_WEIGHTS, dnnl_query_weights_md, 0},
                                  {DNNL_ARG_BIAS, dnnl_query_weights_md, 1}, {DNNL_ARG_DST, dnnl_query_dst_md, 0}};
    const argument without_bias[] = {{DNNL_ARG_SRC, dnnl_query_src_md, 0}, {DNNL_ARG_WEIGHTS, dnnl_query_weights_md, 0},
                                     {DNNL_ARG_DST, dnnl_query_dst_md, 0}};
    return with_packing(
        finish(k, &operation, attributes, NULL, has_bias ? with_bias : without_bias, has_bias ? 4 : 3, kernel), kernel,
        m.plain, dnnl_query_weights_md);
}

/// A backward primitive is created with a forward one as its hint.
static dnnl_status_t forward_hint(const convolution_memories *m, dnnl_primitive_desc_t *hint) {
    dnnl_engine_t e;
    dnnl_convolution_desc_t operation;
    CHECK(engine(&e));
    CHECK(dnnl_convolution_forward_desc_init(
        &operation, dnnl_forward_training, dnnl_convolution_direct, &m->source, &m->weights, NULL, &m->destination,
        m->strides, m->padding, m->padding));
    return dnnl_primitive_desc_create(hint, &operation, NULL, e, NULL);
}

onednn_status onednn_convolution_backward_data(const onednn_convolution *shape, onednn_kernel **kernel) {
    START();
    convolution_memories m;
    dnnl_convolution_desc_t operation;
    dnnl_primitive_desc_t hint;
    TRY(describe(shape, &m));
    TRY(dnnl_convolution_backward_data_desc_init(
        &operation, dnnl_convolution_direct, &m.source, &m.weights, &m.destination, m.strides, m.padding, m.padding));
    TRY(forward_hint(&m, &hint));
    const argument arguments[] = {{DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0},
                                  {DNNL_ARG_WEIGHTS, dnnl_query_weights_md, 0},
                                  {DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md, 0}};
    onednn_status status = finish(k, &operation, attributes, hint, arguments, 3, kernel);
    dnnl_primitive_desc_destroy(hint);
    return with_packing(status, kernel, m.plain, dnnl_query_weights_md);
}

onednn_status onednn_convolution_backward_weights(const onednn_convolution *shape, onednn_kernel **kernel) {
    START();
    convolution_memories m;
    dnnl_convolution_desc_t operation;
    dnnl_primitive_desc_t hint;
    TRY(describe(shape, &m));
    TRY(dnnl_convolution_backward_weights_desc_init(
        &operation, dnnl_convolution_direct, &m.source, &m.weights, NULL, &m.destination, m.strides, m.padding,
        m.padding));
    TRY(forward_hint(&m, &hint));
    const argument arguments[] = {{DNNL_ARG_SRC, dnnl_query_src_md, 0}, {DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0},
                                  {DNNL_ARG_DIFF_WEIGHTS, dnnl_query_diff_weights_md, 0}};
    onednn_status status = finish(k, &operation, attributes, hint, arguments, 3, kernel);
    dnnl_primitive_desc_destroy(hint);
    return with_packing(status, kernel, m.plain, dnnl_query_diff_weights_md);
}

size_t onednn_packed_bytes(const onednn_kernel *k) { return dnnl_memory_desc_get_size(&k->packed_weights); }

int onednn_same_packing(const onednn_kernel *one, const onednn_kernel *other) {
    return dnnl_memory_desc_equal(&one->packed_weights, &other->packed_weights);
}

static dnnl_status_t reorder(
    const dnnl_memory_desc_t *from, const void *source, const dnnl_memory_desc_t *to, void *destination) {
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
    return translated(reorder(&k->plain_weights, plain, &k->packed_weights, packed));
}

onednn_status onednn_unpack(onednn_kernel *k, const void *packed, float *plain) {
    return translated(reorder(&k->packed_weights, packed, &k->plain_weights, plain));
}

// Batch normalisation

static dnnl_status_t describe_activation(const onednn_window *s, dnnl_memory_desc_t *memory) {
    dnnl_dims_t sizes = {s->batch, s->channels, s->height, s->width};
    return dnnl_memory_desc_init_by_tag(memory, 4, sizes, data_type(s->element), dnnl_nhwc);
}

onednn_status onednn_normalization_forward(const onednn_window *shape, float epsilon, onednn_kernel **kernel) {
    START();
    dnnl_memory_desc_t data;
    dnnl_batch_normalization_desc_t operation;
    TRY(describe_activation(shape, &data));
    TRY(dnnl_batch_normalization_forward_desc_init(
        &operation, dnnl_forward_training, &data, epsilon, dnnl_use_scale | dnnl_use_shift));
    const argument arguments[] = {{DNNL_ARG_SRC, dnnl_query_src_md, 0},    {DNNL_ARG_SCALE, dnnl_query_weights_md, 0},
                                  {DNNL_ARG_SHIFT, dnnl_query_weights_md, 0}, {DNNL_ARG_MEAN, dnnl_query_dst_md, 1},
                                  {DNNL_ARG_VARIANCE, dnnl_query_dst_md, 2},  {DNNL_ARG_DST, dnnl_query_dst_md, 0}};
    return finish(k, &operation, attributes, NULL, arguments, 6, kernel);
}

onednn_status onednn_normalization_backward(const onednn_window *shape, float epsilon, onednn_kernel **kernel) {
    START();
    dnnl_engine_t e;
    dnnl_memory_desc_t data;
    dnnl_batch_normalization_desc_t forward, operation;
    dnnl_primitive_desc_t hint;
    TRY(engine(&e));
    TRY(describe_activation(shape, &data));
    TRY(dnnl_batch_normalization_forward_desc_init(
        &forward, dnnl_forward_training, &data, epsilon, dnnl_use_scale | dnnl_use_shift));
    TRY(dnnl_batch_normalization_backward_desc_init(
        &operation, dnnl_backward, &data, &data, epsilon, dnnl_use_scale | dnnl_use_shift));
    TRY(dnnl_primitive_desc_create(&hint, &forward, NULL, e, NULL));
    const argument arguments[] = {
        {DNNL_ARG_SRC, dnnl_query_src_md, 0},           {DNNL_ARG_SCALE, dnnl_query_weights_md, 0},
        {DNNL_ARG_SHIFT, dnnl_query_weights_md, 0}, // not read, but execution insists on it
        {DNNL_ARG_MEAN, dnnl_query_src_md, 1},          {DNNL_ARG_VARIANCE, dnnl_query_src_md, 2},
        {DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0}, {DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md, 0},
        {DNNL_ARG_DIFF_SCALE, dnnl_query_diff_weights_md, 0}, {DNNL_ARG_DIFF_SHIFT, dnnl_query_diff_weights_md, 0}};
    onednn_status status = finish(k, &operation, attributes, hint, arguments, 9, kernel);
    dnnl_primitive_desc_destroy(hint);
    return status;
}

// Elementwise

static dnnl_status_t describe_flat(int64_t count, dnnl_memory_desc_t *memory) {
    dnnl_dims_t sizes = {count};
    return dnnl_memory_desc_init_by_tag(memory, 1, sizes, dnnl_f32, dnnl_x);
}

static const argument forward_pair[] = {{DNNL_ARG_SRC, dnnl_query_src_md, 0}, {DNNL_ARG_DST, dnnl_query_dst_md, 0}};
static const argument backward_pair[] = {
    {DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0}, {DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md, 0}};

static dnnl_status_t describe_elementwise(
    int64_t count, onednn_activation activation, dnnl_memory_desc_t *data, dnnl_eltwise_desc_t *operation) {
    CHECK(describe_flat(count, data));
    // The `use_dst` kinds: backward reads what forward wrote, so forward may work in place.
    return activation == onednn_relu6
        ? dnnl_eltwise_forward_desc_init(operation, dnnl_forward_training, dnnl_eltwise_clip_v2_use_dst_for_bwd, data, 0, 6)
        : dnnl_eltwise_forward_desc_init(operation, dnnl_forward_training, dnnl_eltwise_relu_use_dst_for_bwd, data, 0, 0);
}

onednn_status onednn_activation_forward(int64_t count, onednn_activation activation, onednn_kernel **kernel) {
    START();
    dnnl_memory_desc_t data;
    dnnl_eltwise_desc_t operation;
    TRY(activation == onednn_linear ? dnnl_invalid_arguments : dnnl_success);
    TRY(describe_elementwise(count, activation, &data, &operation));
    return finish(k, &operation, attributes, NULL, forward_pair, 2, kernel);
}

onednn_status onednn_activation_backward(int64_t count, onednn_activation activation, onednn_kernel **kernel) {
    START();
    dnnl_engine_t e;
    dnnl_memory_desc_t data;
    dnnl_eltwise_desc_t forward, operation;
    dnnl_primitive_desc_t hint;
    TRY(engine(&e));
    TRY(activation == onednn_linear ? dnnl_invalid_arguments : dnnl_success);
    TRY(describe_elementwise(count, activation, &data, &forward));
    TRY(activation == onednn_relu6
        ? dnnl_eltwise_backward_desc_init(&operation, dnnl_eltwise_clip_v2_use_dst_for_bwd, &data, &data, 0, 6)
        : dnnl_eltwise_backward_desc_init(&operation, dnnl_eltwise_relu_use_dst_for_bwd, &data, &data, 0, 0));
    TRY(dnnl_primitive_desc_create(&hint, &forward, NULL, e, NULL));
    const argument arguments[] = {{DNNL_ARG_DST, dnnl_query_dst_md, 0},
                                  {DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0},
                                  {DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md, 0}};
    onednn_status status = finish(k, &operation, attributes, hint, arguments, 3, kernel);
    dnnl_primitive_desc_destroy(hint);
    return status;
}

onednn_status onednn_addition(int64_t count, onednn_activation activation, onednn_kernel **kernel) {
    START();
    dnnl_memory_desc_t data;
    dnnl_binary_desc_t operation;
    TRY(describe_flat(count, &data));
    TRY(fuse(attributes, 0, activation));
    TRY(dnnl_binary_desc_init(&operation, dnnl_binary_add, &data, &data, &data));
    const argument arguments[] = {{DNNL_ARG_SRC_0, dnnl_query_src_md, 0}, {DNNL_ARG_SRC_1, dnnl_query_src_md, 1},
                                  {DNNL_ARG_DST, dnnl_query_dst_md, 0}};
    return finish(k, &operation, attributes, NULL, arguments, 3, kernel);
}

// Pooling

typedef struct {
    dnnl_memory_desc_t source, destination;
    dnnl_dims_t kernel, strides, padding;
} pool_memories;

static dnnl_status_t describe_pool(const onednn_window *s, int global, pool_memories *m) {
    if (s->batch < 1 || (!global && (s->stride < 1 || s->kernel < 1 || s->padding >= s->kernel ||
        s->height + 2 * s->padding < s->kernel || s->width + 2 * s->padding < s->kernel)))
        return dnnl_invalid_arguments;
    dnnl_dims_t destination = {s->batch, s->channels, 1, 1};
    if (!global) {
        destination[2] = reduced(s->height, s->kernel, s->stride, s->padding);
        destination[3] = reduced(s->width, s->kernel, s->stride, s->padding);
    }
    m->kernel[0] = global ? s->height : s->kernel;
    m->kernel[1] = global ? s->width : s->kernel;
    m->strides[0] = m->strides[1] = global ? 1 : s->stride;
    m->padding[0] = m->padding[1] = global ? 0 : s->padding;
    CHECK(describe_activation(s, &m->source));
    return dnnl_memory_desc_init_by_tag(&m->destination, 4, destination, data_type(s->element), dnnl_nhwc);
}

static onednn_status pool_forward(
    const onednn_window *shape, int global, int keeps_positions, onednn_kernel **kernel) {
    START();
    pool_memories m;
    dnnl_pooling_desc_t operation;
    TRY(describe_pool(shape, global, &m));
    TRY(dnnl_pooling_forward_desc_init(
        &operation, keeps_positions ? dnnl_forward_training : dnnl_forward_inference,
        global ? dnnl_pooling_avg_exclude_padding : dnnl_pooling_max, &m.source, &m.destination, m.strides, m.kernel,
        m.padding, m.padding));
    const argument arguments[] = {{DNNL_ARG_SRC, dnnl_query_src_md, 0}, {DNNL_ARG_DST, dnnl_query_dst_md, 0},
                                  {DNNL_ARG_WORKSPACE, dnnl_query_workspace_md, 0}};
    return finish(k, &operation, attributes, NULL, arguments, keeps_positions ? 3 : 2, kernel);
}

static onednn_status pool_backward(const onednn_window *shape, int global, onednn_kernel **kernel) {
    START();
    dnnl_engine_t e;
    pool_memories m;
    dnnl_pooling_desc_t forward, operation;
    dnnl_primitive_desc_t hint;
    dnnl_alg_kind_t algorithm = global ? dnnl_pooling_avg_exclude_padding : dnnl_pooling_max;
    TRY(engine(&e));
    TRY(describe_pool(shape, global, &m));
    TRY(dnnl_pooling_forward_desc_init(
        &forward, dnnl_forward_training, algorithm, &m.source, &m.destination, m.strides, m.kernel, m.padding,
        m.padding));
    TRY(dnnl_pooling_backward_desc_init(
        &operation, algorithm, &m.source, &m.destination, m.strides, m.kernel, m.padding, m.padding));
    TRY(dnnl_primitive_desc_create(&hint, &forward, NULL, e, NULL));
    const argument max_arguments_[] = {{DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0},
                                       {DNNL_ARG_WORKSPACE, dnnl_query_workspace_md, 0},
                                       {DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md, 0}};
    onednn_status status =
        finish(k, &operation, attributes, hint, global ? backward_pair : max_arguments_, global ? 2 : 3, kernel);
    dnnl_primitive_desc_destroy(hint);
    return status;
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
    const dnnl_memory_desc_t *memory = dnnl_primitive_desc_query_md(k->description, dnnl_query_workspace_md, 0);
    return memory ? dnnl_memory_desc_get_size(memory) : 0;
}

// Running

size_t onednn_scratch_bytes(const onednn_kernel *k) {
    return dnnl_memory_desc_get_size(dnnl_primitive_desc_query_md(k->description, dnnl_query_scratchpad_md, 0));
}

const char *onednn_implementation(const onednn_kernel *k) {
    const char *name = NULL;
    dnnl_status_t status = dnnl_primitive_desc_query(k->description, dnnl_query_impl_info_str, 0, &name);
    return status == dnnl_success && name ? name : "";
}

int onednn_argument_count(const onednn_kernel *k) { return k->count; }

static dnnl_status_t bind(onednn_kernel *k, int position, void *buffer) {
    if (k->bound[position] == buffer) return dnnl_success;
    CHECK(dnnl_memory_set_data_handle(k->arguments[position].memory, buffer));
    k->bound[position] = buffer;
    return dnnl_success;
}

onednn_status onednn_run(onednn_kernel *k, void *const *buffers, void *scratch) {
    dnnl_status_t status = dnnl_success;
    for (int i = 0; i < k->count && status == dnnl_success; i++) status = bind(k, i, buffers[i]);
    if (status == dnnl_success) status = bind(k, k->count, scratch);
    if (status == dnnl_success) status = dnnl_primitive_execute(k->primitive, k->stream, k->count + 1, k->arguments);
    if (status == dnnl_success) status = dnnl_stream_wait(k->stream);
    return translated(status);
}

void onednn_free(onednn_kernel *k) {
    if (k == NULL) return;
    for (int i = 0; i <= max_arguments; i++)
        if (k->arguments[i].memory) dnnl_memory_destroy(k->arguments[i].memory);
    if (k->stream) dnnl_stream_destroy(k->stream);
    if (k->primitive) dnnl_primitive_destroy(k->primitive);
    if (k->description) dnnl_primitive_desc_destroy(k->description);
    free(k);
}

static int (*get_threads)(void);
static void (*set_threads)(int);
static pthread_once_t threads_once = PTHREAD_ONCE_INIT;

/// The OpenMP runtime came with oneDNN; a oneDNN built on another runtime has none, and then there is no limit to set.
static void find_threads(void) {
    void *get = dlsym(RTLD_DEFAULT, "omp_get_max_threads"), *set = dlsym(RTLD_DEFAULT, "omp_set_num_threads");
    if (get == NULL || set == NULL) return;
    memcpy(&get_threads, &get, sizeof get);
    memcpy(&set_threads, &set, sizeof set);
}

int onednn_limit_threads(int count) {
    pthread_once(&threads_once, find_threads);
    if (set_threads == NULL || count < 1) return 0;
    int before = get_threads();
    set_threads(count);
    return before;
}

onednn_status onednn_matrix_product(
    int transpose_a, int transpose_b, int64_t rows, int64_t columns, int64_t inner, const float *a, const float *b,
    float beta, float *c) {
    return translated(dnnl_sgemm(
        transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', rows, columns, inner, 1, a, transpose_a ? rows : inner, b,
        transpose_b ? inner : columns, beta, c, columns));
}
