import COneDNN

/// The sizes of a convolution with a square kernel; height and width are the input's.
///
/// `padding` is that of the sides; above and below it is the same unless the input is a strip of an image's rows.
package struct ConvolutionShape: Sendable, Hashable {
    package var batch: Int, height: Int, width: Int
    package var inputs: Int, outputs: Int
    /// `inputs` makes a depthwise convolution.
    package var groups: Int
    package var kernel: Int, stride: Int, padding: Int
    package var above: Int, below: Int

    package init(
        batch: Int, height: Int, width: Int, inputs: Int, outputs: Int, groups: Int = 1, kernel: Int, stride: Int = 1,
        padding: Int = 0
    ) {
        (self.batch, self.height, self.width) = (batch, height, width)
        (self.inputs, self.outputs, self.groups) = (inputs, outputs, groups)
        (self.kernel, self.stride, self.padding) = (kernel, stride, padding)
        (above, below) = (padding, padding)
    }

    package var outputHeight: Int { (height + above + below - kernel) / stride + 1 }
    package var outputWidth: Int { (width + 2 * padding - kernel) / stride + 1 }
    package var input: [Int] { [batch, height, width, inputs] }
    package var output: [Int] { [batch, outputHeight, outputWidth, outputs] }
    /// [out, in / groups, height, width], as PyTorch keeps it.
    package var weights: [Int] { [outputs, inputs / groups, kernel, kernel] }

    /// The same convolution where it makes some of its output's rows alone, and the input's rows that it needs for them.
    package func strip(of rows: Range<Int>) -> (shape: ConvolutionShape, source: Range<Int>) {
        precondition(!rows.isEmpty && rows.lowerBound >= 0 && rows.upperBound <= outputHeight)
        let (first, end) = (rows.lowerBound * stride - above, (rows.upperBound - 1) * stride - above + kernel)
        var strip = self
        let source = max(first, 0)..<min(end, height)
        strip.height = source.count
        strip.above = source.lowerBound - first
        strip.below = end - source.upperBound
        return (strip, source)
    }

    func code(_ precision: Precision) -> onednn_convolution {
        onednn_convolution(
            batch: Int64(batch), height: Int64(height), width: Int64(width), inputs: Int64(inputs),
            outputs: Int64(outputs), groups: Int64(groups), kernel: Int64(kernel), stride: Int64(stride),
            padding: Int64(padding), above: Int64(above), below: Int64(below), element: precision.code)
    }
}

/// Weights in the layout that one convolution kernel reads.
package final class PackedWeights {
    let memory: AlignedMemory
    init(byteCount: Int) { memory = AlignedMemory(byteCount: byteCount) }
}

/// A convolution that only goes forward: y = activation(x ∗ w + b [+ y]).
///
/// With `adds` the output buffer's content (a residual block's shortcut) joins the sum before the activation.
package final class FrozenConvolution {
    package let shape: ConvolutionShape
    package let precision: Precision
    private let kernel: Kernel

    package init(
        _ shape: ConvolutionShape, activation: Activation, adds: Bool = false, precision: Precision = .f32,
        scratch: Scratch
    ) throws(KernelError) {
        self.shape = shape
        self.precision = precision
        try precision.check()
        kernel = try Self.kernel(shape, activation: activation, adds: adds, precision: precision, scratch: scratch)
    }

    static func kernel(
        _ shape: ConvolutionShape, activation: Activation, adds: Bool, precision: Precision, scratch: Scratch
    ) throws(KernelError) -> Kernel {
        try Kernel(precision == .f32 ? "convolution" : "convolution in bf16", scratch: scratch) {
            var code = shape.code(precision)
            return onednn_convolution_forward(&code, 1, adds ? 1 : 0, activation.code, $0)
        }
    }

    package var implementation: String { kernel.implementation }

    /// Weights [out, in / groups, height, width] in this kernel's layout.
    package func packed(_ weights: Tensor) -> PackedWeights {
        precondition(weights.shape == shape.weights)
        let packed = PackedWeights(byteCount: onednn_packed_bytes(kernel.handle))
        kernel.pack(weights, into: packed)
        return packed
    }

    /// Whether weights packed for the other convolution serve this one too.
    package func sharesPacking(with other: FrozenConvolution) -> Bool {
        onednn_same_packing(kernel.handle, other.kernel.handle) != 0
    }

    package func forward(_ x: any Activations, weights: PackedWeights, bias: Tensor, into y: any Activations) {
        precondition(x.shape == shape.input && y.shape == shape.output && bias.shape == [shape.outputs])
        precondition(x.precision == precision && y.precision == precision)
        kernel.run(x.start, weights.memory.start, bias.start, y.start)
    }
}

extension Kernel {
    func pack(_ weights: Tensor, into packed: PackedWeights) {
        let status = onednn_pack(handle, weights.values.baseAddress, packed.memory.start)
        precondition(status == onednn_ok)
    }

    func unpack(_ packed: PackedWeights, into weights: Tensor) {
        let status = onednn_unpack(handle, packed.memory.start, weights.values.baseAddress)
        precondition(status == onednn_ok)
    }
}
