import Tensors

/// One stage of the trained part, for one batch shape.
protocol TrainedStage {
    var output: Tensor { get }
    /// Gradient by the stage's input after a backward; nil where nothing below is trained.
    var inputGradient: Tensor? { get }
    func forward()
    /// `gradient` is by the output; it is used up.
    func backward(_ gradient: Tensor)
}

/// A block whose last layers are trained; layers before the first trained one run as inference, or drift.
package final class TrainedBlock: TrainedStage {
    package let output: Tensor
    package let inputGradient: Tensor?
    private let input: Tensor
    private let frozen: [any ForwardStep]
    private let path: [TrainedLayer]
    private let projection: TrainedLayer?
    private let addition: Addition?
    private let gradientSum: Addition?

    /// `layers` are the block's, in order: path, then projection; the first `frozenCount` of them stay as they are,
    /// and of the next one the first `frozenTensors`.
    package init(
        _ block: Block, _ layers: [(weights: ConvolutionWeights, gradients: LayerGradients)], frozenCount: Int,
        frozenTensors: Int = 0, drifts: Bool = false, input: Tensor, propagates: Bool,
        shared: SharedTensor = SharedTensor(), scratch: Scratch
    ) throws(KernelError) {
        // Whatever is frozen lies before what is trained, so no gradient ever passes a frozen layer.
        precondition(frozenCount < layers.count && !(propagates && frozenCount > 0))
        var frozen: [any ForwardStep] = []
        var path: [TrainedLayer] = []
        var x = input
        for (index, layer) in block.path.enumerated() {
            if index < frozenCount {
                let y = Tensor(layer.shape(over: x.shape).output)
                let step: any ForwardStep =
                    drifts
                    ? try DriftingLayer(layers[index].weights, x, into: y, scratch: scratch)
                    : FoldedLayer(layers[index].weights).step(
                        try FrozenConvolution(
                            layer.shape(over: x.shape), activation: layer.activation, scratch: scratch),
                        x, into: y)
                frozen.append(step)
                x = y
            } else {
                let trained = try TrainedLayer(
                    layers[index].weights, layers[index].gradients, input: x,
                    propagates: propagates || index > frozenCount,
                    learnsWeight: propagates || index > frozenCount || frozenTensors == 0, shared: shared,
                    scratch: scratch)
                path.append(trained)
                x = trained.output
            }
        }
        self.input = input
        self.frozen = frozen
        self.path = path
        output = x
        if block.projection != nil, let last = layers.last {
            projection = try TrainedLayer(
                last.weights, last.gradients, input: input, propagates: propagates,
                learnsWeight: propagates || frozenCount < block.path.count || frozenTensors == 0, shared: shared,
                scratch: scratch)
        } else {
            projection = nil
        }
        let adds = block.shortcut != .none
        addition = adds ? try Addition(block.activation, count: x.count, scratch: scratch) : nil
        inputGradient = path.first?.inputGradient
        gradientSum =
            adds && propagates ? try Addition(.none, count: input.count, scratch: scratch) : nil
    }

    package func forward() {
        for step in frozen { step.run() }
        for layer in path { layer.forward() }
        projection?.forward()
        // In place: the path's last layer has no activation, so its backward does not read its output.
        addition?.forward(output, projection?.output ?? input, into: output)
    }

    package func backward(_ gradient: Tensor) {
        addition?.backward(output: output, gradient: gradient)
        projection?.backward(gradient)
        var passed: Tensor? = gradient
        for layer in path.reversed() {
            guard let gradient = passed else { break }
            layer.backward(gradient)
            passed = layer.inputGradient
        }
        guard let gradientSum, let inputGradient else { return }
        gradientSum.forward(inputGradient, projection?.inputGradient ?? gradient, into: inputGradient)
    }

    var implementations: [String] {
        path.flatMap(\.implementations) + (projection?.implementations ?? [])
    }
}

/// Max pooling in the trained part: only when the stem is trained too.
final class TrainedMaxPooling: TrainedStage {
    let output: Tensor
    let inputGradient: Tensor?
    private let input: Tensor
    private let pooling: MaxPooling

    init(_ pooling: MaxPooling, input: Tensor) {
        self.pooling = pooling
        self.input = input
        output = Tensor(pooling.output)
        inputGradient = Tensor(pooling.input)
    }

    func forward() { pooling.forward(input, into: output) }

    func backward(_ gradient: Tensor) {
        guard let inputGradient else { return }
        pooling.backward(gradient: gradient, byInput: inputGradient)
    }
}
