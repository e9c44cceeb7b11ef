import Tensors

/// Consecutive stages compiled for one input shape: kernels, packed weights, and three buffers that take turns.
///
/// Normalisations are folded, activations and residual sums fused into the convolutions. In bfloat16 the first
/// stages still work in float32, then the activation is rounded, and the last one is widened: callers see float32 alone.
final class InferencePlan {
    private enum Step {
        case convolution(ConvolutionStep)
        case maxPooling(MaxPooling, any Activations, any Activations)
        case rounding(Tensor, HalfTensor)
        case widening(HalfTensor, Tensor)
        case adding([Float], Tensor)
        case meanPooling(MeanPooling, Tensor, Tensor)
    }

    /// Where the caller writes the NHWC batch.
    let input: Tensor
    /// The last stage's activation, valid until the next run.
    let output: Tensor
    private let steps: [Step]

    /// `layers` holds the stages' layers in order; with `pools` the output is the mean over height and width. `centre` is
    /// what the layers leave out of the last activation, which is added again.
    init(
        _ stages: [Stage], layers: [FoldedLayer], centre: [Float] = [], pools: Bool, precision: Precision, exactStages: Int, input shape: [Int],
        scratch: Scratch
    ) throws(KernelError) {
        let exact = precision == .f32 ? stages.count : min(exactStages, stages.count)
        let size = InferencePlan.largestActivation(stages[..<exact], shape)
        let halfSize = InferencePlan.largestActivation(
            stages[exact...], Array(stages[..<exact]).outputShape(over: shape))
        let buffers = (0..<3).map { _ in TurnBuffer(full: size, half: halfSize) }
        var steps: [Step] = []
        var layers = layers[...]
        var current = 0  // index of the buffer that holds the stage's input
        input = Tensor(shape)
        var x: any Activations = input
        func convolve(
            _ layer: ConvolutionLayer, _ folded: FoldedLayer, _ from: any Activations, into y: any Activations,
            _ activation: Activation, adds: Bool = false
        ) throws(KernelError) {
            steps.append(
                .convolution(
                    try folded.step(layer, from, into: y, activation: activation, adds: adds, scratch: scratch)))
        }
        func buffer(_ index: Int, for layer: ConvolutionLayer, over x: any Activations) -> any Activations {
            buffers[index].viewed(as: layer.shape(over: x.shape).output, x.precision)
        }
        for (index, stage) in stages.enumerated() {
            if index == exact, let full = x as? Tensor {
                current = (current + 1) % 3
                let rounded = buffers[current].half.viewed(as: full.shape)
                steps.append(.rounding(full, rounded))
                x = rounded
            }
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
                var y = x
                var (target, spare) = others
                for layer in block.path.dropLast() {
                    let z = buffer(target, for: layer, over: y)
                    try convolve(layer, layers.removeFirst(), y, into: z, layer.activation)
                    y = z
                    swap(&target, &spare)
                }
                guard let last = block.path.last else { continue }
                let folded = layers.removeFirst()
                switch block.shortcut {
                case .none:
                    let z = buffer(target, for: last, over: y)
                    try convolve(last, folded, y, into: z, last.activation)
                    (x, current) = (z, target)
                case .identity:
                    try convolve(last, folded, y, into: x, block.activation, adds: true)
                case .projection(let projection):
                    // First the shortcut, onto which the path's last layer adds.
                    let z = buffer(target, for: projection, over: x)
                    try convolve(projection, layers.removeFirst(), x, into: z, .none)
                    try convolve(last, folded, y, into: z, block.activation, adds: true)
                    (x, current) = (z, target)
                }
            }
        }
        var last = Tensor([0])
        switch x {
        case let half as HalfTensor:
            last = Tensor(half.shape)
            steps.append(.widening(half, last))
        case let tensor as Tensor: last = tensor
        default: preconditionFailure("activations are of one of two kinds")
        }
        if !centre.isEmpty { steps.append(.adding(centre, last)) }
        if pools {
            let pooled = Tensor([last.shape[0], last.shape[3]])
            steps.append(.meanPooling(try MeanPooling(input: last.shape, scratch: scratch), last, pooled))
            last = pooled
        }
        output = last
        self.steps = steps
    }

    func run() {
        for step in steps {
            switch step {
            case .convolution(let step): step.run()
            case .maxPooling(let pool, let x, let y): pool.forward(x, into: y)
            case .meanPooling(let pool, let x, let y): pool.forward(x, into: y)
            case .rounding(let x, let y): y.copy(from: x)
            case .widening(let x, let y): x.write(to: y)
            case .adding(let centre, let x): x.add(toChannels: centre)
            }
        }
    }

    /// The kernels that oneDNN chose, first to last.
    var implementations: [String] {
        steps.compactMap { if case .convolution(let step) = $0 { step.convolution.implementation } else { nil } }
    }

    /// Values of the largest activation that the stages read or write, inside blocks too.
    static func largestActivation(_ stages: ArraySlice<Stage>, _ input: [Int]) -> Int {
        var shape = input
        var largest = shape.reduce(1, *)
        for stage in stages {
            switch stage {
            case .maxPooling(let kernel, let stride, let padding):
                shape[1] = (shape[1] + 2 * padding - kernel) / stride + 1
                shape[2] = (shape[2] + 2 * padding - kernel) / stride + 1
            case .block(let block):
                for layer in block.path {
                    shape = layer.shape(over: shape).output
                    largest = max(largest, shape.reduce(1, *))
                }
            }
            largest = max(largest, shape.reduce(1, *))
        }
        return largest
    }
}

/// One of the plan's buffers, large enough for every activation: before the rounding one kind, behind it the other.
private struct TurnBuffer {
    let full: Tensor
    let half: HalfTensor

    init(full: Int, half: Int) { (self.full, self.half) = (Tensor([full]), HalfTensor([half])) }

    func viewed(as shape: [Int], _ precision: Precision) -> any Activations {
        precision == .f32 ? full.viewed(as: shape) : half.viewed(as: shape)
    }
}
