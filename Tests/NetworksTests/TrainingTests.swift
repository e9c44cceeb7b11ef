import Networks
import Tensors
import Testing

@Suite struct TripletLossTests {
    @Test func matchesDistancesByHand() {
        // Anchor 0, positive at distance 5, negative at 2: loss 5 − 2 + 1; the second triplet is already apart.
        let embeddings = Tensor([6, 2], [0, 0, 1, 1, 3, 4, 1, 1, 0, 2, 9, 9])
        let gradient = Tensor([6, 2])
        let result = TripletLoss(margin: 1)(embeddings, TripletLoss.inThirds(2), gradient: gradient)
        #expect(abs(result.loss - 2) < 1e-5)
        #expect(result.activeCount == 1)
        #expect(abs(result.positiveDistance - 2.5) < 1e-5)
        #expect(abs(result.negativeDistance - (2 + 128.0.squareRoot()) / 2) < 1e-5)
        // u⁺ = −(3, 4)/5, u⁻ = (0, −1), over two triplets.
        let expected: [Float] = [-0.3, 0.1, 0, 0, 0.3, 0.4, 0, 0, 0, -0.5, 0, 0]
        #expect(zip(gradient.array, expected).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func gradientMatchesDifferences() {
        var numbers = RandomNumbers(seed: 1, path: [])
        let embeddings = Tensor([12, 16], (0..<192).map { _ in Float(numbers.normal()) })
        let (gradient, ignored) = (Tensor([12, 16]), Tensor([12, 16]))
        let loss = TripletLoss(margin: 3)
        let triplets = TripletLoss.inThirds(4)
        _ = loss(embeddings, triplets, gradient: gradient)
        let error = gradientError(of: embeddings, gradient, step: 1e-2, count: 192) {
            loss(embeddings, triplets, gradient: ignored).loss
        }
        #expect(error < 1e-3)
    }
}

@Suite struct AdamTests {
    @Test func twoStepsByHand() {
        let (values, gradient) = (Tensor([2], [1, -2]), Tensor([2], [0.5, -4]))
        let adam = Optimizer([.init("p", values, gradient: gradient)], learningRate: 0.1)
        // First step: m/(1 − β₁) = g and √v/√(1 − β₂) = |g|, so each parameter moves by the rate.
        adam.step()
        #expect(abs(values.values[0] - 0.9) < 1e-6)
        #expect(abs(values.values[1] + 1.9) < 1e-6)
        // Second step, g = (−0.5, 0): m = .9·.05 − .1·.5 = −.005, v = .999·.00025 + .001·.25 = .00049975;
        // .1/(1 − .81) · −.005 / √(.00049975/.001999) = −.0052632.
        gradient.values[0] = -0.5
        gradient.values[1] = 0
        adam.step()
        #expect(abs(values.values[0] - 0.9052632) < 1e-6)
        // m = −.36, v = .015984: .1/.19 · −.36 / √(.015984/.001999) = −.0670056.
        #expect(abs(values.values[1] + 1.8329944) < 1e-5)
    }
}

@Suite struct EmbeddingHeadTests {
    /// Where embeddings have length 1, the gradient runs through the division by the length too.
    @Test(arguments: [false, true]) func gradientsMatchDifferences(normalizes: Bool) {
        let weights = HeadWeights(features: 24)
        let gradients = HeadWeights(features: 24)
        for (stream, tensor) in [weights.weight1, weights.bias1, weights.weight2, weights.bias2].enumerated() {
            tensor.copy(from: Self.normal(tensor.shape, seed: UInt64(10 + stream)))
        }
        let (x, byFeatures) = (Self.normal([5, 24], seed: 1), Tensor([5, 24]))
        let head = EmbeddingHead(weights, batch: 5, normalizes: normalizes)
        let direction = Self.normal([5, HeadWeights.width], seed: 2)
        let loss = {
            head.forward(x)
            return zip(head.output.values, direction.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        head.forward(x)
        if normalizes {
            for row in 0..<5 {
                let length = head.output.entries(row..<row + 1).values.reduce(0) { $0 + Double($1) * Double($1) }
                #expect(abs(length - 1) < 1e-5)
            }
        }
        head.backward(x, gradient: Tensor(direction.shape, direction.array), into: gradients, byFeatures: byFeatures)
        for (variable, gradient) in [
            (x, byFeatures), (weights.weight1, gradients.weight1), (weights.bias1, gradients.bias1),
            (weights.weight2, gradients.weight2), (weights.bias2, gradients.bias2),
        ] {
            #expect(gradientError(of: variable, gradient, step: 5e-3, count: 120, loss: loss) < 0.02)
        }
    }

    private static func normal(_ shape: [Int], seed: UInt64) -> Tensor {
        var numbers = RandomNumbers(seed: seed, path: [])
        return Tensor(shape, (0..<shape.reduce(1, *)).map { _ in Float(numbers.normal()) })
    }
}

@Suite struct TrainedBlockTests {
    static let blocks: [Block] = [
        Block(
            "bottleneck with identity",
            [
                layer("a", 32, 16, kernel: 1, .relu), layer("b", 16, 16, kernel: 3, .relu),
                layer("c", 16, 32, kernel: 1),
            ],
            shortcut: .identity, activation: .relu),
        Block(
            "bottleneck with projection",
            [
                layer("a", 32, 16, kernel: 1, .relu), layer("b", 16, 16, kernel: 3, stride: 2, .relu),
                layer("c", 16, 48, kernel: 1),
            ],
            shortcut: .projection(layer("d", 32, 48, kernel: 1, stride: 2)), activation: .relu),
        Block(
            "inverted residual",
            [
                layer("a", 32, 64, kernel: 1, .relu6), layer("b", 64, 64, kernel: 3, groups: 64, .relu6),
                layer("c", 64, 32, kernel: 1),
            ],
            shortcut: .identity),
        Block("convolution", [layer("a", 32, 48, kernel: 1, .relu6)]),
    ]

    @Test(arguments: blocks.indices)
    func gradientsMatchDifferences(_ index: Int) throws {
        try check(Self.blocks[index])
    }

    private func check(_ block: Block) throws {
        let x = normal([3, 6, 6, 32], seed: 1)
        let layers = Stage.block(block).layers.enumerated().map { index, layer in
            let weights = ConvolutionWeights(layer)
            weights.weight.copy(from: normal(weights.weight.shape, seed: UInt64(10 + index)))
            weights.scale.copy(from: normal(weights.scale.shape, seed: UInt64(20 + index)))
            weights.shift.copy(from: normal(weights.shift.shape, seed: UInt64(30 + index)))
            return (weights: weights, gradients: LayerGradients(layer))
        }
        // On one thread: hundreds of small forwards, each too short to share.
        let split = BatchSplit(images: 3, precision: .f32, scratches: [Scratch()])
        let trained = try TrainedBlock(block, layers, frozenCount: 0, input: x, propagates: true, split: split)
        let output = try #require(trained.output as? Tensor)
        let gradient = normal(output.shape, seed: 2)
        let loss = {
            trained.update()
            try trained.forward()
            return zip(output.values, gradient.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        trained.update()
        try trained.forward()
        let passed = Tensor(gradient.shape, gradient.array)
        try trained.backward(passed)
        trained.writeGradients()
        let byInput = try #require(trained.inputGradient as? Tensor)
        #expect(try gradientError(of: x, byInput, step: 2e-3, loss: loss) < 0.05)
        for (weights, gradients) in layers {
            #expect(try gradientError(of: weights.weight, gradients.weight, step: 2e-3, loss: loss) < 0.05)
            #expect(try gradientError(of: weights.scale, gradients.scale, step: 5e-4, loss: loss) < 0.05)
            #expect(try gradientError(of: weights.shift, gradients.shift, step: 5e-4, loss: loss) < 0.05)
        }
    }

    private static func layer(
        _ name: String, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
        _ activation: Activation = .none
    ) -> ConvolutionLayer {
        ConvolutionLayer(
            name, normalization: "\(name).bn", inputs, outputs, kernel: kernel, stride: stride, groups: groups,
            activation)
    }

    private func normal(_ shape: [Int], seed: UInt64) -> Tensor {
        var numbers = RandomNumbers(seed: seed, path: [])
        return Tensor(shape, (0..<shape.reduce(1, *)).map { _ in Float(numbers.normal()) })
    }
}

/// How far central differences are from a gradient: the root of both squared sums' ratio, over some entries.
///
/// A sum, because single entries sit beside a kink of an activation.
func gradientError(
    of variable: Tensor, _ gradient: Tensor, step: Float, count: Int = 32, loss: () throws -> Double
) rethrows -> Double {
    let expected = gradient.array
    let count = min(count, variable.count)
    var (error, size) = (0.0, 0.0)
    for probe in 0..<count {
        let index = probe * variable.count / count
        let kept = variable.values[index]
        variable.values[index] = kept + step
        let above = try loss()
        variable.values[index] = kept - step
        let below = try loss()
        variable.values[index] = kept
        let difference = (above - below) / (2 * Double(step)) - Double(expected[index])
        error += difference * difference
        size += Double(expected[index]) * Double(expected[index])
    }
    return (error / max(size, 1e-12)).squareRoot()
}
