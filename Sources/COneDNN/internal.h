// What the shim's files share. dnnl.h stays behind COneDNN.h's opaque handles.
#ifndef LIKENESS_ONEDNN_INTERNAL_H
#define LIKENESS_ONEDNN_INTERNAL_H

#include "include/COneDNN.h"
#include "operations.h"

enum { max_arguments = 4 };

struct onednn_kernel {
    dnnl_primitive_desc_t description;
    dnnl_primitive_t primitive;
    dnnl_stream_t stream;
    int count; // arguments that the caller passes; the scratchpad follows them
    dnnl_exec_arg_t arguments[max_arguments + 1];
    void *bound[max_arguments + 1]; // setting a handle may rewrite padding, so an unchanged one is left alone
    layout plain_weights, packed_weights;
};

/// Which memory of a primitive an argument is.
typedef struct {
    int name; // DNNL_ARG_…
    dnnl_query_t query;
    int index;
} argument;

#define CHECK(call)                                            \
    do {                                                       \
        dnnl_status_t check_status = (call);                   \
        if (check_status != dnnl_success) return check_status; \
    } while (0)

/// The processor; made once.
dnnl_status_t engine(dnnl_engine_t *result);
onednn_status translated(dnnl_status_t status);

/// Attributes whose scratch memory the caller lends, with what is fused behind the operation.
dnnl_status_t make_attributes(dnnl_primitive_attr_t *attributes, int adds, onednn_activation activation);

/// A kernel of the described operation, or `status` if describing failed. Takes ownership of the description.
onednn_status make_kernel(
    dnnl_status_t status, dnnl_primitive_desc_t description, const argument *arguments, int count,
    onednn_kernel **result);

static inline dnnl_data_type_t data_type(onednn_element element) {
    return element == onednn_bf16 ? dnnl_bf16 : dnnl_f32;
}

/// A size after a window of `kernel` moved over it, `padded` being the size with its border.
static inline int64_t reduced(int64_t padded, int64_t kernel, int64_t stride) { return (padded - kernel) / stride + 1; }

/// NHWC activations of a window's input.
static inline dnnl_status_t layout_activation(layout *l, const onednn_window *s) {
    const int64_t sizes[] = {s->batch, s->channels, s->height, s->width};
    return layout_make(l, 4, sizes, data_type(s->element), dnnl_nhwc);
}

#endif
