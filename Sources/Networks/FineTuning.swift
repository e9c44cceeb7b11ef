import Dispatch
import Tensors

/// Fine-tunes a network's last layers and its head on triplets, epoch by epoch.
///
/// The layers before stay as they are, normalisations included. A batch goes through the network once, as
/// [anchors; positives; negatives]; trained normalisations use its statistics and update the running ones.
/// The same seed, inputs and number of threads give the same weights, bit for bit.
package final class FineTuning {
    package struct Options: Sendable, Hashable {
        package var learningRate = 1e-4
        package var margin: Float = 1
        package var tripletsPerBatch = 16
        package var epochs = 1
        package var seed: UInt64 = 0
        /// Convolutions, each with its normalisation, that are trained, counted from the last: 10 means `layer4` of
        /// ResNet-50 and `features.15` to `features.18` of MobileNet-V2. At most `architecture.layers.count`.
        package var unfreeze = 10
        package var imageHeight = 218
        package var imageWidth = 218

        package init() {}
    }

    /// Where the training stands, after a batch.
    package struct Progress: Sendable, Hashable {
        package let epoch: Int
        package let epochs: Int
        package let batch: Int
        package let batches: Int
        /// Images of this epoch so far, and all of them: three per triplet.
        package let images: Int
        package let imageCount: Int
        /// The batch's mean loss.
        package let loss: Double
    }

    /// What one epoch did: means over its triplets.
    package struct EpochRecord: Sendable, Hashable, Codable {
        package let epoch: Int
        package let loss: Double
        /// Triplets with a positive loss, which alone change the weights.
        package let activeShare: Double
        package let positiveDistance: Double
        package let negativeDistance: Double
        package let seconds: Double
    }

    /// Writes the sample's normalised NHWC image for that slot (0 anchor, 1 positive, 2 negative) of that triplet.
    ///
    /// Called from several threads at once, in any order.
    package typealias Fill =
        @Sendable (
            _ sample: Int, _ slot: Int, _ triplet: Int, _ epoch: Int, _ image: UnsafeMutableBufferPointer<Float>
        ) throws -> Void

    package let options: Options
    /// Epochs done so far, by this run and by the one it was restored from.
    package private(set) var epochsDone = 0
    let network: EmbeddingNetwork
    private let division: Division
    /// Folded from the weights at the first batch.
    private var frozen: FrozenStages?
    private let gradients: NetworkGradients
    let optimizer: Adam
    private let scratch = Scratch()
    private var batches: [Int: Batch] = [:]

    /// The network must not load other weights while it is tuned.
    package init(_ network: EmbeddingNetwork, _ options: Options) {
        precondition(options.tripletsPerBatch > 0 && options.epochs >= 0)
        self.network = network
        self.options = options
        let division = Division(network.architecture, trainedLayers: options.unfreeze)
        let gradients = NetworkGradients(network.architecture, division)
        optimizer = network.update { weights in
            Adam(gradients.parameters(of: weights, division), learningRate: options.learningRate)
        }
        self.division = division
        self.gradients = gradients
    }

    /// The numbers that training may change: weights, scales, shifts, head.
    package var parameterCount: Int { optimizer.parameters.reduce(0) { $0 + $1.values.count } }

    /// The kernels that oneDNN chose for a full batch's trained part.
    package func kernels() throws(KernelError) -> [String] {
        try batch(of: options.tripletsPerBatch).part.implementations
    }

    /// Stands at the end of that many epochs, with weights that may all have changed.
    func resume(after epochs: Int) {
        epochsDone = epochs
        (frozen, batches) = (nil, [:])  // both hold folded weights
    }

    /// Trains the next epoch; its triplets come in an order that depends on seed and epoch alone.
    ///
    /// - Parameter progress: called after every batch; what it throws, or `fill` throws, ends the epoch. Then the
    ///   network is between two epochs: restore the last `state()` to continue.
    package func trainEpoch(
        _ triplets: [Triplet], fill: Fill, progress: (Progress) throws -> Void = { _ in }
    ) throws -> EpochRecord {
        let start = DispatchTime.now().uptimeNanoseconds
        let epoch = epochsDone
        var numbers = RandomNumbers(seed: options.seed, epoch)
        let order = numbers.shuffled(Array(triplets.indices))
        let size = options.tripletsPerBatch
        var total = TripletLoss.Result()
        for first in stride(from: 0, to: order.count, by: size) {
            let indices = Array(order[first..<min(first + size, order.count)])
            let batch = try batch(of: indices.count)
            let result = try network.update { weights in
                try step(batch, frozenPart(weights)) { position, image in
                    let (slot, index) = (position / indices.count, indices[position % indices.count])
                    try fill(triplets[index].sample(slot), slot, index, epoch, image)
                }
            }
            total.add(result, count: indices.count)
            try progress(
                Progress(
                    epoch: epoch, epochs: options.epochs, batch: first / size,
                    batches: (order.count + size - 1) / size, images: 3 * (first + indices.count),
                    imageCount: 3 * order.count, loss: result.loss))
        }
        epochsDone += 1
        let count = Double(max(triplets.count, 1))
        return EpochRecord(
            epoch: epoch, loss: total.loss / count, activeShare: Double(total.activeCount) / count,
            positiveDistance: total.positiveDistance / count, negativeDistance: total.negativeDistance / count,
            seconds: Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
    }

    /// One forward, backward and optimiser step over a batch: anchors, then positives, then negatives.
    private func step(
        _ batch: Batch, _ frozen: FrozenStages, fill: EmbeddingNetwork.Fill<any Error>
    ) throws -> TripletLoss.Result {
        try frozen.forward(into: batch.part.input, fill: fill)
        let embeddings = batch.part.forward()
        let result = TripletLoss(margin: options.margin)(embeddings, gradient: batch.gradient)
        batch.part.backward(batch.gradient)
        optimizer.step()
        return result
    }

    private func frozenPart(_ weights: NetworkWeights) throws(KernelError) -> FrozenStages {
        if let frozen { return frozen }
        let layers = Array(weights.layers[..<division.firstLayer])
        let made = FrozenStages(division.frozenStages, layers, pools: false)
        try made.prepare(height: options.imageHeight, width: options.imageWidth)
        frozen = made
        return made
    }

    /// Trained part and embedding gradient for one number of triplets.
    private struct Batch {
        let part: TrainedPart
        let gradient: Tensor
    }

    /// An epoch has at most two sizes, its last batch being smaller.
    private func batch(of triplets: Int) throws(KernelError) -> Batch {
        if let batch = batches[triplets] { return batch }
        let images = [3 * triplets, options.imageHeight, options.imageWidth, 3]
        let shape = division.frozenStages.outputShape(over: images)
        let part = try network.update { (weights) throws(KernelError) in
            try TrainedPart(division, weights, gradients, input: shape, scratch: scratch)
        }
        let batch = Batch(part: part, gradient: Tensor([images[0], HeadWeights.width]))
        batches[triplets] = batch
        return batch
    }
}

extension TripletLoss.Result {
    /// Sums of a batch's means, weighted by its triplets.
    fileprivate mutating func add(_ batch: Self, count: Int) {
        loss += batch.loss * Double(count)
        positiveDistance += batch.positiveDistance * Double(count)
        negativeDistance += batch.negativeDistance * Double(count)
        activeCount += batch.activeCount
    }
}

/// Fine-tunes the network for all of the options' epochs.
package func fineTune(
    _ network: EmbeddingNetwork, triplets: [Triplet], options: FineTuning.Options, fill: FineTuning.Fill,
    progress: (FineTuning.Progress) throws -> Void = { _ in }
) throws -> [FineTuning.EpochRecord] {
    let tuning = FineTuning(network, options)
    return try (0..<options.epochs).map { _ in
        try tuning.trainEpoch(triplets, fill: fill, progress: progress)
    }
}
