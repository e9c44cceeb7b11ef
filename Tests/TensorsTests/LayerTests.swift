import Tensors
import Testing

@Suite struct BatchNormalizationTests {
    private let shape = [4, 5, 3, 32]

    private let scale = randomTensor([32], seed: 2)
    private let shift = randomTensor([32], seed: 3)

    @Test(arguments: [1, 3]) func normalisesByTheBatch(threads: Int) {
        let x = randomTensor(shape, seed: 1)
        let y = Tensor(shape)
        forward(normalization(threads: threads), x, into: y)
        #expect(largestDifference(y, normalized(x, scale, shift)) < 1e-5)
    }

    @Test func addsTheShortcutBeforeTheActivation() {
        let (x, shortcut) = (randomTensor(shape, seed: 1), randomTensor(shape, seed: 5))
        let y = Tensor(shape)
        forward(normalization(.relu6), x, adding: shortcut, into: y)
        let sums = zip(normalized(x, scale, shift).array, shortcut.array).map(+)
        #expect(zip(y.array, sums).allSatisfy { abs($0 - min(max($1, 0), 6)) < 1e-5 })
    }

    @Test func gradientsMatchDifferences() {
        let normalization = normalization()
        let (x, gradient) = (randomTensor(shape, seed: 1), randomTensor(shape, seed: 4))
        let (byScale, byShift, byInput) = (Tensor([32]), Tensor([32]), Tensor(shape))
        let y = Tensor(shape)
        forward(normalization, x, into: y)
        for piece in 0..<4 { normalization.measure(gradient: gradient, y: y, x: x, piece: piece) }
        normalization.settleGradient(scale: scale, byScale: byScale, byShift: byShift)
        for piece in 0..<4 { normalization.backward(x, gradient: gradient, byInput: byInput, piece: piece) }
        let loss = { dot(normalized(x, scale, shift), gradient) }
        #expect(gradientError(of: scale, byScale, step: 0.5, loss: loss) < 1e-4)
        #expect(gradientError(of: shift, byShift, step: 0.5, loss: loss) < 1e-4)
        #expect(gradientError(of: x, byInput, step: 0.01, loss: loss) < 1e-3)
    }

    /// What the shortcut receives as well.
    @Test(arguments: [Activation.none, .relu, .relu6])
    func gradientPassesWhereTheActivationIsNotFlat(_ activation: Activation) {
        let normalization = normalization(activation)
        let (x, gradient) = (randomTensor(shape, seed: 1), randomTensor(shape, seed: 4))
        let (y, before) = (Tensor(shape), gradient.array)
        for index in scale.values.indices { scale.values[index] *= 5 }
        forward(normalization, x, into: y)
        for piece in 0..<4 { normalization.measure(gradient: gradient, y: y, x: x, piece: piece) }
        for index in before.indices {
            let passes = activation == .none || y.values[index] > 0 && (activation == .relu || y.values[index] < 6)
            #expect(gradient.values[index] == (passes ? before[index] : 0))
        }
    }

    @Test func runningVarianceIsUnbiased() {
        let split = BatchSplit(images: 2, precision: .f32, scratches: [Scratch()])
        let normalization = BatchNormalization([2, 1, 1, 16], split: split)
        let x = Tensor([2, 1, 1, 16])
        for channel in 0..<16 { (x.values[channel], x.values[16 + channel]) = (1, 3) }
        let (ones, zeros) = (Tensor([16], [Float](repeating: 1, count: 16)), Tensor([16]))
        let (mean, variance) = (Tensor([16]), Tensor([16], [Float](repeating: 1, count: 16)))
        for piece in 0..<2 { normalization.measure(x, piece: piece) }
        normalization.settle(scale: ones, shift: zeros)
        normalization.updateRunning(mean: mean, variance: variance)
        // Batch: mean 2, biased variance 1, unbiased 2.
        #expect(mean.array.allSatisfy { abs($0 - 0.2) < 1e-6 })
        #expect(variance.array.allSatisfy { abs($0 - 1.1) < 1e-6 })
    }

    /// bfloat16 in and out, float32 between: no more than the rounding of input and output apart.
    @Test func halfPrecisionRoundsOnlyWhatIsKept() {
        let split = BatchSplit(images: 4, precision: .bf16, scratches: [Scratch()])
        let (x, y) = (HalfTensor(shape), HalfTensor(shape))
        let (exact, made) = (Tensor(shape), Tensor(shape))
        x.copy(from: randomTensor(shape, seed: 1))
        x.write(to: exact)
        forward(BatchNormalization(shape, split: split), x, into: y)
        y.write(to: made)
        let expected = normalized(exact, scale, shift)
        #expect(zip(made.array, expected.array).allSatisfy { abs($0 - $1) <= abs($1) / 256 + 1e-5 })
    }

    private func normalization(_ activation: Activation = .none, threads: Int = 1) -> BatchNormalization {
        let scratches = (0..<threads).map { _ in Scratch() }
        let split = BatchSplit(images: 4, precision: .f32, scratches: scratches)
        return BatchNormalization(shape, activation: activation, split: split)
    }

    private func forward(
        _ normalization: BatchNormalization, _ x: any Activations, adding shortcut: (any Activations)? = nil,
        into y: any Activations
    ) {
        for piece in 0..<4 { normalization.measure(x, piece: piece) }
        normalization.settle(scale: scale, shift: shift)
        for piece in 0..<4 { normalization.write(x, adding: shortcut, into: y, piece: piece) }
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

@Suite struct ChannelLoopTests {
    /// Numbers of channels that vectors do not divide, and rows that groups of rows do not.
    @Test(arguments: [3, 16, 24, 50], Precision.available)
    func everyChannelCountIsNormalisedAlike(channels: Int, precision: Precision) {
        let shape = [3, 7, 1, channels]
        let split = BatchSplit(images: 3, precision: precision, scratches: [Scratch()])
        let normalization = BatchNormalization(shape, split: split)
        let values = randomTensor(shape, seed: 1)
        let (x, y) = (precision.zeros(shape), precision.zeros(shape))
        write(values, to: x)
        let rounded = read(x)
        for piece in 0..<3 { normalization.measure(x, piece: piece) }
        for channel in 0..<channels {
            let column = (0..<21).map { Double(rounded.values[$0 * channels + channel]) }
            let mean = column.reduce(0, +) / 21
            let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 21
            normalization.settle(scale: Tensor([channels]), shift: Tensor([channels]))
            #expect(abs(Double(normalization.mean.values[channel]) - mean) < 1e-6)
            #expect(abs(Double(normalization.variance.values[channel]) - variance) < 1e-5)
        }
        normalization.settle(
            scale: Tensor([channels]), shift: Tensor([channels], [Float](repeating: 2, count: channels)))
        for piece in 0..<3 { normalization.write(x, adding: x, into: y, piece: piece) }
        let sums = read(y)
        let tolerance: Float = precision == .f32 ? 1e-6 : 0.02
        #expect(zip(sums.array, rounded.array).allSatisfy { abs($0 - ($1 + 2)) <= tolerance })
        add(x, to: y, piece: 1..<3)
        let added = read(y)
        let image = 7 * channels
        for index in added.values.indices {
            let expected = sums.values[index] + (index < image ? 0 : rounded.values[index])
            #expect(abs(added.values[index] - expected) <= tolerance)
        }
    }

    @Test func roundingIsToTheNearestAndTiesToEven() {
        let values: [Float] = [0, 1, -1, 1.00390625, 1.01171875, 3.4e38, .infinity, -.infinity, .nan, 0x1p-130]
        for count in [values.count, 3 * values.count] {  // one by one, and by vectors
            let x = Tensor([count], (0..<count).map { values[$0 % values.count] })
            let (half, back) = (HalfTensor([count]), Tensor([count]))
            half.copy(from: x)
            half.write(to: back)
            for index in 0..<count {
                let exact = HalfTensor.rounded(values[index % values.count])
                #expect(back.values[index].bitPattern == exact.bitPattern)
            }
            #expect(back.values[3] == 1 && back.values[4] == 1.015625 && back.values[5] == .infinity)
            #expect(back.values[8].isNaN && back.values[7] == -.infinity)
        }
    }

    private func write(_ values: Tensor, to x: any Activations) {
        if let half = x as? HalfTensor { half.copy(from: values) }
        if let full = x as? Tensor { full.copy(from: values) }
    }

    private func read(_ x: any Activations) -> Tensor {
        let values = Tensor(x.shape)
        if let half = x as? HalfTensor { half.write(to: values) }
        if let full = x as? Tensor { values.copy(from: full) }
        return values
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
        let (y, byInput) = (Tensor([2, 16]), Tensor(shape))
        MeanPooling.forward(x, images: 0..<1, into: y)
        MeanPooling.forward(x, images: 1..<2, into: y)
        MeanPooling.backward(gradient: y, images: 0..<2, byInput: byInput)
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
