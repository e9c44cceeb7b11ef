import Tensors
import Testing

@Suite struct ConvolutionTests {
    static let shapes = [
        ConvolutionShape(batch: 2, height: 9, width: 7, inputs: 16, outputs: 24, kernel: 1),
        ConvolutionShape(batch: 2, height: 8, width: 8, inputs: 32, outputs: 16, kernel: 1, stride: 2),
        ConvolutionShape(batch: 3, height: 9, width: 7, inputs: 16, outputs: 32, kernel: 3, padding: 1),
        ConvolutionShape(batch: 2, height: 11, width: 10, inputs: 16, outputs: 16, kernel: 3, stride: 2, padding: 1),
        ConvolutionShape(batch: 1, height: 22, width: 20, inputs: 3, outputs: 64, kernel: 7, stride: 2, padding: 3),
        ConvolutionShape(batch: 2, height: 9, width: 9, inputs: 48, outputs: 48, groups: 48, kernel: 3, padding: 1),
        ConvolutionShape(
            batch: 2, height: 8, width: 9, inputs: 40, outputs: 40, groups: 40, kernel: 3, stride: 2, padding: 1),
        ConvolutionShape(batch: 2, height: 6, width: 6, inputs: 32, outputs: 16, groups: 2, kernel: 3, padding: 1),
    ]

    @Test(arguments: shapes, [Activation.none, .relu, .relu6])
    func frozenConvolutionMatchesALoop(_ shape: ConvolutionShape, _ activation: Activation) throws {
        let (x, w, b) = inputs(shape)
        for adds in [false, true] {
            let convolution = try FrozenConvolution(shape, activation: activation, adds: adds, scratch: Scratch())
            let y = randomTensor(shape.output, seed: 4)
            let expected = convolved(x, w, shape)
            for index in expected.values.indices {
                let sum = expected.values[index] + b.values[index % shape.outputs] + (adds ? y.values[index] : 0)
                switch activation {
                case .none: expected.values[index] = sum
                case .relu: expected.values[index] = max(sum, 0)
                case .relu6: expected.values[index] = min(max(sum, 0), 6)
                }
            }
            convolution.forward(x, weights: convolution.packed(w), bias: b, into: y)
            #expect(largestDifference(y, expected) < 1e-4)
        }
    }

    /// Also strips thinner than the window, and ones whose rows the padding makes alone.
    @Test(arguments: shapes.filter { $0.batch == 1 } + tall, Precision.available)
    func stripsOfRowsAreThoseOfTheWhole(_ shape: ConvolutionShape, _ precision: Precision) throws {
        guard precision == .f32 || shape.inputs % 16 == 0 else { return }
        let (x, w, b) = inputs(shape)
        func activations(_ shape: [Int]) -> any Activations { precision == .f32 ? Tensor(shape) : HalfTensor(shape) }
        func bytes(_ x: any Activations) -> [UInt8] {
            Array(UnsafeRawBufferPointer(start: x.start, count: x.shape.reduce(1, *) * precision.byteCount))
        }
        var source: any Activations = x
        if precision == .bf16 {
            let half = HalfTensor(x.shape)
            half.copy(from: x)
            source = half
        }
        func run(_ shape: ConvolutionShape, _ from: any Activations, into y: any Activations) throws {
            let convolution = try FrozenConvolution(shape, activation: .relu6, precision: precision, scratch: Scratch())
            convolution.forward(from, weights: convolution.packed(w), bias: b, into: y)
        }
        let whole = activations(shape.output)
        try run(shape, source, into: whole)
        for height in [1, 2, 5] {
            let pieced = activations(shape.output)
            for first in stride(from: 0, to: shape.outputHeight, by: height) {
                let rows = first..<min(first + height, shape.outputHeight)
                let (strip, needed) = shape.strip(of: rows)
                #expect(strip.outputHeight == rows.count && strip.height == needed.count)
                try run(strip, source.rows(needed), into: pieced.rows(rows))
            }
            #expect(bytes(pieced) == bytes(whole), "strips of \(height)")
        }
    }

    static let tall = [
        ConvolutionShape(batch: 1, height: 17, width: 12, inputs: 32, outputs: 32, groups: 32, kernel: 3, padding: 1),
        ConvolutionShape(
            batch: 1, height: 18, width: 11, inputs: 96, outputs: 96, groups: 96, kernel: 3, stride: 2, padding: 1),
        ConvolutionShape(batch: 1, height: 9, width: 13, inputs: 16, outputs: 96, kernel: 1),
        ConvolutionShape(batch: 1, height: 12, width: 13, inputs: 32, outputs: 64, kernel: 3, padding: 1),
    ]

    @Test(arguments: shapes)
    func trainedConvolutionMatchesALoop(_ shape: ConvolutionShape) throws {
        let (x, w, _) = inputs(shape)
        let convolution = try TrainedConvolution(shape, propagates: false, split: split(shape))
        let y = Tensor(shape.output)
        convolution.update(w)
        for piece in 0..<shape.batch { convolution.forward(x, into: y, piece: piece, worker: 0) }
        #expect(largestDifference(y, convolved(x, w, shape)) < 1e-4)
    }

    @Test(arguments: shapes)
    func gradientsMatchDifferences(_ shape: ConvolutionShape) throws {
        let (x, w, _) = inputs(shape)
        let gradient = randomTensor(shape.output, seed: 5)
        let (byWeights, byInput) = try backward(shape, x, w, gradient, .f32)
        // The loop is the function to differentiate: linear, so a long step loses nothing and rounds little.
        let loss = { dot(convolved(x, w, shape), gradient) }
        #expect(gradientError(of: w, byWeights, step: 1, loss: loss) < 1e-4)
        #expect(gradientError(of: x, byInput, step: 1, loss: loss) < 1e-4)
    }

    /// With numbers that bfloat16 has, the gradient by weights is exact, and the one by the input is rounded once.
    @Test(.enabled(if: Precision.bf16.isAvailable), arguments: shapes)
    func gradientsInHalfPrecisionFollow(_ shape: ConvolutionShape) throws {
        let (x, w, _) = inputs(shape)
        let gradient = randomTensor(shape.output, seed: 5)
        for tensor in [x, w, gradient] {
            for index in tensor.values.indices { tensor.values[index] = HalfTensor.rounded(tensor.values[index]) }
        }
        let exact = try backward(shape, x, w, gradient, .f32)
        let half = try backward(shape, x, w, gradient, .bf16)
        #expect(largestDifference(half.byWeights, exact.byWeights) < 1e-3)
        #expect(
            zip(half.byInput.array, exact.byInput.array).allSatisfy { abs($0 - $1) <= abs($1) / 200 + 1e-3 })
    }

    /// A batch of more images than pieces, whose pieces differ by one image.
    @Test(arguments: Precision.available)
    func piecesOfTwoSizesMakeOneGradient(_ precision: Precision) throws {
        for kernel in [1, 3] {
            let shape = ConvolutionShape(
                batch: 11, height: 5, width: 4, inputs: 16, outputs: 32, kernel: kernel, padding: kernel / 2)
            let (x, w, _) = inputs(shape)
            let gradient = randomTensor(shape.output, seed: 5)
            let exact = try backward(shape, x, w, gradient, .f32)
            let split = try backward(shape, x, w, gradient, precision, threads: 3)
            let tolerance: Float = precision == .f32 ? 1e-4 : 0.2
            #expect(largestDifference(split.byWeights, exact.byWeights) < tolerance)
            #expect(largestDifference(split.byInput, exact.byInput) < tolerance)
            let again = try backward(shape, x, w, gradient, precision, threads: 1)
            #expect(again.byWeights.array == split.byWeights.array && again.byInput.array == split.byInput.array)
        }
    }

    private func split(_ shape: ConvolutionShape, _ precision: Precision = .f32, threads: Int = 1) -> BatchSplit {
        BatchSplit(images: shape.batch, precision: precision, scratches: (0..<threads).map { _ in Scratch() })
    }

    private func backward(
        _ shape: ConvolutionShape, _ x: Tensor, _ w: Tensor, _ gradient: Tensor, _ precision: Precision,
        threads: Int = 1
    ) throws -> (byWeights: Tensor, byInput: Tensor) {
        func activations(_ tensor: Tensor) -> any Activations {
            guard precision == .bf16 else { return tensor }
            let half = HalfTensor(tensor.shape)
            half.copy(from: tensor)
            return half
        }
        let split = split(shape, precision, threads: threads)
        let convolution = try TrainedConvolution(shape, propagates: true, split: split)
        let (source, output) = (activations(x), activations(gradient))
        let byInput = precision.zeros(shape.input)
        let (byWeights, widened) = (Tensor(shape.weights), Tensor(shape.input))
        convolution.update(w)
        split.eachPiece { piece, worker in
            convolution.forward(source, into: precision.zeros(shape.output), piece: piece, worker: worker)
            convolution.backward(source, gradient: output, byInput: byInput, piece: piece, worker: worker)
        }
        try convolution.sumGradient()
        convolution.writeGradient(to: byWeights)
        if let half = byInput as? HalfTensor { half.write(to: widened) }
        if let full = byInput as? Tensor { widened.copy(from: full) }
        return (byWeights, widened)
    }

    @Test func sizesWithoutARoomAreAnError() {
        let shape = ConvolutionShape(batch: 1, height: 2, width: 2, inputs: 3, outputs: 4, kernel: 7)
        #expect(throws: KernelError.self) { try FrozenConvolution(shape, activation: .none, scratch: Scratch()) }
    }

    private func inputs(_ shape: ConvolutionShape) -> (x: Tensor, w: Tensor, b: Tensor) {
        let x = randomTensor(shape.input, seed: 1)
        return (x, randomTensor(shape.weights, seed: 2), randomTensor([shape.outputs], seed: 3))
    }
}

/// The definition, as loops.
func convolved(_ x: Tensor, _ w: Tensor, _ shape: ConvolutionShape) -> Tensor {
    let y = Tensor(shape.output)
    let (height, width) = (shape.outputHeight, shape.outputWidth)
    let (groupInputs, groupOutputs) = (shape.inputs / shape.groups, shape.outputs / shape.groups)
    for n in 0..<shape.batch {
        for row in 0..<height {
            for column in 0..<width {
                for output in 0..<shape.outputs {
                    var sum: Float = 0
                    for u in 0..<shape.kernel {
                        let from = row * shape.stride + u - shape.padding
                        guard (0..<shape.height).contains(from) else { continue }
                        for v in 0..<shape.kernel {
                            let beside = column * shape.stride + v - shape.padding
                            guard (0..<shape.width).contains(beside) else { continue }
                            let source = ((n * shape.height + from) * shape.width + beside) * shape.inputs
                            for input in 0..<groupInputs {
                                let weight = ((output * groupInputs + input) * shape.kernel + u) * shape.kernel + v
                                let channel = output / groupOutputs * groupInputs + input
                                sum += x.values[source + channel] * w.values[weight]
                            }
                        }
                    }
                    y.values[((n * height + row) * width + column) * shape.outputs + output] = sum
                }
            }
        }
    }
    return y
}
