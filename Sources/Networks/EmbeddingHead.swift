import Tensors

/// Linear(C, 128) → ReLU → Linear(128, 128) over pooled features; the result is not normalised.
final class EmbeddingHead {
    private let weights: HeadWeights
    private let hidden: Tensor
    private let hiddenGradient: Tensor
    let output: Tensor

    init(_ weights: HeadWeights, batch: Int) {
        self.weights = weights
        hidden = Tensor([batch, HeadWeights.width])
        hiddenGradient = Tensor([batch, HeadWeights.width])
        output = Tensor([batch, HeadWeights.width])
    }

    /// `features` [batch, C] → `output` [batch, 128].
    func forward(_ features: Tensor) {
        Linear.forward(features, weights: weights.weight1, bias: weights.bias1, into: hidden)
        for index in hidden.values.indices { hidden.values[index] = max(hidden.values[index], 0) }
        Linear.forward(hidden, weights: weights.weight2, bias: weights.bias2, into: output)
    }

    /// From the gradient by `output` at the last forward: gradients by the weights, and by the features if wanted.
    func backward(_ features: Tensor, gradient: Tensor, into byWeights: HeadWeights, byFeatures: Tensor?) {
        Linear.backward(
            hidden, weights: weights.weight2, gradient: gradient, byWeights: byWeights.weight2, byBias: byWeights.bias2,
            byInput: hiddenGradient)
        for index in hidden.values.indices where hidden.values[index] <= 0 { hiddenGradient.values[index] = 0 }
        Linear.backward(
            features, weights: weights.weight1, gradient: hiddenGradient, byWeights: byWeights.weight1,
            byBias: byWeights.bias1, byInput: byFeatures)
    }
}
