import Ranks
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

/// Memory that all layers use one after another, for no two go backward at once.
package struct TrainingMemory {
    /// The gradient between a layer's normalisation and its convolution.
    let convolved = SharedMemory()
    /// What the pieces of a batch contribute to the gradient by a layer's weights.
    let slots = SharedMemory()

    package init() {}
}

/// A layer that learns, for one batch shape: forward, backward, running statistics.
///
/// Keeps for backward its input (somebody else's memory), the convolution's result and its own output.
final class TrainedLayer {
    /// Gradient by the input after a backward; nil where nothing below is trained.
    let inputGradient: (any Activations)?
    private let layer: NormalizedConvolution
    private let gradients: LayerGradients
    private let memory: TrainingMemory
    private let split: BatchSplit
    private lazy var convolvedGradient = memory.convolved.activations(layer.output.shape, split.precision)

    /// `shortcut` is added before the activation, which is the layer's own where none is given.
    init(
        _ weights: ConvolutionWeights, _ gradients: LayerGradients, input: any Activations,
        adding shortcut: (any Activations)? = nil, activation: Activation? = nil, propagates: Bool,
        learnsWeight: Bool = true, memory: TrainingMemory, split: BatchSplit
    ) throws(KernelError) {
        let shape = weights.layer.shape(over: input.shape)
        let convolution = try TrainedConvolution(
            shape, propagates: propagates, learns: learnsWeight, slots: memory.slots, split: split)
        layer = NormalizedConvolution(
            weights, input, convolution: convolution, convolved: split.precision.zeros(shape.output),
            into: split.precision.zeros(shape.output), adding: shortcut, activation: activation, split: split)
        (self.gradients, self.memory, self.split) = (gradients, memory, split)
        memory.convolved.reserve(shape.output.reduce(1, *), split.precision)
        inputGradient = propagates ? split.precision.zeros(shape.input) : nil
    }

    var output: any Activations { layer.output }

    /// Takes over the weights, before a forward. On one thread.
    func update() { layer.convolution.update(layer.weights.weight) }

    func forward() throws(RankFailure) { try layer.forward() }

    /// `gradient` is by the output; it becomes the one before the activation, which is also the shortcut's.
    func backward(_ gradient: any Activations) throws(RankFailure) {
        let (normalization, convolution) = (layer.normalization, layer.convolution)
        let (input, convolved, convolvedGradient) = (layer.input, layer.convolved, convolvedGradient)
        split.eachPiece { piece, _ in
            normalization.measure(gradient: gradient, y: layer.output, x: convolved, piece: piece)
        }
        try normalization.share()
        normalization.settleGradient(scale: layer.weights.scale, byScale: gradients.scale, byShift: gradients.shift)
        split.eachPiece { piece, worker in
            normalization.backward(convolved, gradient: gradient, byInput: convolvedGradient, piece: piece)
            convolution.backward(
                input, gradient: convolvedGradient, byInput: inputGradient, piece: piece, worker: worker)
        }
        try convolution.sumGradient()
    }

    /// The gradient by the weights, after a backward. On one thread.
    func writeGradient() { layer.convolution.writeGradient(to: gradients.weight) }

    var implementations: [String] { layer.convolution.implementations }
}
