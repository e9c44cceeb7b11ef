import Tensors

/// Linear(C, 128) → ReLU → Linear(128, 128) over pooled features; where it normalises, each row is then scaled to
/// length 1.
package final class EmbeddingHead {
    private let weights: HeadWeights
    private let hidden: Tensor
    private let hiddenGradient: Tensor
    private let normalizes: Bool
    /// Of the rows before they were normalised.
    private var lengths: [Float]
    package let output: Tensor

    /// Below this length a row is divided by it instead of its own, as in PyTorch's `normalize`.
    static let smallest: Float = 1e-12

    package init(_ weights: HeadWeights, batch: Int, normalizes: Bool) {
        self.weights = weights
        self.normalizes = normalizes
        hidden = Tensor([batch, HeadWeights.width])
        hiddenGradient = Tensor([batch, HeadWeights.width])
        output = Tensor([batch, HeadWeights.width])
        lengths = [Float](repeating: 1, count: batch)
    }

    /// `features` [batch, C] → `output` [batch, 128].
    package func forward(_ features: Tensor) {
        // Small products; on one thread their sums do not depend on the number of cores.
        Threads.single {
            Linear.forward(features, weights: weights.weight1, bias: weights.bias1, into: hidden)
            for index in hidden.values.indices { hidden.values[index] = max(hidden.values[index], 0) }
            Linear.forward(hidden, weights: weights.weight2, bias: weights.bias2, into: output)
        }
        guard normalizes else { return }
        for row in lengths.indices {
            let values = output.entries(row..<row + 1).values
            let squares = values.reduce(0) { $0 + Double($1) * Double($1) }
            lengths[row] = max(Float(squares.squareRoot()), EmbeddingHead.smallest)
            for index in values.indices { values[index] /= lengths[row] }
        }
    }

    /// From the gradient by `output` at the last forward: gradients by the weights, and by the features if wanted.
    ///
    /// `gradient` is used up. Where y = x/‖x‖, ∂/∂x = (g − y (g · y))/‖x‖.
    package func backward(_ features: Tensor, gradient: Tensor, into byWeights: HeadWeights, byFeatures: Tensor?) {
        if normalizes {
            for row in lengths.indices {
                let (y, g) = (output.entries(row..<row + 1).values, gradient.entries(row..<row + 1).values)
                let along = Float(zip(y, g).reduce(0) { $0 + Double($1.0) * Double($1.1) })
                for index in g.indices { g[index] = (g[index] - y[index] * along) / lengths[row] }
            }
        }
        Threads.single {
            Linear.backward(
                hidden, weights: weights.weight2, gradient: gradient, byWeights: byWeights.weight2,
                byBias: byWeights.bias2, byInput: hiddenGradient)
            for index in hidden.values.indices where hidden.values[index] <= 0 { hiddenGradient.values[index] = 0 }
            Linear.backward(
                features, weights: weights.weight1, gradient: hiddenGradient, byWeights: byWeights.weight1,
                byBias: byWeights.bias1, byInput: byFeatures)
        }
    }
}
