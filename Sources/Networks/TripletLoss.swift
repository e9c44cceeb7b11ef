import Tensors

/// Anchors are pulled to their positives and pushed from their negatives until the distances differ by a margin.
///
/// mean of max(d⁺ − d⁻ + margin, 0) with d = ‖x − y + 10⁻⁶‖₂, PyTorch's `TripletMarginLoss`; Schroff, Kalenichenko,
/// Philbin, "FaceNet", 2015, with distances that are not squared.
package struct TripletLoss {
    package var margin: Float

    package init(margin: Float) { self.margin = margin }

    package struct Result {
        /// Means over the triplets.
        package var loss = 0.0
        package var positiveDistance = 0.0
        package var negativeDistance = 0.0
        /// Triplets with a positive loss: only these have a gradient.
        package var activeCount = 0
    }

    private static let epsilon: Float = 1e-6

    /// Loss of the embeddings [3n, d], anchors first, then positives, then negatives, and its gradient by them.
    ///
    /// Where a triplet is active, ∂/∂a = (u⁺ − u⁻)/n, ∂/∂p = −u⁺/n, ∂/∂n = u⁻/n, with u the unit vector along x − y + ε.
    package func callAsFunction(_ embeddings: Tensor, gradient: Tensor) -> Result {
        precondition(embeddings.shape.count == 2 && embeddings.shape[0] % 3 == 0)
        precondition(gradient.shape == embeddings.shape)
        let count = embeddings.shape[0] / 3
        let width = embeddings.shape[1]
        var result = Result()
        gradient.values.update(repeating: 0)
        for triplet in 0..<count {
            let anchor = triplet * width
            let positive = (count + triplet) * width
            let negative = (2 * count + triplet) * width
            let toPositive = distance(embeddings.values, anchor, positive, width)
            let toNegative = distance(embeddings.values, anchor, negative, width)
            let loss = toPositive - toNegative + margin
            result.positiveDistance += Double(toPositive) / Double(count)
            result.negativeDistance += Double(toNegative) / Double(count)
            guard loss > 0 else { continue }
            result.loss += Double(loss) / Double(count)
            result.activeCount += 1
            let share = 1 / Float(count)
            for index in 0..<width {
                let x = embeddings.values[anchor + index]
                let u = unit(x - embeddings.values[positive + index], toPositive) * share
                let w = unit(x - embeddings.values[negative + index], toNegative) * share
                gradient.values[anchor + index] = u - w
                gradient.values[positive + index] = -u
                gradient.values[negative + index] = w
            }
        }
        return result
    }

    private func distance(_ values: UnsafeMutableBufferPointer<Float>, _ x: Int, _ y: Int, _ width: Int) -> Float {
        var sum = 0.0
        for index in 0..<width {
            let difference = Double(values[x + index] - values[y + index] + TripletLoss.epsilon)
            sum += difference * difference
        }
        return Float(sum.squareRoot())
    }

    private func unit(_ difference: Float, _ distance: Float) -> Float {
        distance > 0 ? (difference + TripletLoss.epsilon) / distance : 0
    }
}
