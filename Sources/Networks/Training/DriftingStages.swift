import Tensors

/// The stages before the trained ones in the naive recipe, for one batch shape: what PyTorch does where
/// `requires_grad = False` is all that freezes a layer and the model stays in train mode.
///
/// Every normalisation looks at the whole batch; three buffers take turns.
final class DriftingStages {
    /// The images [n, height, width, 3].
    let input: Tensor
    /// The last activation, valid until the next forward.
    let output: Tensor
    private let steps: [any FrozenStep]
    private let split: BatchSplit

    /// `weights` holds the stages' layers in order.
    init(
        _ stages: [Stage], _ weights: [ConvolutionWeights], input shape: [Int], split: BatchSplit
    ) throws(KernelError) {
        let size = stages.largestActivation(over: shape)
        let buffers = stages.isEmpty ? [] : (0..<3).map { _ in Tensor([size]) }
        var steps: [any FrozenStep] = []
        var weights = weights[...]
        var current = 0  // index of the buffer that holds the stage's input
        input = Tensor(shape)
        var x = input
        func layer(
            _ next: ConvolutionWeights, _ from: Tensor, into index: Int, adding shortcut: Tensor? = nil,
            activation: Activation? = nil
        ) throws(KernelError) -> Tensor {
            let y = buffers[index].viewed(as: next.layer.shape(over: from.shape).output)
            steps.append(
                try DriftingLayer(next, from, into: y, adding: shortcut, activation: activation, split: split))
            return y
        }
        for stage in stages {
            var (target, spare) = ((current + 1) % 3, (current + 2) % 3)
            switch stage {
            case .maxPooling(let kernel, let stride, let padding):
                let pool = try PoolingStep(
                    kernel: kernel, stride: stride, padding: padding, input: x, buffer: buffers[target], split: split)
                steps.append(pool)
                (x, current) = (pool.output, target)
            case .block(let block):
                let path = weights.prefix(block.path.count)
                weights = weights.dropFirst(path.count)
                var y = x
                for next in path.dropLast() {
                    y = try layer(next, y, into: target)
                    swap(&target, &spare)
                }
                guard let last = path.last else { continue }
                switch block.shortcut {
                case .none: y = try layer(last, y, into: target)
                case .identity: y = try layer(last, y, into: target, adding: x, activation: block.activation)
                case .projection:
                    // The path's last layer needs a buffer beside its input and the shortcut: the block's input, which
                    // nobody reads any more.
                    let shortcut = try layer(weights.removeFirst(), x, into: target)
                    target = current
                    y = try layer(last, y, into: target, adding: shortcut, activation: block.activation)
                }
                (x, current) = (y, target)
            }
        }
        output = x
        (self.steps, self.split) = (steps, split)
    }

    /// Fills this rank's part of the batch on all cores, then runs it; of `fill`'s errors the one for the lowest index is
    /// thrown.
    func forward(fill: @Sendable (_ index: Int, UnsafeMutableBufferPointer<Float>) throws -> Void) throws {
        let images = split.ownImages
        try Threads.each(images.count, workers: split.scratches.count) { offset, _ in
            let index = images.lowerBound + offset
            try fill(index, input.entries(index..<index + 1).values)
        }
        for step in steps { try step.forward() }
    }
}

private struct PoolingStep: FrozenStep {
    let output: Tensor
    private let input: Tensor
    /// By worker, then by size of piece.
    private let poolings: [[MaxPooling]]
    private let split: BatchSplit

    init(
        kernel: Int, stride: Int, padding: Int, input: Tensor, buffer: Tensor, split: BatchSplit
    ) throws(KernelError) {
        poolings = try split.made { (size, scratch) throws(KernelError) in
            try MaxPooling(
                input: [size] + input.shape.dropFirst(), kernel: kernel, stride: stride, padding: padding,
                scratch: scratch)
        }
        output = buffer.viewed(as: [input.shape[0]] + poolings[0][0].output.dropFirst())
        (self.input, self.split) = (input, split)
    }

    func forward() {
        split.eachPiece { piece, worker in
            let images = split.pieces[piece]
            poolings[worker][split.sizeIndex[piece]].forward(input.entries(images), into: output.entries(images))
        }
    }
}
