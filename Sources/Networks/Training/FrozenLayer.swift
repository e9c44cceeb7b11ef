import Ranks
import Tensors

/// A layer that does not learn, before others that do: forward alone, over buffers of its own.
protocol FrozenStep {
    func forward() throws(RankFailure)
}

/// A frozen layer with its normalisation folded in, over the pieces of a batch; in bf16 plainly rounded, without the
/// corrections of inference (`ChannelMeans`).
final class FrozenLayer: FrozenStep {
    /// By worker, then by piece.
    private let steps: [[ConvolutionStep]]
    private let split: BatchSplit

    /// `output` has the shape that the layer makes of `input`.
    init(
        _ weights: ConvolutionWeights, _ input: any Activations, into output: any Activations, split: BatchSplit
    ) throws(KernelError) {
        let folded = FoldedLayer(weights)
        var steps: [[ConvolutionStep]] = []
        for scratch in split.scratches.prefix(split.pieces.count) {
            let kernels = ConvolutionKernels(scratch)
            var row: [ConvolutionStep] = []
            for piece in split.pieces {
                let x = input.images(piece)
                let kernel = try Threads.single { () throws(KernelError) in
                    try kernels.convolution(
                        weights.layer.shape(over: x.shape), weights.layer.activation, split.precision)
                }
                row.append(folded.step(kernel, x, into: output.images(piece)))
            }
            steps.append(row)
        }
        (self.steps, self.split) = (steps, split)
    }

    func forward() { split.eachPiece { piece, worker in steps[worker][piece].run() } }
}

/// A frozen layer in train mode: its weights stay, its normalisation uses the batch's statistics and moves the running
/// ones.
final class DriftingLayer: FrozenStep {
    private let layer: NormalizedConvolution

    /// The weights must not change afterwards. `output` has the shape that the layer makes of `input`.
    init(
        _ weights: ConvolutionWeights, _ input: any Activations, into output: any Activations,
        adding shortcut: (any Activations)? = nil, activation: Activation? = nil, split: BatchSplit
    ) throws(KernelError) {
        let convolution = try TrainedConvolution(
            weights.layer.shape(over: input.shape), propagates: false, learns: false, split: split)
        convolution.update(weights.weight)
        layer = NormalizedConvolution(
            weights, input, convolution: convolution, convolved: output, into: output, adding: shortcut,
            activation: activation, split: split)
    }

    func forward() throws(RankFailure) { try layer.forward() }
}
