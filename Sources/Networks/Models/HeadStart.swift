/// How an embedding head begins.
package enum HeadStart: String, Sendable, CaseIterable {
    /// With random numbers, as PyTorch's linear layers do.
    case random
    /// As the linear map onto the directions in which the faces to learn from differ most.
    case components
}

extension EmbeddingNetwork {
    /// Makes the head a linear map, x ↦ scale · D (x − mean), in its first outputs: what a face looks like to the backbone, in
    /// half as many numbers as the head has.
    ///
    /// The first layer has each direction twice, forwards and backwards; behind the ReLU the second one subtracts the
    /// two: max(z, 0) − max(−z, 0) = z. What is left of the second layer keeps a tenth of its random numbers, so that it can
    /// learn as well.
    ///
    /// - Parameters:
    ///   - directions: rows of as many numbers as the backbone has features; no more than half the head's width are taken.
    ///   - mean: of the features.
    package func startHead(along directions: [[Float]], mean: [Float], scale: Float) {
        let directions = directions.prefix(HeadWeights.width / 2)
        let features = architecture.featureCount
        precondition(mean.count == features && directions.allSatisfy { $0.count == features })
        update { weights in
            let head = weights.head
            for index in head.weight2.values.indices { head.weight2.values[index] *= 0.1 }
            for index in head.bias2.values.indices { head.bias2.values[index] = 0 }
            for (place, direction) in directions.enumerated() {
                let offset = zip(direction, mean).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
                for (row, sign) in [(2 * place, scale), (2 * place + 1, -scale)] {
                    let first = row * features
                    for column in 0..<features { head.weight1.values[first + column] = sign * direction[column] }
                    head.bias1.values[row] = -sign * Float(offset)
                }
                let row = place * HeadWeights.width
                for column in 0..<HeadWeights.width { head.weight2.values[row + column] = 0 }
                head.weight2.values[row + 2 * place] = 1
                head.weight2.values[row + 2 * place + 1] = -1
            }
        }
    }
}
