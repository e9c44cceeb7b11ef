import Dispatch
import Synchronization
import Tensors

/// One step that only goes forward over buffers of its own.
protocol ForwardStep {
    func run()
}

extension ConvolutionStep: ForwardStep {}

/// A frozen layer in train mode: its weights stay, its normalisation uses the batch's statistics and moves the running
/// ones.
final class DriftingLayer: ForwardStep {
    private let weights: ConvolutionWeights
    private let input: Tensor
    private let output: Tensor
    private let convolution: TrainedConvolution
    private let normalization: BatchNormalization
    private let activation: ActivationLayer

    /// The weights must not change afterwards. `output` has the shape that the layer makes of `input`.
    init(_ weights: ConvolutionWeights, _ input: Tensor, into output: Tensor, scratch: Scratch) throws(KernelError) {
        let shape = weights.layer.shape(over: input.shape)
        (self.weights, self.input, self.output) = (weights, input, output)
        convolution = try TrainedConvolution(shape, propagates: false, learns: false, scratch: scratch)
        normalization = try BatchNormalization(shape.output, epsilon: ConvolutionWeights.epsilon, scratch: scratch)
        activation = try ActivationLayer(weights.layer.activation, count: output.count, scratch: scratch)
        convolution.update(weights.weight)
    }

    func run() {
        convolution.forward(input, into: output)
        normalization.forward(output, scale: weights.scale, shift: weights.shift, into: output)
        activation.forward(output)
        normalization.updateRunning(mean: weights.runningMean, variance: weights.runningVariance)
        weights.batchesTracked += 1
    }
}

/// The stages before the trained ones in the naive recipe, for one batch shape: what PyTorch does where
/// `requires_grad = False` is all that freezes a layer and the model stays in train mode.
///
/// A batch goes through together, since every normalisation looks at all of it; three buffers take turns.
final class DriftingStages {
    /// The images [n, height, width, 3].
    let input: Tensor
    /// The last activation, valid until the next forward.
    let output: Tensor
    private let steps: [any ForwardStep]

    /// `weights` holds the stages' layers in order.
    init(
        _ stages: [Stage], _ weights: [ConvolutionWeights], input shape: [Int], scratch: Scratch
    ) throws(KernelError) {
        let size = stages.largestActivation(over: shape)
        let buffers = stages.isEmpty ? [] : (0..<3).map { _ in Tensor([size]) }
        var steps: [any ForwardStep] = []
        var weights = weights[...]
        var current = 0  // index of the buffer that holds the stage's input
        input = Tensor(shape)
        var x = input
        func layer(_ from: Tensor, into index: Int) throws(KernelError) -> Tensor {
            let next = weights.removeFirst()
            let y = buffers[index].viewed(as: next.layer.shape(over: from.shape).output)
            steps.append(try DriftingLayer(next, from, into: y, scratch: scratch))
            return y
        }
        for stage in stages {
            let others = ((current + 1) % 3, (current + 2) % 3)
            switch stage {
            case .maxPooling(let kernel, let stride, let padding):
                let pool = try MaxPooling(
                    input: x.shape, kernel: kernel, stride: stride, padding: padding, scratch: scratch)
                let y = buffers[others.0].viewed(as: pool.output)
                steps.append(PoolingStep(pooling: pool, input: x, output: y))
                (x, current) = (y, others.0)
            case .block(let block):
                var y = x
                var (target, spare) = others
                for _ in block.path {
                    y = try layer(y, into: target)
                    swap(&target, &spare)
                }
                // `spare` holds the path's end; `target` is free.
                let end = spare
                switch block.shortcut {
                case .none: break
                case .identity:
                    steps.append(try AdditionStep(y, x, block.activation, scratch: scratch))
                case .projection:
                    let shortcut = try layer(x, into: target)
                    steps.append(try AdditionStep(y, shortcut, block.activation, scratch: scratch))
                }
                (x, current) = (y, end)
            }
        }
        output = x
        self.steps = steps
    }

    /// Fills the batch on all cores, then runs it; of `fill`'s errors the one for the lowest index is thrown.
    func forward(fill: @Sendable (_ index: Int, UnsafeMutableBufferPointer<Float>) throws -> Void) throws {
        let failures = Mutex<[Int: any Error]>([:])
        nonisolated(unsafe) let input = input  // each iteration writes its own image
        DispatchQueue.concurrentPerform(iterations: input.shape[0]) { index in
            do {
                try fill(index, input.entries(index..<index + 1).values)
            } catch {
                failures.withLock { $0[index] = error }
            }
        }
        if let first = failures.withLock({ $0.min { $0.key < $1.key } }) { throw first.value }
        for step in steps { step.run() }
    }
}

private struct PoolingStep: ForwardStep {
    let pooling: MaxPooling
    let input: Tensor
    let output: Tensor

    func run() { pooling.forward(input, into: output) }
}

/// y ← activation(y + shortcut).
private struct AdditionStep: ForwardStep {
    private let addition: Addition
    private let y: Tensor
    private let shortcut: Tensor

    init(_ y: Tensor, _ shortcut: Tensor, _ activation: Activation, scratch: Scratch) throws(KernelError) {
        addition = try Addition(activation, count: y.count, scratch: scratch)
        (self.y, self.shortcut) = (y, shortcut)
    }

    func run() { addition.forward(y, shortcut, into: y) }
}
