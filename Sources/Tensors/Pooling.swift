import COneDNN

/// Max pooling over square windows; padding counts as −∞.
package final class MaxPooling {
    package let input: [Int]
    package let output: [Int]
    package let precision: Precision
    private let forwardKernel: Kernel
    private let backwardKernel: Kernel?
    /// Where each maximum stood, kept for backward.
    private let positions: AlignedMemory

    package init(
        input: [Int], kernel: Int, stride: Int, padding: Int, isTrained: Bool = false,
        precision: Precision = .f32, scratch: Scratch
    ) throws(KernelError) {
        var code = onednn_window(nhwc: input)
        (code.kernel, code.stride, code.padding) = (Int64(kernel), Int64(stride), Int64(padding))
        code.element = precision.code
        precondition(precision == .f32 || !isTrained)
        self.precision = precision
        let reduced = { (size: Int) in (size + 2 * padding - kernel) / stride + 1 }
        self.input = input
        output = [input[0], reduced(input[1]), reduced(input[2]), input[3]]
        forwardKernel = try Kernel("max pooling", scratch: scratch) {
            onednn_max_pool_forward(&code, isTrained ? 1 : 0, $0)
        }
        positions = AlignedMemory(byteCount: isTrained ? onednn_workspace_bytes(forwardKernel.handle) : 0)
        backwardKernel =
            isTrained
            ? try Kernel("max pooling, backward", scratch: scratch) { onednn_max_pool_backward(&code, $0) } : nil
    }

    package func forward(_ x: any Activations, into y: any Activations) {
        precondition(x.shape == input && y.shape == output && x.precision == precision && y.precision == precision)
        if backwardKernel == nil {
            forwardKernel.run(x.start, y.start)
        } else {
            forwardKernel.run(x.start, y.start, positions.start)
        }
    }

    /// Each output's gradient goes to the input that was the maximum at the last forward.
    package func backward(gradient: Tensor, byInput: Tensor) {
        precondition(gradient.shape == output && byInput.shape == input)
        backwardKernel?.run(gradient.values.baseAddress, positions.start, byInput.values.baseAddress)
    }
}

/// Global average pooling: the mean over height and width, [n, h, w, c] → [n, c].
package final class MeanPooling {
    package let input: [Int]
    private let forwardKernel: Kernel
    private let backwardKernel: Kernel

    package init(input: [Int], scratch: Scratch) throws(KernelError) {
        var code = onednn_window(nhwc: input)
        self.input = input
        forwardKernel = try Kernel("average pooling", scratch: scratch) { onednn_mean_pool_forward(&code, $0) }
        backwardKernel = try Kernel("average pooling, backward", scratch: scratch) {
            onednn_mean_pool_backward(&code, $0)
        }
    }

    package func forward(_ x: Tensor, into y: Tensor) {
        precondition(x.shape == input && y.shape == [input[0], input[3]])
        forwardKernel.run(x.values.baseAddress, y.values.baseAddress)
    }

    /// Every position receives its share, 1 / (h · w), of the mean's gradient.
    package func backward(gradient: Tensor, byInput: Tensor) {
        precondition(gradient.shape == [input[0], input[3]] && byInput.shape == input)
        backwardKernel.run(gradient.values.baseAddress, byInput.values.baseAddress)
    }
}

extension onednn_window {
    init(nhwc shape: [Int]) {
        precondition(shape.count == 4)
        self.init(
            batch: Int64(shape[0]), height: Int64(shape[1]), width: Int64(shape[2]), channels: Int64(shape[3]),
            kernel: 1, stride: 1, padding: 0, element: onednn_f32)
    }
}
