import Checkpoints
import Synchronization
import Tensors

/// A backbone, global average pooling and the embedding head: face images in, 128 numbers each out.
///
/// Works on one batch at a time whoever asks; the kernels use all cores.
package final class EmbeddingNetwork: @unchecked Sendable {
    package let architecture: Architecture
    /// Of the backbone; the head is always in float32.
    package let precision: Precision
    /// Whether embeddings are scaled to length 1.
    package let normalizes: Bool
    /// Guards everything below.
    private let lock = Mutex(())
    private let weights: NetworkWeights
    private var frozen: FrozenStages?

    /// Random weights from the seed, in PyTorch's initial distributions.
    package init(_ architecture: Architecture, seed: UInt64, precision: Precision = .f32, normalizes: Bool = false) {
        self.architecture = architecture
        self.precision = precision
        self.normalizes = normalizes
        weights = NetworkWeights(architecture)
        weights.initialize(seed: seed)
    }

    /// Takes over the checkpoint's weights. A backbone alone is enough: the head then keeps its values.
    package func load(_ checkpoint: Checkpoint) throws(WeightsError) {
        try lock.withLock { (_) throws(WeightsError) in
            try weights.load(checkpoint, into: architecture)
            frozen = nil
        }
    }

    /// All weights: the backbone's under PyTorch's names, the head's as `head.0.weight` … `head.2.bias`.
    package func checkpoint() -> Checkpoint {
        var checkpoint = lock.withLock { _ in weights.checkpoint() }
        checkpoint.holdsUnitLength = normalizes
        return checkpoint
    }

    /// Writes one normalised NHWC image, [height, width, 3]; called on several threads at once.
    package typealias Fill<Failure: Error> =
        @Sendable (_ index: Int, _ image: UnsafeMutableBufferPointer<Float>) throws(Failure) -> Void

    /// Pooled features of the backbone, one row of `architecture.featureCount` per image.
    ///
    /// - Parameter batch: normalised images, NHWC: [n, height, width, 3], any n and any size.
    package func features(_ batch: Tensor) throws(KernelError) -> Matrix {
        try lock.withLock { (_) throws(KernelError) in try pooledFeatures(batch).matrix }
    }

    /// Embeddings, one row of 128 per image; images as for `features`.
    package func embeddings(_ batch: Tensor) throws(KernelError) -> Matrix {
        try lock.withLock { (_) throws(KernelError) in embedded(try pooledFeatures(batch)) }
    }

    /// Features of `count` images that `fill` makes as they are needed: a whole gallery, without holding its pixels.
    package func features(
        count: Int, height: Int, width: Int, fill: Fill<any Error>
    ) throws -> Matrix {
        try lock.withLock { _ in try pooledFeatures(count, height, width, fill).matrix }
    }

    /// Embeddings of `count` images that `fill` makes as they are needed.
    package func embeddings(
        count: Int, height: Int, width: Int, fill: Fill<any Error>
    ) throws -> Matrix {
        try lock.withLock { _ in embedded(try pooledFeatures(count, height, width, fill)) }
    }

    /// What the head makes of pooled features [n, featureCount].
    func embeddings(ofFeatures features: Tensor) -> Matrix { lock.withLock { _ in embedded(features) } }

    /// The convolution kernels that oneDNN chose for images of that size, first layer first.
    package func kernels(height: Int, width: Int) throws(KernelError) -> [String] {
        try lock.withLock { (_) throws(KernelError) in try prepared(height: height, width: width).implementations }
    }

    /// Lends the weights to a change, after which everything is folded and packed anew.
    func update<Result, Failure: Error>(
        _ change: (NetworkWeights) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try lock.withLock { (_) throws(Failure) in
            frozen = nil
            return try change(weights)
        }
    }

    private func pooledFeatures(_ batch: Tensor) throws(KernelError) -> Tensor {
        precondition(batch.shape.count == 4 && batch.shape[3] == 3)
        let frozen = try prepared(height: batch.shape[1], width: batch.shape[2])
        let features = Tensor([batch.shape[0], architecture.featureCount])
        nonisolated(unsafe) let images = batch  // only read
        frozen.forward(into: features) { index, image in
            _ = image.update(fromContentsOf: images.entries(index..<index + 1).values)
        }
        return features
    }

    private func pooledFeatures(_ count: Int, _ height: Int, _ width: Int, _ fill: Fill<any Error>) throws -> Tensor {
        let frozen = try prepared(height: height, width: width)
        let features = Tensor([count, architecture.featureCount])
        try frozen.forward(into: features, fill: fill)
        return features
    }

    private func prepared(height: Int, width: Int) throws(KernelError) -> FrozenStages {
        let frozen =
            self.frozen
            ?? FrozenStages(
                architecture.stages, weights.layers, pools: true, precision: precision,
                float32Stages: architecture.float32Stages)
        self.frozen = frozen
        try frozen.prepare(height: height, width: width)
        return frozen
    }

    private func embedded(_ features: Tensor) -> Matrix {
        let head = EmbeddingHead(weights.head, batch: features.shape[0], normalizes: normalizes)
        head.forward(features)
        return head.output.matrix
    }
}

extension Checkpoint {
    private static let embedding = "likeness.embedding"
    private static let unitLength = "unit length"

    /// Whether the file says that its network was trained with embeddings scaled to length 1, and is none without that.
    package fileprivate(set) var holdsUnitLength: Bool {
        get { metadata[Self.embedding] == Self.unitLength }
        set { metadata[Self.embedding] = newValue ? Self.unitLength : nil }
    }
}

extension Tensor {
    /// [rows, columns] as a value.
    fileprivate var matrix: Matrix {
        precondition(shape.count == 2)
        return Matrix(rows: shape[0], columns: shape[1], values: array)
    }
}
