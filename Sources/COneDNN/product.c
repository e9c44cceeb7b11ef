// The product by which a 1x1 convolution's weights get their gradient.
#include "internal.h"

#include <string.h>

onednn_status onednn_gradient_product(
    onednn_element element, int64_t rows, int64_t outputs, int64_t inputs, onednn_kernel **kernel) {
    static const argument arguments[] = {
        {DNNL_ARG_SRC, dnnl_query_src_md, 0}, {DNNL_ARG_WEIGHTS, dnnl_query_weights_md, 0},
        {DNNL_ARG_DST, dnnl_query_dst_md, 0}};
    const int64_t left[] = {outputs, rows}, right[] = {rows, inputs}, result[] = {outputs, inputs};
    layout a, b, c;
    dnnl_engine_t e;
    dnnl_primitive_attr_t attributes;
    dnnl_primitive_desc_t description = NULL;
    memset(&a, 0, sizeof a);
    memset(&b, 0, sizeof b);
    memset(&c, 0, sizeof c);
    if (rows < 1 || outputs < 1 || inputs < 1) return onednn_invalid;
    dnnl_status_t status = engine(&e);
    // The gradient is kept row by row: its columns are the product's rows.
    if (status == dnnl_success) status = layout_make(&a, 2, left, data_type(element), dnnl_ba);
    if (status == dnnl_success) status = layout_make(&b, 2, right, data_type(element), dnnl_ab);
    if (status == dnnl_success) status = layout_make(&c, 2, result, dnnl_f32, dnnl_ab);
    if (status == dnnl_success) status = make_attributes(&attributes, 0, onednn_linear);
    if (status == dnnl_success) {
        status = describe_product(&description, e, viewed(&a), viewed(&b), viewed(&c), attributes);
        dnnl_primitive_attr_destroy(attributes);
    }
    layout_free(&a);
    layout_free(&b);
    layout_free(&c);
    return make_kernel(status, description, arguments, 3, kernel);
}
