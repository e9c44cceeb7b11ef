import Tensors

/// A frozen convolution with its normalisation folded in. One set of weights serves every batch size whose kernel reads
/// the same layout.
package final class FoldedLayer {
    private let weight: Tensor
    /// The same with values that bfloat16 has.
    private let halfWeight: Tensor
    private let bias: Tensor
    /// The bias beside rounded weights.
    private let halfBias: Tensor
    private var packings: [(by: FrozenConvolution, weights: PackedWeights)] = []

    /// - Parameter means: what to expect of the layer's channels, in a network that works in bfloat16; nil in one that
    ///   does not.
    package init(_ weights: ConvolutionWeights, means: ChannelMeans? = nil) {
        let (weight, bias) = weights.folded()
        self.weight = weight
        guard let means else {
            (self.bias, halfWeight, halfBias) = (bias, weight, bias)
            return
        }
        halfWeight = FoldedLayer.rounded(weight, weights.layer)
        (self.bias, halfBias) = FoldedLayer.adjusted(bias, weight, halfWeight, weights.layer, means)
    }

    /// The nearest weights; in a depthwise filter the error of each tap is handed on to the next one, so that smooth
    /// pictures, whose neighbouring values agree, lose nothing.
    private static func rounded(_ weight: Tensor, _ layer: ConvolutionLayer) -> Tensor {
        let rounded = Tensor(weight.shape)
        let area = layer.kernel * layer.kernel
        let isDepthwise = layer.groups == layer.inputs
        for start in stride(from: 0, to: weight.count, by: area) {
            var error: Float = 0
            for index in start..<start + area {
                let wanted = weight.values[index] + error
                rounded.values[index] = HalfTensor.rounded(wanted)
                if isDepthwise { error = wanted - rounded.values[index] }
            }
        }
        return rounded
    }

    /// Biases for an input that is stored around a centre c and an output that is to be: b + Σ w c + shift; and beside
    /// rounded weights ŵ also what rounding takes on average, Σ (w − ŵ) E[x].
    private static func adjusted(
        _ bias: Tensor, _ weight: Tensor, _ halfWeight: Tensor, _ layer: ConvolutionLayer, _ means: ChannelMeans
    ) -> (full: Tensor, half: Tensor) {
        let (full, half) = (Tensor(bias.shape), Tensor(bias.shape))
        let (inputs, area) = (layer.inputs / layer.groups, layer.kernel * layer.kernel)
        for channel in 0..<layer.outputs {
            let first = channel / (layer.outputs / layer.groups) * inputs
            var centre = 0.0
            var lost = 0.0
            for input in 0..<inputs {
                for tap in 0..<area {
                    let index = (channel * inputs + input) * area + tap
                    let value = Double(weight.values[index])
                    centre += value * Double(means.inputCentre[first + input])
                    lost += (value - Double(halfWeight.values[index])) * Double(means.input[first + input])
                }
            }
            let whole = Double(bias.values[channel]) + centre + Double(means.shift[channel])
            full.values[channel] = Float(whole)
            half.values[channel] = Float(whole + lost)
        }
        return (full, half)
    }

    /// The layer as a step over those buffers; the kernel may work on a part of the image.
    func step(_ convolution: FrozenConvolution, _ input: any Activations, into output: any Activations)
        -> ConvolutionStep
    {
        ConvolutionStep(
            convolution: convolution, weights: packed(for: convolution),
            bias: input.precision == .f32 ? bias : halfBias, input: input, output: output)
    }

    private func packed(for convolution: FrozenConvolution) -> PackedWeights {
        if let known = packings.first(where: { $0.by.sharesPacking(with: convolution) }) { return known.weights }
        let packed = convolution.packed(convolution.precision == .f32 ? weight : halfWeight)
        packings.append((convolution, packed))
        return packed
    }
}

struct ConvolutionStep {
    let convolution: FrozenConvolution
    let weights: PackedWeights
    let bias: Tensor
    let input: any Activations
    let output: any Activations

    func run() { convolution.forward(input, weights: weights, bias: bias, into: output) }
}

/// The kernels of one plan: equal layers and equal strips of an image share theirs.
final class ConvolutionKernels {
    private struct Key: Hashable {
        let shape: ConvolutionShape
        let activation: Activation
        let adds: Bool
        let precision: Precision
    }

    private let scratch: Scratch
    private var made: [Key: FrozenConvolution] = [:]

    init(_ scratch: Scratch) { self.scratch = scratch }

    func convolution(
        _ shape: ConvolutionShape, _ activation: Activation, adds: Bool = false, _ precision: Precision
    ) throws(KernelError) -> FrozenConvolution {
        let key = Key(shape: shape, activation: activation, adds: adds, precision: precision)
        if let known = made[key] { return known }
        let convolution = try FrozenConvolution(
            shape, activation: activation, adds: adds, precision: precision, scratch: scratch)
        made[key] = convolution
        return convolution
    }
}
