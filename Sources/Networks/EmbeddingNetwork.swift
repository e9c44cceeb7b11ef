import Checkpoints
import Foundation
import Synchronization
import Tensors

/// A backbone, global average pooling and the embedding head: face images in, 128 numbers each out.
///
/// Works on one batch at a time whoever asks; the kernels use all cores.
package final class EmbeddingNetwork: @unchecked Sendable {
    package let architecture: Architecture
    /// Guards everything below.
    private let lock = Mutex(())
    private let weights: NetworkWeights
    private var compiled: Compiled?

    /// Random weights from the seed, in PyTorch's initial distributions.
    package init(_ architecture: Architecture, seed: UInt64) {
        self.architecture = architecture
        weights = NetworkWeights(architecture)
        weights.initialize(seed: seed)
    }

    /// Takes over the checkpoint's weights. A backbone alone is enough: the head then keeps its values.
    package func load(_ checkpoint: Checkpoint) throws(WeightsError) {
        try lock.withLock { (_) throws(WeightsError) in
            try weights.load(checkpoint, into: architecture)
            compiled = nil
        }
    }

    /// All weights: the backbone's under PyTorch's names, the head's as `head.0.weight` … `head.2.bias`.
    package func checkpoint() -> Checkpoint {
        lock.withLock { _ in weights.checkpoint() }
    }

    /// Pooled features of the backbone, one row of `architecture.featureCount` per image.
    ///
    /// - Parameter batch: normalised images, NHWC: [n, height, width, 3], any n and any size the strides allow.
    package func features(_ batch: Tensor) throws(KernelError) -> Matrix {
        try lock.withLock { (_) throws(KernelError) in try pooledFeatures(batch).matrix }
    }

    /// Embeddings, one row of 128 per image; images as for `features`.
    package func embeddings(_ batch: Tensor) throws(KernelError) -> Matrix {
        try lock.withLock { (_) throws(KernelError) in
            let features = try pooledFeatures(batch)
            let head = EmbeddingHead(weights.head, batch: features.shape[0])
            head.forward(features)
            return head.output.matrix
        }
    }

    /// Lends the weights to a change, after which everything is folded and packed anew.
    func update<Result, Failure: Error>(
        _ change: (NetworkWeights) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try lock.withLock { (_) throws(Failure) in
            compiled = nil
            return try change(weights)
        }
    }

    private func pooledFeatures(_ batch: Tensor) throws(KernelError) -> Tensor {
        precondition(batch.shape.count == 4 && batch.shape[3] == 3)
        let compiled = self.compiled ?? Compiled(architecture, weights)
        self.compiled = compiled
        let features = Tensor([batch.shape[0], architecture.featureCount])
        for start in stride(from: 0, to: batch.shape[0], by: Compiled.largestBatch) {
            let range = start..<min(start + Compiled.largestBatch, batch.shape[0])
            try compiled.run(batch.entries(range), into: features.entries(range))
        }
        return features
    }
}

/// The frozen network's kernels for the batch shapes that were asked for.
private final class Compiled {
    /// Images that run together: enough to occupy the cores, few enough for their activations to stay in the cache.
    ///
    /// On two cores one image at a time is fastest (MobileNet-V2: 575 images/s, 480 by fours, 405 by sixteens), and an
    /// embedding then does not depend on its batch in a single bit.
    static let largestBatch = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
    /// Beside the full batch, remainders come and go.
    private static let keptPlans = 4

    private let stages: [Stage]
    private let layers: [FoldedLayer]
    private let scratch = Scratch()
    private var plans: [(plan: InferencePlan, pooling: MeanPooling)] = []

    init(_ architecture: Architecture, _ weights: NetworkWeights) {
        stages = architecture.stages
        layers = weights.layers.map(FoldedLayer.init)
    }

    func run(_ images: Tensor, into features: Tensor) throws(KernelError) {
        let (plan, pooling) = try plan(for: images.shape)
        plan.input.copy(from: images)
        plan.run()
        pooling.forward(plan.output, into: features)
    }

    private func plan(for shape: [Int]) throws(KernelError) -> (InferencePlan, MeanPooling) {
        if let index = plans.firstIndex(where: { $0.plan.input.shape == shape }) {
            plans.append(plans.remove(at: index))
        } else {
            let plan = try InferencePlan(stages, layers: layers, input: shape, scratch: scratch)
            let pooling = try MeanPooling(input: plan.output.shape, scratch: scratch)
            if plans.count == Compiled.keptPlans { plans.removeFirst() }
            plans.append((plan, pooling))
        }
        return plans[plans.count - 1]
    }
}

extension Tensor {
    /// [rows, columns] as a value.
    var matrix: Matrix {
        precondition(shape.count == 2)
        return Matrix(rows: shape[0], columns: shape[1], values: array)
    }
}
