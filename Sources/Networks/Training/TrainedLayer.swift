import Tensors

/// The gradients of one layer's parameters.
package final class LayerGradients {
    package let weight: Tensor
    package let scale: Tensor
    package let shift: Tensor

    package init(_ layer: ConvolutionLayer) {
        weight = Tensor(layer.weightShape)
        scale = Tensor([layer.outputs])
        shift = Tensor([layer.outputs])
    }
}

/// Convolution, normalisation by the batch, activation, for one batch shape: forward, backward, running statistics.
///
/// Keeps for backward its input (somebody else's tensor), the convolution's result and its own output. The gradient
/// between normalisation and convolution lives in a buffer that all layers share, for no two go backward at once.
final class TrainedLayer {
    let output: Tensor
    /// Gradient by the input after a backward; nil where nothing below is trained.
    let inputGradient: Tensor?
    private let input: Tensor
    private let weights: ConvolutionWeights
    private let gradients: LayerGradients
    private let convolution: TrainedConvolution
    private let normalization: BatchNormalization
    private let activation: ActivationLayer
    private let convolved: Tensor
    private let shared: SharedTensor
    /// A view of `shared`.
    private lazy var convolvedGradient = shared.viewed(as: convolution.shape.output)

    init(
        _ weights: ConvolutionWeights, _ gradients: LayerGradients, input: Tensor, propagates: Bool,
        learnsWeight: Bool = true,
        shared: SharedTensor, scratch: Scratch
    ) throws(KernelError) {
        let shape = weights.layer.shape(over: input.shape)
        self.weights = weights
        self.gradients = gradients
        self.input = input
        convolution = try TrainedConvolution(shape, propagates: propagates, learns: learnsWeight, scratch: scratch)
        normalization = try BatchNormalization(
            shape.output, epsilon: ConvolutionWeights.epsilon, scratch: scratch)
        output = Tensor(shape.output)
        activation = try ActivationLayer(weights.layer.activation, count: output.count, scratch: scratch)
        convolved = Tensor(shape.output)
        self.shared = shared
        shared.reserve(output.count)
        inputGradient = propagates ? Tensor(shape.input) : nil
    }

    func forward() {
        convolution.update(weights.weight)
        convolution.forward(input, into: convolved)
        normalization.forward(convolved, scale: weights.scale, shift: weights.shift, into: output)
        activation.forward(output)
        normalization.updateRunning(mean: weights.runningMean, variance: weights.runningVariance)
        weights.batchesTracked += 1
    }

    /// `gradient` is by the output; an activation changes it in place.
    func backward(_ gradient: Tensor) {
        activation.backward(output: output, gradient: gradient)
        normalization.backward(
            convolved, scale: weights.scale, shift: weights.shift, gradient: gradient, byScale: gradients.scale,
            byShift: gradients.shift, byInput: convolvedGradient)
        convolution.backward(input, gradient: convolvedGradient, byWeights: gradients.weight, byInput: inputGradient)
    }

    var implementations: [String] { convolution.implementations + normalization.implementations }
}
