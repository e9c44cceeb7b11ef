import Ranks
import Tensors

/// Where a network divides into a frozen first and a trained last part.
///
/// A layer is a convolution with its normalisation. The freezePoint is before the first block that holds a trained layer;
/// a layer of which only the scale or the shift is trained counts as one.
struct FreezePoint {
    let frozenStages: [Stage]
    let trainedStages: [Stage]
    /// Position of `trainedStages`' first layer, and of the first one that is trained, among all layers.
    let firstLayer: Int
    let firstTrained: Int
    /// Tensors of the layer `firstTrained` that stay: none, its weight, or its weight and its scale.
    let frozenTensors: Int

    init(_ architecture: Architecture, _ unfreezing: Unfreezing) {
        let stages = architecture.stages
        let frozenTensors = unfreezing.frozenTensors(of: architecture)
        firstTrained = frozenTensors / 3
        self.frozenTensors = frozenTensors % 3
        var seen = 0
        var frozen = 0
        while frozen < stages.count, seen + stages[frozen].layers.count <= firstTrained {
            seen += stages[frozen].layers.count
            frozen += 1
        }
        firstLayer = seen
        frozenStages = Array(stages[..<frozen])
        trainedStages = Array(stages[frozen...])
    }
}

/// The trained blocks, pooling and head for one batch size; the weights and gradients are shared by all sizes.
final class TrainedPart {
    /// The frozen part's output, [n, h, w, c].
    let input: Tensor
    /// The same in the precision of what is trained.
    private let rounded: any Activations
    private let stages: [any TrainedStage]
    private let layers: [TrainedLayer]
    private let last: any Activations
    private let pooled: Tensor
    private let pooledGradient: Tensor
    private let lastGradient: (any Activations)?
    private let head: EmbeddingHead
    private let headGradients: HeadWeights
    private let split: BatchSplit

    init(
        _ freezePoint: FreezePoint, _ weights: NetworkWeights, _ gradients: NetworkGradients, input: Tensor,
        drifts: Bool = false, normalizes: Bool, split: BatchSplit
    ) throws(KernelError) {
        let memory = TrainingMemory()
        var stages: [any TrainedStage] = []
        rounded = split.precision == .f32 ? input : HalfTensor(input.shape)
        var x = rounded
        var layer = freezePoint.firstLayer
        for stage in freezePoint.trainedStages {
            switch stage {
            case .maxPooling(let kernel, let stride, let padding):
                stages.append(
                    try TrainedMaxPooling(kernel: kernel, stride: stride, padding: padding, input: x, split: split))
            case .block(let block):
                let range = layer..<layer + stage.layers.count
                stages.append(
                    try TrainedBlock(
                        block, range.map { (weights.layers[$0], gradients.layers[$0 - freezePoint.firstLayer]) },
                        frozenCount: max(0, freezePoint.firstTrained - layer), frozenTensors: freezePoint.frozenTensors,
                        drifts: drifts, input: x, propagates: !stages.isEmpty, memory: memory, split: split))
                layer = range.upperBound
            }
            if let stage = stages.last { x = stage.output }
        }
        (self.input, self.stages, self.split) = (input, stages, split)
        layers = stages.flatMap(\.layers)
        last = x
        pooled = Tensor([x.shape[0], x.shape[3]])
        pooledGradient = Tensor(pooled.shape)
        lastGradient = stages.isEmpty ? nil : split.precision.zeros(x.shape)
        head = EmbeddingHead(weights.head, batch: x.shape[0], normalizes: normalizes)
        headGradients = gradients.head
    }

    /// The embeddings [n, 128] of what `input` holds, of which each rank has its own images; updates the running
    /// statistics. The head, which is small, is every rank's.
    func forward() throws(RankFailure) -> Tensor {
        Threads.each(layers.count, workers: split.scratches.count) { index, _ in layers[index].update() }
        if let half = rounded as? HalfTensor {
            split.eachPiece { piece, _ in
                let images = split.pieces[piece]
                half.entries(images).copy(from: input.entries(images))
            }
        }
        for stage in stages { try stage.forward() }
        split.eachPiece { piece, _ in MeanPooling.forward(last, images: split.pieces[piece], into: pooled) }
        try split.share(images: pooled)
        head.forward(pooled)
        return head.output
    }

    /// All parameter gradients from the gradient by the embeddings, which is used up.
    func backward(_ gradient: Tensor) throws(RankFailure) {
        guard let lastGradient else {
            head.backward(pooled, gradient: gradient, into: headGradients, byFeatures: nil)
            return
        }
        head.backward(pooled, gradient: gradient, into: headGradients, byFeatures: pooledGradient)
        split.eachPiece { piece, _ in
            MeanPooling.backward(gradient: pooledGradient, images: split.pieces[piece], byInput: lastGradient)
        }
        var passed: (any Activations)? = lastGradient
        for stage in stages.reversed() {
            guard let gradient = passed else { break }
            try stage.backward(gradient)
            passed = stage.inputGradient
        }
        try split.sums.finish()
        Threads.each(layers.count, workers: split.scratches.count) { index, _ in layers[index].writeGradient() }
    }

    var implementations: [String] { layers.flatMap(\.implementations) }
}

/// Gradients of the trained part's layers (frozen ones in its first block included, unused) and of the head.
final class NetworkGradients {
    let layers: [LayerGradients]
    let head: HeadWeights

    init(_ architecture: Architecture, _ freezePoint: FreezePoint) {
        layers = freezePoint.trainedStages.flatMap(\.layers).map(LayerGradients.init)
        head = HeadWeights(features: architecture.featureCount)
    }

    /// What the optimiser moves, named as in a checkpoint.
    func parameters(of weights: NetworkWeights, _ freezePoint: FreezePoint) -> [Optimizer.Parameter] {
        var parameters: [Optimizer.Parameter] = []
        for index in freezePoint.firstTrained..<weights.layers.count {
            let (layer, gradients) = (weights.layers[index], layers[index - freezePoint.firstLayer])
            let tensors = [
                Optimizer.Parameter("\(layer.layer.name).weight", layer.weight, gradient: gradients.weight),
                .init("\(layer.layer.normalization).weight", layer.scale, gradient: gradients.scale),
                .init("\(layer.layer.normalization).bias", layer.shift, gradient: gradients.shift),
            ]
            parameters += tensors.dropFirst(index == freezePoint.firstTrained ? freezePoint.frozenTensors : 0)
        }
        for (parameter, gradient) in zip(weights.head.named, head.named) {
            parameters.append(.init(parameter.name, parameter.tensor, gradient: gradient.tensor))
        }
        return parameters
    }
}
