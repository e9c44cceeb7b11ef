import CChannels
import COneDNN
import Ranks

/// A convolution that is trained: y = x ∗ w, without bias, for a batch normalisation follows.
///
/// Works on the pieces of a batch, each on one thread. Two things are done by other kernels than one would expect, because
/// those are faster: a 1×1 convolution that skips pixels gathers the others first, and where the step is one, 1×1 and
/// depthwise convolutions take gradients back as a forward convolution whose weights are turned around. In bfloat16 a 1×1
/// convolution's weights get their gradient from a product of matrices.
package final class TrainedConvolution {
    package let shape: ConvolutionShape
    private let split: BatchSplit
    /// By worker, then by size of piece.
    private let kernels: [[PieceKernels]]
    private let forwardWeights: PackedSizes
    private let inputWeights: PackedSizes?
    private let turned: Tensor?
    /// The pixels that a 1×1 convolution reads, where it skips some.
    private let gathered: (any Activations)?
    private let gradient: WeightGradient?

    /// Without `propagates`, backward stops here: nothing below is trained. Without `learns`, the weights stay as they
    /// are and only what follows the convolution is trained.
    ///
    /// - Parameter slots: lent for the pieces' gradients, between a backward and `sumGradient`.
    package init(
        _ shape: ConvolutionShape, propagates: Bool, learns: Bool = true, slots: SharedMemory = SharedMemory(),
        split: BatchSplit
    ) throws(KernelError) {
        precondition(shape.batch == split.pieces.last?.upperBound)
        try split.precision.check()
        var dense = shape
        let skips = shape.kernel == 1 && shape.stride > 1 && shape.padding == 0
        if skips { (dense.height, dense.width, dense.stride) = (shape.outputHeight, shape.outputWidth, 1) }
        let precision = split.precision
        let kernels = try split.made { (size, scratch) throws(KernelError) in
            var piece = dense
            piece.batch = size
            return try PieceKernels(
                piece, propagates: propagates, learns: learns, spreads: skips, precision: precision, scratch: scratch)
        }
        self.shape = shape
        self.split = split
        self.kernels = kernels
        forwardWeights = PackedSizes(kernels[0].map(\.forward))
        inputWeights = propagates ? PackedSizes(kernels[0].compactMap(\.byInput)) : nil
        turned = propagates && dense.isTurnable ? Tensor(dense.turned.weights) : nil
        gathered = skips ? precision.zeros(dense.input) : nil
        gradient =
            learns
            ? WeightGradient(
                kernels[0].compactMap(\.byWeights), isPlain: PieceKernels.usesProduct(dense, precision), shape.weights,
                slots: slots, split: split) : nil
    }

    package var implementations: [String] {
        let first = kernels[0][0]
        return [first.forward, first.byInput, first.byWeights].compactMap { $0?.implementation }
    }

    /// Takes over new weights [out, in / groups, height, width]: before the first forward and after every change. On one
    /// thread.
    package func update(_ weights: Tensor) {
        precondition(weights.shape == shape.weights)
        forwardWeights.pack(weights)
        if let turned { shape.turn(weights, into: turned) }
        inputWeights?.pack(turned ?? weights)
    }

    /// One piece of the batch.
    package func forward(_ x: any Activations, into y: any Activations, piece: Int, worker: Int) {
        precondition(x.shape == shape.input && y.shape == shape.output)
        precondition(x.precision == split.precision && y.precision == split.precision)
        let (first, size) = (split.pieces[piece].lowerBound, split.sizeIndex[piece])
        if let gathered { shape.gather(x, into: gathered, images: split.pieces[piece]) }
        kernels[worker][size].forward.run(
            (gathered ?? x).start(of: first), forwardWeights[size].memory.start, y.start(of: first))
    }

    /// The piece's share of the gradient by the weights, where it learns, and the gradient by the input, where it
    /// propagates, from the one by the output; `x` is what forward received.
    package func backward(
        _ x: any Activations, gradient y: any Activations, byInput: (any Activations)?, piece: Int, worker: Int
    ) {
        precondition(x.shape == shape.input && y.shape == shape.output)
        precondition(x.precision == split.precision && y.precision == split.precision)
        let (images, size) = (split.pieces[piece], split.sizeIndex[piece])
        let (first, used) = (images.lowerBound, kernels[worker][size])
        if let gradient, let kernel = used.byWeights {
            gradient.take(
                kernel, x: (gathered ?? x).start(of: first), gradient: y.start(of: first), piece: piece)
        }
        guard let kernel = used.byInput, let weights = inputWeights?[size], let byInput else { return }
        precondition(byInput.shape == shape.input)
        if let spread = used.spread {
            kernel.run(y.start(of: first), weights.memory.start, spread.start)
            shape.scatter(spread, into: byInput, images: images)
        } else {
            kernel.run(y.start(of: first), weights.memory.start, byInput.start(of: first))
        }
    }

    /// Adds up this rank's pieces' gradients by the weights, on all cores, and begins to add up those of all ranks
    /// (`BatchSplit.sums`): after their backward, and before another convolution with the same slots has its own.
    package func sumGradient() throws(RankFailure) { try gradient?.sum() }

    /// The sum as [out, in / groups, height, width], once all ranks' are added. On one thread.
    package func writeGradient(to byWeights: Tensor) { gradient?.write(to: byWeights) }
}

/// What one worker needs for pieces of one size.
private struct PieceKernels {
    let forward: Kernel
    let byInput: Kernel?
    let byWeights: Kernel?
    /// The gradient by the pixels that were gathered.
    let spread: (any Activations)?

    init(
        _ shape: ConvolutionShape, propagates: Bool, learns: Bool, spreads: Bool, precision: Precision, scratch: Scratch
    ) throws(KernelError) {
        func forward(_ shape: ConvolutionShape, _ operation: String) throws(KernelError) -> Kernel {
            try Kernel(operation, scratch: scratch) {
                var code = shape.code(precision)
                return onednn_convolution_forward(&code, 0, 0, onednn_linear, $0)
            }
        }
        var code = shape.code(precision)
        self.forward = try forward(shape, "convolution")
        if !propagates {
            byInput = nil
        } else if shape.isTurnable {
            byInput = try forward(shape.turned, "convolution, gradient by input")
        } else {
            byInput = try Kernel("convolution, gradient by input", scratch: scratch) {
                onednn_convolution_backward_data(&code, $0)
            }
        }
        if !learns {
            byWeights = nil
        } else if Self.usesProduct(shape, precision) {
            let rows = shape.batch * shape.height * shape.width
            byWeights = try Kernel("convolution, gradient by weights", scratch: scratch) {
                onednn_gradient_product(precision.code, Int64(rows), Int64(shape.outputs), Int64(shape.inputs), $0)
            }
        } else {
            byWeights = try Kernel("convolution, gradient by weights", scratch: scratch) {
                onednn_convolution_backward_weights(&code, $0)
            }
        }
        spread = propagates && spreads ? precision.zeros(shape.input) : nil
    }

    /// In float32 the convolution's own kernel is the faster one.
    static func usesProduct(_ shape: ConvolutionShape, _ precision: Precision) -> Bool {
        precision == .bf16 && shape.kernel == 1 && shape.stride == 1 && shape.groups == 1 && shape.padding == 0
    }
}

/// One convolution's weights for pieces of all sizes, which mostly agree on a layout.
private struct PackedSizes {
    private let kernels: [Kernel]
    private let weights: [PackedWeights]

    init(_ kernels: [Kernel]) {
        var weights: [PackedWeights] = []
        for (index, kernel) in kernels.enumerated() {
            let known = kernels[..<index].firstIndex { onednn_same_packing($0.handle, kernel.handle) != 0 }
            weights.append(known.map { weights[$0] } ?? PackedWeights(byteCount: onednn_packed_bytes(kernel.handle)))
        }
        (self.kernels, self.weights) = (kernels, weights)
    }

    subscript(size: Int) -> PackedWeights { weights[size] }

    func pack(_ plain: Tensor) {
        for (index, kernel) in kernels.enumerated() where !weights[..<index].contains(where: { $0 === weights[index] })
        {
            kernel.pack(plain, into: weights[index])
        }
    }
}

/// The gradient by one convolution's weights: a slot for every piece, then their sum, then its layout.
private final class WeightGradient {
    private let split: BatchSplit
    private let slots: SharedMemory
    /// Whose layout the slots and the sum have; nil where that is the plain one.
    private let packing: Kernel?
    /// Sizes of pieces that do not agree on a layout leave each piece's gradient in the plain one.
    private let unpacksPieces: Bool
    private let slotCount: Int
    private let total: PackedWeights
    private var memory: Tensor { slots.tensor([split.pieces.count, slotCount]) }

    /// `isPlain`: the kernels write [out, in / groups, height, width] themselves.
    init(_ kernels: [Kernel], isPlain: Bool, _ shape: [Int], slots: SharedMemory, split: BatchSplit) {
        let agree = kernels.dropFirst().allSatisfy { onednn_same_packing($0.handle, kernels[0].handle) != 0 }
        unpacksPieces = !isPlain && !agree
        packing = isPlain || !agree ? nil : kernels.first
        slotCount = packing.map { onednn_packed_bytes($0.handle) / 4 } ?? shape.reduce(1, *)
        total = PackedWeights(byteCount: 4 * slotCount)
        (self.slots, self.split) = (slots, split)
        slots.reserve(split.pieces.count * slotCount)
    }

    func take(_ kernel: Kernel, x: UnsafeMutableRawPointer?, gradient: UnsafeMutableRawPointer?, piece: Int) {
        let slot = memory.entries(piece..<piece + 1)
        if unpacksPieces {
            let packed = PackedWeights(byteCount: onednn_packed_bytes(kernel.handle))
            kernel.run(x, gradient, packed.memory.start)
            kernel.unpack(packed, into: slot)
        } else if packing == nil {
            kernel.run(gradient, x, slot.start)
        } else {
            kernel.run(x, gradient, slot.start)
        }
    }

    /// Floats that a core adds up at a time.
    private static let stretch = 1 << 14

    func sum() throws(RankFailure) {
        let sum = total.memory.floats(from: 0, count: slotCount)
        let parts = memory.values.baseAddress
        guard let target = sum.baseAddress, let parts else { return }
        let stretches = (slotCount + Self.stretch - 1) / Self.stretch
        Threads.each(stretches, workers: split.scratches.count) { index, _ in
            let start = index * Self.stretch
            channels_tree_sum(
                parts + start, split.own.lowerBound, split.own.upperBound, slotCount,
                min(Self.stretch, slotCount - start), split.gradients == .bf16 ? 1 : 0, target + start)
        }
        try split.sums.begin(sum, of: total)
    }

    func write(to byWeights: Tensor) {
        if let packing {
            packing.unpack(total, into: byWeights)
        } else {
            _ = byWeights.values.update(fromContentsOf: total.memory.floats(from: 0, count: slotCount))
        }
    }
}

extension ConvolutionShape {
    /// Whether a forward convolution takes gradients back through this one, and does so in kernels that are faster.
    fileprivate var isTurnable: Bool {
        stride == 1 && (kernel == 1 || groups == inputs && groups == outputs) && padding == kernel / 2
            && kernel % 2 == 1
            && above == padding && below == padding && (kernel > 1 || groups == 1)
    }

    /// From the gradient by the output to the one by the input.
    fileprivate var turned: ConvolutionShape {
        var turned = self
        (turned.inputs, turned.outputs) = (outputs, inputs)
        return turned
    }

    /// The weights of `turned`: inputs and outputs change places, windows are read backwards. O(weights).
    fileprivate func turn(_ weights: Tensor, into turned: Tensor) {
        guard let source = weights.values.baseAddress, let target = turned.values.baseAddress else { return }
        guard groups == 1 else {
            let area = kernel * kernel
            for index in 0..<weights.count {
                target[index / area * area + area - 1 - index % area] = source[index]
            }
            return
        }
        // Squares of a few cache lines.
        let side = 16
        for first in Swift.stride(from: 0, to: outputs, by: side) {
            for start in Swift.stride(from: 0, to: inputs, by: side) {
                for output in first..<min(first + side, outputs) {
                    for input in start..<min(start + side, inputs) {
                        target[input * outputs + output] = source[output * inputs + input]
                    }
                }
            }
        }
    }

    /// The pixels that a 1×1 convolution reads.
    fileprivate func gather(_ x: any Activations, into dense: any Activations, images: Range<Int>) {
        let pixel = inputs * x.precision.byteCount
        for image in images {
            guard let source = x.start(of: image), let target = dense.start(of: image) else { continue }
            for row in 0..<outputHeight {
                for column in 0..<outputWidth {
                    (target + (row * outputWidth + column) * pixel).copyMemory(
                        from: source + (row * width + column) * self.stride * pixel, byteCount: pixel)
                }
            }
        }
    }

    /// Gradients of a piece's gathered pixels to their places in the batch; zero for those that were skipped.
    fileprivate func scatter(_ dense: any Activations, into x: any Activations, images: Range<Int>) {
        let pixel = inputs * x.precision.byteCount
        for (slot, image) in images.enumerated() {
            guard let source = dense.start(of: slot), let target = x.start(of: image) else { continue }
            target.initializeMemory(as: UInt8.self, repeating: 0, count: height * width * pixel)
            for row in 0..<outputHeight {
                for column in 0..<outputWidth {
                    (target + (row * width + column) * self.stride * pixel).copyMemory(
                        from: source + (row * outputWidth + column) * pixel, byteCount: pixel)
                }
            }
        }
    }
}
