import Ranks
import Tensors

/// One stage of the trained part, for one batch shape.
protocol TrainedStage {
    var output: any Activations { get }
    /// Gradient by the stage's input after a backward; nil where nothing below is trained.
    var inputGradient: (any Activations)? { get }
    var layers: [TrainedLayer] { get }
    func forward() throws(RankFailure)
    /// `gradient` is by the output; it is used up.
    func backward(_ gradient: any Activations) throws(RankFailure)
}

/// A block whose last layers are trained; layers before the first trained one run as inference, or drift.
package final class TrainedBlock: TrainedStage {
    package let output: any Activations
    package let inputGradient: (any Activations)?
    let layers: [TrainedLayer]
    private let input: any Activations
    private let block: Block
    private let frozen: [any FrozenStep]
    private let path: [TrainedLayer]
    private let projection: TrainedLayer?
    private let split: BatchSplit

    /// `layers` are the block's, in order: path, then projection; the first `frozenCount` of them stay as they are,
    /// and of the next one the first `frozenTensors`.
    package init(
        _ block: Block, _ layers: [(weights: ConvolutionWeights, gradients: LayerGradients)], frozenCount: Int,
        frozenTensors: Int = 0, drifts: Bool = false, input: any Activations, propagates: Bool,
        memory: TrainingMemory = TrainingMemory(), split: BatchSplit
    ) throws(KernelError) {
        // Whatever is frozen lies before what is trained, so no gradient ever passes a frozen layer.
        precondition(frozenCount < layers.count && !(propagates && frozenCount > 0))
        func trained(
            _ index: Int, over input: any Activations, adding shortcut: (any Activations)?, propagates: Bool,
            learnsWeight: Bool
        ) throws(KernelError) -> TrainedLayer {
            try TrainedLayer(
                layers[index].weights, layers[index].gradients, input: input, adding: shortcut,
                activation: shortcut == nil ? nil : block.activation, propagates: propagates,
                learnsWeight: learnsWeight, memory: memory, split: split)
        }
        let pathIsFrozen = frozenCount >= block.path.count
        var frozen: [any FrozenStep] = []
        var x = input
        for index in 0..<min(frozenCount, block.path.count) {
            let y = split.precision.zeros(block.path[index].shape(over: x.shape).output)
            frozen.append(
                drifts
                    ? try DriftingLayer(layers[index].weights, x, into: y, split: split)
                    : try FrozenLayer(layers[index].weights, x, into: y, split: split))
            x = y
        }
        // The last layer of the two ways adds the other one's end: the path's, unless only the projection is trained.
        var projection: TrainedLayer?
        if block.projection != nil {
            projection = try trained(
                layers.count - 1, over: input, adding: pathIsFrozen ? x : nil, propagates: propagates,
                learnsWeight: propagates || !pathIsFrozen || frozenTensors == 0)
        }
        let shortcut = block.shortcut == .identity ? input : projection?.output
        var path: [TrainedLayer] = []
        for index in block.path.indices.dropFirst(frozenCount) {
            let isFirst = index == frozenCount
            let layer = try trained(
                index, over: x, adding: index == block.path.count - 1 ? shortcut : nil,
                propagates: propagates || !isFirst, learnsWeight: propagates || !isFirst || frozenTensors == 0)
            path.append(layer)
            x = layer.output
        }
        (self.block, self.input, self.split) = (block, input, split)
        (self.frozen, self.path, self.projection) = (frozen, path, projection)
        self.layers = path + (projection.map { [$0] } ?? [])
        output = pathIsFrozen ? projection?.output ?? x : x
        inputGradient = path.first?.inputGradient
    }

    package func forward() throws(RankFailure) {
        for step in frozen { try step.forward() }
        try projection?.forward()
        for layer in path { try layer.forward() }
    }

    package func backward(_ gradient: any Activations) throws(RankFailure) {
        var passed: (any Activations)? = gradient
        for layer in path.reversed() {
            guard let gradient = passed else { break }
            try layer.backward(gradient)
            passed = layer.inputGradient
        }
        // The path's last layer has taken the gradient back through the activation behind the sum.
        try projection?.backward(gradient)
        guard let inputGradient, block.shortcut != .none else { return }
        let shortcutGradient = projection?.inputGradient ?? gradient
        split.eachPiece { piece, _ in add(shortcutGradient, to: inputGradient, piece: split.pieces[piece]) }
    }

    /// Takes over the weights, before a forward.
    package func update() { Threads.each(layers.count) { index, _ in layers[index].update() } }

    /// Gradients by the weights, after a backward.
    package func writeGradients() { Threads.each(layers.count) { index, _ in layers[index].writeGradient() } }
}

/// Max pooling in the trained part: only when the stem is trained too.
final class TrainedMaxPooling: TrainedStage {
    let output: any Activations
    let inputGradient: (any Activations)?
    let layers: [TrainedLayer] = []
    private let input: any Activations
    /// A piece's each, for it keeps where the maxima stood.
    private let poolings: [MaxPooling]
    private let split: BatchSplit

    init(
        kernel: Int, stride: Int, padding: Int, input: any Activations, split: BatchSplit
    ) throws(KernelError) {
        var poolings: [MaxPooling] = []
        for piece in split.pieces {
            poolings.append(
                try Threads.single { () throws(KernelError) in
                    try MaxPooling(
                        input: [piece.count] + input.shape.dropFirst(), kernel: kernel, stride: stride,
                        padding: padding, isTrained: true, precision: split.precision, scratch: Scratch())
                })
        }
        (self.input, self.poolings, self.split) = (input, poolings, split)
        output = split.precision.zeros([input.shape[0]] + poolings[0].output.dropFirst())
        inputGradient = split.precision.zeros(input.shape)
    }

    func forward() {
        split.eachPiece { piece, _ in
            let images = split.pieces[piece]
            poolings[piece].forward(input.images(images), into: output.images(images))
        }
    }

    func backward(_ gradient: any Activations) {
        guard let inputGradient else { return }
        split.eachPiece { piece, _ in
            let images = split.pieces[piece]
            poolings[piece].backward(gradient: gradient.images(images), byInput: inputGradient.images(images))
        }
    }
}
