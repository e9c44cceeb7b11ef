import CChannels
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
    package func backward(gradient: any Activations, byInput: any Activations) {
        precondition(gradient.shape == output && byInput.shape == input)
        backwardKernel?.run(gradient.start, positions.start, byInput.start)
    }
}

/// Global average pooling: the mean over height and width, [n, h, w, c] → [n, c].
package enum MeanPooling {
    /// Of some images, each into its own row of `y`.
    package static func forward(_ x: any Activations, images: Range<Int>, into y: Tensor) {
        precondition(y.shape == [x.shape[0], x.shape[3]] && images.upperBound <= x.shape[0])
        for image in images {
            channels_mean(
                x.precision.element, x.start(of: image), x.shape[1] * x.shape[2], x.shape[3],
                y.values.baseAddress.map { $0 + image * x.shape[3] })
        }
    }

    /// Every position receives its share, 1 / (h · w), of the mean's gradient.
    package static func backward(gradient: Tensor, images: Range<Int>, byInput: any Activations) {
        let shape = byInput.shape
        precondition(gradient.shape == [shape[0], shape[3]] && images.upperBound <= shape[0])
        let positions = shape[1] * shape[2]
        for image in images {
            channels_spread(
                byInput.precision.element, gradient.values.baseAddress.map { $0 + image * shape[3] },
                1 / Float(positions), positions, shape[3], byInput.start(of: image))
        }
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
