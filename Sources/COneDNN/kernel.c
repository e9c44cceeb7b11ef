// A kernel's life: engine, creation, running, end.
#include "internal.h"

#include <pthread.h>
#include <stdlib.h>

static dnnl_engine_t shared_engine;
static dnnl_status_t engine_status;
static pthread_once_t engine_once = PTHREAD_ONCE_INIT;

/// Whatever the reason, no sizes that a caller passes are wrong then.
static void create_engine(void) {
    engine_status = dnnl_engine_create(&shared_engine, dnnl_cpu, 0) == dnnl_success ? dnnl_success : dnnl_runtime_error;
}

dnnl_status_t engine(dnnl_engine_t *result) {
    pthread_once(&engine_once, create_engine);
    *result = shared_engine;
    return engine_status;
}

onednn_status translated(dnnl_status_t status) {
    switch (status) {
    case dnnl_success: return onednn_ok;
    case dnnl_out_of_memory: return onednn_out_of_memory;
    case dnnl_invalid_arguments: return onednn_invalid;
    case dnnl_unimplemented: return onednn_unsupported;
    default: return onednn_failed;
    }
}

int onednn_instructions(void) { return (int)dnnl_get_effective_cpu_isa(); }

int onednn_multiplies_bf16(void) {
    return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
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

// Creation

static dnnl_status_t fuse(dnnl_primitive_attr_t attributes, int adds, onednn_activation activation) {
    dnnl_post_ops_t operations;
    CHECK(dnnl_post_ops_create(&operations));
    dnnl_status_t status = adds ? append_sum(operations) : dnnl_success;
    if (status == dnnl_success && activation == onednn_relu)
        status = append_elementwise(operations, dnnl_eltwise_relu, 0, 0);
    if (status == dnnl_success && activation == onednn_relu6)
        status = append_elementwise(operations, dnnl_eltwise_clip_v2, 0, 6);
    if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(attributes, operations);
    dnnl_post_ops_destroy(operations);
    return status;
}

dnnl_status_t make_attributes(dnnl_primitive_attr_t *attributes, int adds, onednn_activation activation) {
    CHECK(dnnl_primitive_attr_create(attributes));
    dnnl_status_t status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
    if (status == dnnl_success && (adds || activation != onednn_linear)) status = fuse(*attributes, adds, activation);
    if (status == dnnl_success) return dnnl_success;
    dnnl_primitive_attr_destroy(*attributes);
    return status;
}

static dnnl_status_t add_memory(onednn_kernel *k, dnnl_engine_t e, int position, int name, layout_view memory) {
    k->arguments[position].arg = name;
    return dnnl_memory_create(&k->arguments[position].memory, memory, e, DNNL_MEMORY_NONE);
}

static dnnl_status_t build(onednn_kernel *k, const argument *arguments, int count) {
    dnnl_engine_t e;
    CHECK(engine(&e));
    CHECK(dnnl_primitive_create(&k->primitive, k->description));
    CHECK(dnnl_stream_create(&k->stream, e, dnnl_stream_default_flags));
    for (int i = 0; i < count; i++) {
        layout_view memory = dnnl_primitive_desc_query_md(k->description, arguments[i].query, arguments[i].index);
        if (memory == NULL) return dnnl_runtime_error;
        CHECK(add_memory(k, e, i, arguments[i].name, memory));
    }
    k->count = count;
    layout_view scratch = dnnl_primitive_desc_query_md(k->description, dnnl_query_scratchpad_md, 0);
    return add_memory(k, e, count, DNNL_ARG_SCRATCHPAD, scratch);
}

onednn_status make_kernel(
    dnnl_status_t status, dnnl_primitive_desc_t description, const argument *arguments, int count,
    onednn_kernel **result) {
    if (status != dnnl_success) return translated(status);
    onednn_kernel *k = calloc(1, sizeof *k);
    if (k == NULL) {
        dnnl_primitive_desc_destroy(description);
        return onednn_out_of_memory;
    }
    k->description = description;
    status = build(k, arguments, count);
    if (status != dnnl_success) {
        onednn_free(k);
        return translated(status);
    }
    *result = k;
    return onednn_ok;
}

void onednn_free(onednn_kernel *k) {
    if (k == NULL) return;
    for (int i = 0; i <= max_arguments; i++)
        if (k->arguments[i].memory) dnnl_memory_destroy(k->arguments[i].memory);
    if (k->stream) dnnl_stream_destroy(k->stream);
    if (k->primitive) dnnl_primitive_destroy(k->primitive);
    if (k->description) dnnl_primitive_desc_destroy(k->description);
    layout_free(&k->plain_weights);
    layout_free(&k->packed_weights);
    free(k);
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
