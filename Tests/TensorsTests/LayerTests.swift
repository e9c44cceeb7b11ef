import Tensors
import Testing

@Suite struct BatchNormalizationTests {
    private let shape = [4, 5, 3, 32]

    @Test func normalisesByTheBatch() throws {
        let normalization = try BatchNormalization(shape, scratch: Scratch())
        let (x, scale, shift) = (randomTensor(shape, seed: 1), randomTensor([32], seed: 2), randomTensor([32], seed: 3))
        let y = Tensor(shape)
        normalization.forward(x, scale: scale, shift: shift, into: y)
        #expect(largestDifference(y, normalized(x, scale, shift)) < 1e-5)
    }

    @Test func gradientsMatchDifferences() throws {
        let normalization = try BatchNormalization(shape, scratch: Scratch())
        let (x, scale, shift) = (randomTensor(shape, seed: 1), randomTensor([32], seed: 2), randomTensor([32], seed: 3))
        let gradient = randomTensor(shape, seed: 4)
        let (byScale, byShift, byInput) = (Tensor([32]), Tensor([32]), Tensor(shape))
        normalization.forward(x, scale: scale, shift: shift, into: Tensor(shape))
        normalization.backward(
            x, scale: scale, shift: shift, gradient: gradient, byScale: byScale, byShift: byShift, byInput: byInput)
        let loss = { dot(normalized(x, scale, shift), gradient) }
        #expect(gradientError(of: scale, byScale, step: 0.5, loss: loss) < 1e-4)
        #expect(gradientError(of: shift, byShift, step: 0.5, loss: loss) < 1e-4)
        #expect(gradientError(of: x, byInput, step: 0.01, loss: loss) < 1e-3)
    }

    @Test func runningVarianceIsUnbiased() throws {
        let normalization = try BatchNormalization([2, 1, 1, 16], scratch: Scratch())
        let x = Tensor([2, 1, 1, 16])
        for channel in 0..<16 { (x.values[channel], x.values[16 + channel]) = (1, 3) }
        let (ones, zeros) = (Tensor([16], [Float](repeating: 1, count: 16)), Tensor([16]))
        let (mean, variance) = (Tensor([16]), Tensor([16], [Float](repeating: 1, count: 16)))
        normalization.forward(x, scale: ones, shift: zeros, into: Tensor([2, 1, 1, 16]))
        normalization.updateRunning(mean: mean, variance: variance)
        // Batch: mean 2, biased variance 1, unbiased 2.
        #expect(mean.array.allSatisfy { abs($0 - 0.2) < 1e-6 })
        #expect(variance.array.allSatisfy { abs($0 - 1.1) < 1e-6 })
    }

    private func normalized(_ x: Tensor, _ scale: Tensor, _ shift: Tensor) -> Tensor {
        let channels = scale.count
        let rows = x.count / channels
        let y = Tensor(x.shape)
        for channel in 0..<channels {
            let column = (0..<rows).map { Double(x.values[$0 * channels + channel]) }
            let mean = column.reduce(0, +) / Double(rows)
            let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
            for row in 0..<rows {
                let unit = (column[row] - mean) / (variance + 1e-5).squareRoot()
                y.values[row * channels + channel] = Float(
                    unit * Double(scale.values[channel]) + Double(shift.values[channel]))
            }
        }
        return y
    }
}

@Suite struct ActivationTests {
    @Test(arguments: [Activation.relu, .relu6])
    func forwardAndBackwardMatchTheDefinition(_ activation: Activation) throws {
        let x = randomTensor([1003], seed: 1)
        for index in x.values.indices { x.values[index] *= 5 }
        let (y, gradient) = (Tensor([1003], x.array), randomTensor([1003], seed: 2))
        let before = gradient.array
        let layer = try ActivationLayer(activation, count: 1003, scratch: Scratch())
        layer.forward(y)
        layer.backward(output: y, gradient: gradient)
        for index in 0..<1003 {
            let top: Float = activation == .relu6 ? 6 : .infinity
            #expect(y.values[index] == min(max(x.values[index], 0), top))
            let passes = x.values[index] > 0 && x.values[index] < top
            #expect(gradient.values[index] == (passes ? before[index] : 0))
        }
    }

    @Test func additionAddsThenActivates() throws {
        let (a, b) = (randomTensor([2, 3, 3, 8], seed: 1), randomTensor([2, 3, 3, 8], seed: 2))
        let sums = zip(a.array, b.array).map { max($0 + $1, 0) }
        let gradient = randomTensor(a.shape, seed: 3)
        let before = gradient.array
        let addition = try Addition(.relu, count: a.count, scratch: Scratch())
        addition.forward(a, b, into: a)
        addition.backward(output: a, gradient: gradient)
        #expect(a.array == sums)
        #expect(gradient.array == zip(before, sums).map { $1 > 0 ? $0 : 0 })
    }
}

@Suite struct PoolingTests {
    private let shape = [2, 9, 8, 16]

    @Test func maxPoolingMatchesALoopAndItsGradientDifferences() throws {
        let x = randomTensor(shape, seed: 1)
        let trained = try MaxPooling(
            input: shape, kernel: 3, stride: 2, padding: 1, isTrained: true, scratch: Scratch())
        let frozen = try MaxPooling(input: shape, kernel: 3, stride: 2, padding: 1, scratch: Scratch())
        #expect(trained.output == [2, 5, 4, 16])
        let (y, z) = (Tensor(trained.output), Tensor(trained.output))
        trained.forward(x, into: y)
        frozen.forward(x, into: z)
        #expect(y.array == pooled(x).array)
        #expect(z.array == y.array)
        let (gradient, byInput) = (randomTensor(trained.output, seed: 2), Tensor(shape))
        trained.backward(gradient: gradient, byInput: byInput)
        let error = gradientError(of: x, byInput, step: 1e-3, count: 60) { dot(pooled(x), gradient) }
        #expect(error < 1e-2)
    }

    @Test func meanPoolingMatchesALoop() throws {
        let x = randomTensor(shape, seed: 1)
        let pooling = try MeanPooling(input: shape, scratch: Scratch())
        let (y, byInput) = (Tensor([2, 16]), Tensor(shape))
        pooling.forward(x, into: y)
        pooling.backward(gradient: y, byInput: byInput)
        for n in 0..<2 {
            for channel in 0..<16 {
                let mean = (0..<72).reduce(Float(0)) { $0 + x.values[(n * 72 + $1) * 16 + channel] } / 72
                #expect(abs(y.values[n * 16 + channel] - mean) < 1e-6)
                for position in 0..<72 {
                    #expect(abs(byInput.values[(n * 72 + position) * 16 + channel] - mean / 72) < 1e-7)
                }
            }
        }
    }

    private func pooled(_ x: Tensor) -> Tensor {
        let y = Tensor([2, 5, 4, 16])
        for index in y.values.indices {
            let (channel, column, row, n) = (index % 16, index / 16 % 4, index / 64 % 5, index / 320)
            var largest = -Float.infinity
            for u in max(0, row * 2 - 1)..<min(9, row * 2 + 2) {
                for v in max(0, column * 2 - 1)..<min(8, column * 2 + 2) {
                    largest = max(largest, x.values[((n * 9 + u) * 8 + v) * 16 + channel])
                }
            }
            y.values[index] = largest
        }
        return y
    }
}

@Suite struct LinearTests {
    @Test func forwardMatchesALoopAndGradientsDifferences() {
        let (x, w, b) = (randomTensor([5, 33], seed: 1), randomTensor([17, 33], seed: 2), randomTensor([17], seed: 3))
        func product() -> Tensor {
            let y = Tensor([5, 17])
            for row in 0..<5 {
                for output in 0..<17 {
                    y.values[row * 17 + output] = (0..<33).reduce(b.values[output]) {
                        $0 + x.values[row * 33 + $1] * w.values[output * 33 + $1]
                    }
                }
            }
            return y
        }
        let y = Tensor([5, 17])
        Linear.forward(x, weights: w, bias: b, into: y)
        #expect(largestDifference(y, product()) < 1e-5)
        let gradient = randomTensor([5, 17], seed: 4)
        let (byWeights, byBias, byInput) = (Tensor([17, 33]), Tensor([17]), Tensor([5, 33]))
        Linear.backward(x, weights: w, gradient: gradient, byWeights: byWeights, byBias: byBias, byInput: byInput)
        let loss = { dot(product(), gradient) }
        #expect(gradientError(of: w, byWeights, step: 0.5, loss: loss) < 1e-4)
        #expect(gradientError(of: b, byBias, step: 0.5, loss: loss) < 1e-4)
        #expect(gradientError(of: x, byInput, step: 0.5, loss: loss) < 1e-4)
    }
}
