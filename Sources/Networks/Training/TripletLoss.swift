import Tensors

/// Anchors are pulled to their positives and pushed from their negatives until the distances differ by a margin.
///
/// mean of max(d⁺ − d⁻ + margin, 0). Schroff, Kalenichenko, Philbin, "FaceNet", 2015.
package struct TripletLoss {
    package enum Distance: String, Sendable, Hashable, Codable, CaseIterable {
        /// ‖x − y + 10⁻⁶‖₂: PyTorch's `TripletMarginLoss`.
        case euclidean
        /// ‖x − y‖₂²: FaceNet's.
        case squared
    }

    package var margin: Float
    package var distance: Distance

    package init(margin: Float, distance: Distance = .euclidean) {
        (self.margin, self.distance) = (margin, distance)
    }

    package struct Result {
        package var count = 0
        /// Means over the triplets.
        package var loss = 0.0
        package var positiveDistance = 0.0
        package var negativeDistance = 0.0
        /// Triplets with a positive loss: only these have a gradient.
        package var activeCount = 0
        /// Of every triplet, in order.
        package var positiveDistances: [Float] = []
        package var negativeDistances: [Float] = []
    }

    /// Triplets of rows where anchors stand first, then positives, then negatives.
    package static func inThirds(_ count: Int) -> [Triplet] {
        (0..<count).map { Triplet(anchor: $0, positive: count + $0, negative: 2 * count + $0) }
    }

    /// Loss of triplets of rows, and its gradient by the embeddings [n, d]. O(triplets · d).
    ///
    /// Where a triplet is active, ∂/∂a = (u⁺ − u⁻)/n, ∂/∂p = −u⁺/n, ∂/∂n = u⁻/n, with u the distance's gradient by x:
    /// the unit vector along x − y + ε, or 2(x − y) where it is squared.
    package func callAsFunction(_ embeddings: Tensor, _ triplets: [Triplet], gradient: Tensor) -> Result {
        precondition(embeddings.shape.count == 2 && gradient.shape == embeddings.shape)
        let count = triplets.count
        let width = embeddings.shape[1]
        var result = Result()
        result.count = count
        result.positiveDistances.reserveCapacity(count)
        result.negativeDistances.reserveCapacity(count)
        gradient.values.update(repeating: 0)
        for triplet in triplets {
            let (anchor, positive) = (triplet.anchor * width, triplet.positive * width)
            let negative = triplet.negative * width
            let toPositive = self.distance(embeddings, triplet.anchor, triplet.positive)
            let toNegative = self.distance(embeddings, triplet.anchor, triplet.negative)
            let loss = toPositive - toNegative + margin
            result.positiveDistances.append(toPositive)
            result.negativeDistances.append(toNegative)
            result.positiveDistance += Double(toPositive) / Double(count)
            result.negativeDistance += Double(toNegative) / Double(count)
            if loss <= 0 { continue }  // what is no number goes on, to be noticed
            result.loss += Double(loss) / Double(count)
            result.activeCount += 1
            let share = 1 / Float(count)
            for index in 0..<width {
                let x = embeddings.values[anchor + index]
                let u = slope(x - embeddings.values[positive + index], toPositive) * share
                let w = slope(x - embeddings.values[negative + index], toNegative) * share
                gradient.values[anchor + index] += u - w
                gradient.values[positive + index] -= u
                gradient.values[negative + index] += w
            }
        }
        return result
    }

    /// Of two rows. O(d).
    package func distance(_ embeddings: Tensor, _ x: Int, _ y: Int) -> Float {
        let width = embeddings.shape[1]
        let (x, y) = (x * width, y * width)
        let epsilon = self.epsilon
        var sum = 0.0
        for index in 0..<width {
            let difference = Double(embeddings.values[x + index] - embeddings.values[y + index] + epsilon)
            sum += difference * difference
        }
        return Float(distance == .euclidean ? sum.squareRoot() : sum)
    }

    private var epsilon: Float { distance == .euclidean ? 1e-6 : 0 }

    private func slope(_ difference: Float, _ length: Float) -> Float {
        switch distance {
        case .euclidean: length > 0 ? (difference + epsilon) / length : 0
        case .squared: 2 * difference
        }
    }
}
