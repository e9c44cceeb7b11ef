import Tensors

/// Consecutive stages compiled for one input shape: kernels, packed weights, and three buffers that take turns.
///
/// Normalisations are folded, activations and residual sums fused into the convolutions.
final class InferencePlan {
    private enum Step {
        case convolution(ConvolutionStep)
        case maxPooling(MaxPooling, Tensor, Tensor)
        case meanPooling(MeanPooling, Tensor, Tensor)
    }

    /// Where the caller writes the NHWC batch.
    let input: Tensor
    /// The last stage's activation, valid until the next run.
    let output: Tensor
    private let steps: [Step]

    /// `layers` holds the stages' layers in order; with `pools` the output is the mean over height and width.
    init(
        _ stages: [Stage], layers: [FoldedLayer], pools: Bool, input shape: [Int], scratch: Scratch
    ) throws(KernelError) {
        let size = InferencePlan.largestActivation(stages, shape)
        let buffers = [Tensor([size]), Tensor([size]), Tensor([size])]
        var steps: [Step] = []
        var layers = layers[...]
        var current = 0  // index of the buffer that holds the stage's input
        var x = Tensor(shape)
        input = x
        func convolve(
            _ layer: ConvolutionLayer, _ folded: FoldedLayer, _ from: Tensor, into y: Tensor, _ activation: Activation,
            adds: Bool = false
        ) throws(KernelError) {
            steps.append(
                .convolution(
                    try folded.step(layer, from, into: y, activation: activation, adds: adds, scratch: scratch)))
        }
        func buffer(_ index: Int, for layer: ConvolutionLayer, over x: Tensor) -> Tensor {
            buffers[index].viewed(as: layer.shape(over: x.shape).output)
        }
        for stage in stages {
            let others = ((current + 1) % 3, (current + 2) % 3)
            switch stage {
            case .maxPooling(let kernel, let stride, let padding):
                let pool = try MaxPooling(
                    input: x.shape, kernel: kernel, stride: stride, padding: padding, scratch: scratch)
                let y = buffers[others.0].viewed(as: pool.output)
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
        if pools {
            let pooled = Tensor([x.shape[0], x.shape[3]])
            steps.append(.meanPooling(try MeanPooling(input: x.shape, scratch: scratch), x, pooled))
            x = pooled
        }
        output = x
        self.steps = steps
    }

    func run() {
        for step in steps {
            switch step {
            case .convolution(let step): step.run()
            case .maxPooling(let pool, let x, let y): pool.forward(x, into: y)
            case .meanPooling(let pool, let x, let y): pool.forward(x, into: y)
            }
        }
    }

    /// The kernels that oneDNN chose, first to last.
    var implementations: [String] {
        steps.compactMap { if case .convolution(let step) = $0 { step.convolution.implementation } else { nil } }
    }

    private static func largestActivation(_ stages: [Stage], _ input: [Int]) -> Int {
        var shape = input
        var largest = 0
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
