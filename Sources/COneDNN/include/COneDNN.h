/// The few oneDNN kernels that the networks need, as opaque handles and status codes.
///
/// Activations are NHWC, float32 except where a shape says bfloat16; convolution weights reach the shim as [out, in /
/// groups, height, width] and are packed into the layout that the kernel prefers. dnnl.h is included by the shim's own
/// files alone, and what its versions 2 and 3 spell differently stands in operations2.c and operations3.c. A kernel
/// owns no buffers: the caller passes all of them, scratch included, at every run; that
/// is what lets a run happen on another thread than the creation. One kernel must not run on two threads at once.
#ifndef LIKENESS_CONEDNN_H
#define LIKENESS_CONEDNN_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    onednn_ok = 0,
    onednn_out_of_memory,
    onednn_invalid,
    onednn_unsupported,
    onednn_failed,
} onednn_status;

typedef enum {
    onednn_linear = 0,
    onednn_relu,
    onednn_relu6,
} onednn_activation;

/// What activations and packed weights are made of. Biases and the gradients of weights are always float32.
typedef enum {
    onednn_f32 = 0,
    onednn_bf16,
} onednn_element;

typedef struct onednn_kernel onednn_kernel;

/// Sizes of a square-kernel 2-D convolution; height and width are the input's. `padding` is that of the sides; a strip
/// of an image's rows has its own above and below.
typedef struct {
    int64_t batch, height, width;
    int64_t inputs, outputs, groups;
    int64_t kernel, stride, padding, above, below;
    onednn_element element;
} onednn_convolution;

/// Sizes of a pooling window and its input.
typedef struct {
    int64_t batch, height, width, channels;
    int64_t kernel, stride, padding;
    onednn_element element;
} onednn_window;

/// The instruction sets that kernels use, as oneDNN numbers them; the environment may forbid some.
int onednn_instructions(void);
/// Whether the processor has instructions that multiply bfloat16, as far as `ONEDNN_MAX_CPU_ISA` lets them be used.
int onednn_multiplies_bf16(void);

const char *onednn_message(onednn_status status);

// Convolution. Arguments of a run, in order:
//   forward            source, packed weights, [bias], destination (added to before the activation when `adds`)
//   backward data      destination's gradient, packed weights, source's gradient
//   backward weights   source, destination's gradient, packed weights' gradient (float32)
onednn_status onednn_convolution_forward(
    const onednn_convolution *shape, int has_bias, int adds, onednn_activation activation, onednn_kernel **kernel);
onednn_status onednn_convolution_backward_data(const onednn_convolution *shape, onednn_kernel **kernel);
onednn_status onednn_convolution_backward_weights(const onednn_convolution *shape, onednn_kernel **kernel);

/// Bytes of a convolution's packed weights.
size_t onednn_packed_bytes(const onednn_kernel *kernel);
/// Whether two convolutions read the same packed weights.
int onednn_same_packing(const onednn_kernel *one, const onednn_kernel *other);
onednn_status onednn_pack(onednn_kernel *kernel, const float *plain, void *packed);
onednn_status onednn_unpack(onednn_kernel *kernel, const void *packed, float *plain);

// Product of a step's gradient and its input, summed over the rows: weights' gradient (outputs x inputs, float32) from
// rows x outputs and rows x inputs. Arguments of a run: destination's gradient, source, weights' gradient.
onednn_status onednn_gradient_product(
    onednn_element element, int64_t rows, int64_t outputs, int64_t inputs, onednn_kernel **kernel);

// Max pooling. Arguments:
//   forward    source, destination, [workspace when `keeps_positions`]
//   backward   destination's gradient, workspace, source's gradient
onednn_status onednn_max_pool_forward(const onednn_window *shape, int keeps_positions, onednn_kernel **kernel);
onednn_status onednn_max_pool_backward(const onednn_window *shape, onednn_kernel **kernel);
size_t onednn_workspace_bytes(const onednn_kernel *kernel);

/// Bytes of scratch memory that a run needs, 64-byte aligned.
size_t onednn_scratch_bytes(const onednn_kernel *kernel);
/// The implementation that oneDNN chose, such as "brgconv:avx512_core".
const char *onednn_implementation(const onednn_kernel *kernel);
/// Number of buffers that a run takes, scratch not counted.
int onednn_argument_count(const onednn_kernel *kernel);
onednn_status onednn_run(onednn_kernel *kernel, void *const *buffers, void *scratch);
void onednn_free(onednn_kernel *kernel);

/// Limits the threads that kernels made and run on the calling thread use; returns the limit before, 0 if there is none.
int onednn_limit_threads(int count);

/// c (rows x columns) = op(a) op(b) + beta c, row-major; `inner` is the summed dimension.
onednn_status onednn_matrix_product(
    int transpose_a, int transpose_b, int64_t rows, int64_t columns, int64_t inner, const float *a, const float *b,
    float beta, float *c);

#endif
