import Tensors

/// Lays out a plan's steps, one after another: which buffer holds what, and which kernel makes it.
struct PlanBuilder {
    private(set) var steps: [InferencePlan.Step] = []
    private var layers: ArraySlice<FoldedLayer>
    private let buffers: [ScratchBuffer]
    private let kernels: ConvolutionKernels
    private let scratch: Scratch
    /// What the steps so far make of the image.
    private var x: any Activations
    /// Index of the buffer that holds it.
    private var current = 0

    init(_ input: Tensor, _ layers: [FoldedLayer], _ buffers: [ScratchBuffer], _ scratch: Scratch) {
        (x, self.layers, self.buffers, self.scratch) = (input, layers[...], buffers, scratch)
        kernels = ConvolutionKernels(scratch)
    }

    /// Two buffers take turns within a strip; the third collects what comes of them.
    mutating func add(_ strips: RowStrips) throws(KernelError) {
        guard !strips.layers.isEmpty else { return }
        let image = x
        let collected = buffers[0].viewed(as: strips.output, strips.exactLayers < strips.layers.count ? .bf16 : .f32)
        for strip in strips.strips {
            x = image.rows(strip[0].source)
            current = 2
            for (index, piece) in strip.enumerated() {
                let (layer, folded) = (strips.layers[index], layers[layers.startIndex + index])
                if index == strips.exactLayers { round(into: 3 - current) }
                let target = 3 - current
                let y =
                    index == strip.count - 1
                    ? collected.rows(piece.rows) : buffers[target].viewed(as: piece.shape.output, x.precision)
                try convolve(piece.shape, folded, x, into: y, layer.activation)
                (x, current) = (y, target)
            }
        }
        layers = layers.dropFirst(strips.layers.count)
        (x, current) = (collected, 0)
    }

    mutating func add(_ stage: Stage) throws(KernelError) {
        let others = ((current + 1) % 3, (current + 2) % 3)
        switch stage {
        case .maxPooling(let kernel, let stride, let padding):
            let pool = try MaxPooling(
                input: x.shape, kernel: kernel, stride: stride, padding: padding, precision: x.precision,
                scratch: scratch)
            let y = buffers[others.0].viewed(as: pool.output, x.precision)
            steps.append(.maxPooling(pool, x, y))
            (x, current) = (y, others.0)
        case .block(let block):
            guard let last = block.path.last else { return }
            var y = x
            var (target, spare) = others
            for layer in block.path.dropLast() {
                y = try convolve(layer, y, intoBuffer: target, layer.activation)
                swap(&target, &spare)
            }
            switch block.shortcut {
            case .none:
                x = try convolve(last, y, intoBuffer: target, last.activation)
                current = target
            case .identity:
                try convolve(last.shape(over: y.shape), layers.removeFirst(), y, into: x, block.activation, adds: true)
            case .projection(let projection):
                // First the shortcut, onto which the path's last layer adds.
                let folded = layers.removeFirst()
                x = try convolve(projection, x, intoBuffer: target, .none)
                try convolve(last.shape(over: y.shape), folded, y, into: x, block.activation, adds: true)
                current = target
            }
        }
    }

    /// From here on in bfloat16; does nothing when it already is.
    mutating func round() { round(into: (current + 1) % 3) }

    private mutating func round(into target: Int) {
        guard let full = x as? Tensor else { return }
        let half = buffers[target].half.viewed(as: full.shape)
        steps.append(.rounding(full, half))
        (x, current) = (half, target)
    }

    /// The output, in float32 and with what the layers left out of it: the mean's is the mean of what was left out.
    mutating func finish(centre: [Float], pools: Bool) -> Tensor {
        var output: Tensor
        switch x {
        case _ where pools:
            output = Tensor([x.shape[0], x.shape[3]])
            steps.append(.meanPooling(x, output))
        case let half as HalfTensor:
            output = Tensor(half.shape)
            steps.append(.widening(half, output))
        case let tensor as Tensor: output = tensor
        default: preconditionFailure("activations are of one of two kinds")
        }
        if !centre.isEmpty { steps.append(.adding(centre, output)) }
        return output
    }

    /// The next layer over the whole of its input.
    private mutating func convolve(
        _ layer: ConvolutionLayer, _ from: any Activations, intoBuffer target: Int, _ activation: Activation
    ) throws(KernelError) -> any Activations {
        let shape = layer.shape(over: from.shape)
        let y = buffers[target].viewed(as: shape.output, from.precision)
        try convolve(shape, layers.removeFirst(), from, into: y, activation)
        return y
    }

    private mutating func convolve(
        _ shape: ConvolutionShape, _ folded: FoldedLayer, _ from: any Activations, into y: any Activations,
        _ activation: Activation, adds: Bool = false
    ) throws(KernelError) {
        let convolution = try kernels.convolution(shape, activation, adds: adds, from.precision)
        steps.append(.convolution(folded.step(convolution, from, into: y)))
    }
}

/// One of a plan's buffers, large enough for every activation: before the rounding one kind, behind it the other.
struct ScratchBuffer {
    let full: Tensor
    let half: HalfTensor

    /// Three that hold whatever comes into them.
    static func three(_ strips: RowStrips, _ stages: [Stage], float32Stages: Int) -> [ScratchBuffer] {
        var (full, half) = strips.largestActivations
        let exact = max(float32Stages, strips.stageCount)
        let middle = stages[..<exact].dropFirst(strips.stageCount)
        if float32Stages > 0 { full = max(full, middle.largestActivation(over: strips.output)) }
        half = max(half, stages[exact...].largestActivation(over: middle.outputShape(over: strips.output)))
        return (0..<3).map { _ in ScratchBuffer(full: Tensor([full]), half: HalfTensor([half])) }
    }

    func viewed(as shape: [Int], _ precision: Precision) -> any Activations {
        precision == .f32 ? full.viewed(as: shape) : half.viewed(as: shape)
    }
}
