import Tensors

/// A frozen convolution with its normalisation folded in. One set of weights serves every batch size whose kernel reads
/// the same layout.
final class FoldedLayer {
    private let weight: Tensor
    private let bias: Tensor
    private var packings: [(by: FrozenConvolution, weights: PackedWeights)] = []

    init(_ weights: ConvolutionWeights) {
        (weight, bias) = weights.folded()
    }

    /// The layer as a step over those buffers.
    func step(
        _ layer: ConvolutionLayer, _ input: any Activations, into output: any Activations, activation: Activation,
        adds: Bool, scratch: Scratch
    ) throws(KernelError) -> ConvolutionStep {
        let convolution = try FrozenConvolution(
            layer.shape(over: input.shape), activation: activation, adds: adds, precision: input.precision,
            scratch: scratch)
        return ConvolutionStep(
            convolution: convolution, weights: packed(for: convolution), bias: bias, input: input, output: output)
    }

    private func packed(for convolution: FrozenConvolution) -> PackedWeights {
        if let known = packings.first(where: { $0.by.sharesPacking(with: convolution) }) { return known.weights }
        let packed = convolution.packed(weight)
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
