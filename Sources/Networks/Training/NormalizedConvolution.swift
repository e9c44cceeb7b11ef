import Ranks
import Tensors

/// Convolution, normalisation by the batch, shortcut, activation, for one batch shape; the running statistics move along.
///
/// Forward alone: what is trained adds its gradients to it (`TrainedLayer`).
final class NormalizedConvolution {
    let input: any Activations
    let output: any Activations
    let weights: ConvolutionWeights
    let convolution: TrainedConvolution
    let normalization: BatchNormalization
    /// The convolution's result; the output itself where nobody goes backward.
    let convolved: any Activations
    private let shortcut: (any Activations)?
    private let split: BatchSplit

    /// - Parameters:
    ///   - output: where the result goes, in the layer's shape over `input`; the convolution's result takes its place first,
    ///     so it must be neither `input` nor `shortcut` unless `convolved` is another one.
    ///   - shortcut: added before the activation.
    init(
        _ weights: ConvolutionWeights, _ input: any Activations, convolution: TrainedConvolution,
        convolved: any Activations, into output: any Activations, adding shortcut: (any Activations)? = nil,
        activation: Activation? = nil, split: BatchSplit
    ) {
        (self.weights, self.input, self.output, self.convolved) = (weights, input, output, convolved)
        (self.convolution, self.shortcut, self.split) = (convolution, shortcut, split)
        normalization = BatchNormalization(
            convolution.shape.output, epsilon: ConvolutionWeights.epsilon,
            activation: activation ?? weights.layer.activation, split: split)
    }

    func forward() throws(RankFailure) {
        split.eachPiece { piece, worker in
            convolution.forward(input, into: convolved, piece: piece, worker: worker)
            normalization.measure(convolved, piece: piece)
        }
        try normalization.share()
        normalization.settle(scale: weights.scale, shift: weights.shift)
        split.eachPiece { piece, _ in
            normalization.write(convolved, adding: shortcut, into: output, piece: piece)
        }
        normalization.updateRunning(mean: weights.runningMean, variance: weights.runningVariance)
        weights.batchesTracked += 1
    }
}
