import Dispatch
import Ranks
import Tensors

/// Fine-tunes a network's last layers and its head on triplets, step by step; `fineTune` in TrainingLoop.swift goes through
/// all epochs.
///
/// The layers before stay as they are, normalisations included (unless the options let them drift). A batch goes through
/// the network once; trained normalisations use its statistics and update the running ones. The same seed and inputs give the
/// same weights, bit for bit, on any number of threads and ranks (see `BatchSplit`), also when a run is interrupted and restored
/// between any two steps.
///
/// A network in bf16 is also trained in it, as PyTorch's autocast does: activations, their gradients and the factors of
/// products are bf16; weights, moments, statistics, sums, head and loss float32. The
/// first stages, which inference keeps in float32 (`Architecture.float32Stages`), are kept so only where they are frozen.
package final class FineTuning {
    /// How a sample is to look.
    package enum Appearance: Sendable, Hashable {
        case plain
        /// Changed by what (seed, epoch, use) decide; `use` differs for every use in an epoch.
        case augmented(epoch: Int, use: Int)
    }

    /// Writes the sample's normalised NHWC image. Called from several threads at once, in any order.
    package typealias Fill =
        @Sendable (_ sample: Int, _ appearance: Appearance, _ image: UnsafeMutableBufferPointer<Float>) throws -> Void

    package let options: Options
    /// Where the training stands: what `state()` keeps beside the weights.
    package internal(set) var position = Position()
    let network: EmbeddingNetwork
    private let freezePoint: FreezePoint
    /// Folded from the weights at the first batch.
    private var frozen: FrozenStages?
    private let features: FeatureCache?
    private let gradients: NetworkGradients
    let optimizer: Optimizer
    /// One for each thread.
    private let scratches: [Scratch]
    /// Who trains it together: each does the same steps over images of its own.
    private let ranks: Ranks
    private var batches: [Int: Batch] = [:]

    /// The network must not load other weights while it is tuned.
    ///
    /// - Parameter features: of an earlier training with equal frozen layers, precision and pictures, and looked at only where
    ///   samples look the same again; nil for the training's own.
    package init(
        _ network: EmbeddingNetwork, _ options: Options, features: FeatureCache? = nil, threads: Int = Threads.count,
        ranks: Ranks = .alone
    ) {
        precondition(threads > 0 && options.tripletsPerBatch > 0 && options.epochs >= 0 && options.groupSize > 1)
        self.network = network
        self.options = options
        self.ranks = ranks
        let freezePoint = FreezePoint(network.architecture, options.unfreeze)
        let gradients = NetworkGradients(network.architecture, freezePoint)
        optimizer = network.update { weights in
            Optimizer(
                gradients.parameters(of: weights, freezePoint), options.optimizer, learningRate: options.learningRate,
                weightDecay: options.weightDecay)
        }
        self.freezePoint = freezePoint
        self.gradients = gradients
        scratches = (0..<threads).map { _ in Scratch() }
        // Where normalisations drift, an image's features depend on its batch and on the steps before.
        let repeats = options.augmenting.repeats && options.frozenNormalization == .frozen
        self.features = repeats ? features ?? FeatureCache(byteLimit: options.featureBytes) : nil
    }

    /// The numbers that training may change: weights, scales, shifts, head.
    package var parameterCount: Int { optimizer.parameters.reduce(0) { $0 + $1.values.count } }

    /// The kernels that oneDNN chose for a full batch's trained part.
    package func kernels() throws(KernelError) -> [String] {
        try batch(of: 3 * options.tripletsPerBatch).part.implementations
    }

    /// Forgets what was folded from weights that may have changed.
    func forgetFolded() { (frozen, batches) = (nil, [:]) }

    /// Trains what is left of the current epoch.
    ///
    /// - Parameter progress: called after every step; what it throws, or `fill` throws, ends the epoch. Then the training
    ///   stands between two steps, and the same call goes on.
    /// - Throws: also `Divergence`, after which this training is of no more use.
    package func trainEpoch(
        _ set: TrainingSet, fill: Fill, progress: (Progress) throws -> Void = { _ in }
    ) throws -> EpochRecord {
        let start = DispatchTime.now().uptimeNanoseconds
        let epoch = position.epoch
        let plan = plan(set, epoch: epoch)
        optimizer.learningRate = options.learningRate * options.schedule.factor(epoch: epoch, of: options.epochs)
        var images = plan.steps.prefix(position.step).reduce(0) { $0 + $1.samples.count }
        while position.step < plan.steps.count {
            let step = plan.steps[position.step]
            let batch = try batch(of: step.samples.count)
            let result = try network.update { weights in
                try self.step(batch, weights, step, epoch: epoch, fill: fill)
            }
            position.step += 1
            position.totals.add(result)
            images += step.samples.count
            try progress(
                Progress(
                    epoch: epoch, epochs: options.epochs, batch: position.step - 1, batches: plan.steps.count,
                    images: images, imageCount: plan.imageCount, loss: result.loss))
        }
        let record = EpochRecord(
            epoch: epoch, totals: position.totals, seconds: Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
        position.records.append(record)
        (position.step, position.totals) = (0, EpochTotals())
        return record
    }

    func plan(_ set: TrainingSet, epoch: Int) -> EpochPlan {
        let numbers = RandomNumbers(seed: options.seed, .epochOrder, epoch)
        switch options.mining {
        case .random:
            return EpochPlan(
                set.triplets, perStep: options.tripletsPerBatch, limit: options.tripletsPerEpoch, numbers: numbers)
        case .semiHard, .batchHard:
            return EpochPlan(
                set.people, groupSize: options.groupSize,
                groupsPerStep: max(2, 3 * options.tripletsPerBatch / options.groupSize),
                limit: (3 * options.tripletsPerEpoch + options.groupSize - 1) / options.groupSize, numbers: numbers)
        }
    }

    /// One forward, backward and optimiser step over a batch.
    private func step(
        _ batch: Batch, _ weights: NetworkWeights, _ step: EpochPlan.Step, epoch: Int, fill: Fill
    ) throws -> TripletLoss.Result {
        let appearances = zip(step.samples, step.uses).map { sample, use in
            options.augmenting.appearance(seed: options.seed, epoch: epoch, sample: sample, use: use)
        }
        let own = batch.images
        if let drifting = batch.drifting {
            try drifting.forward { index, image in try fill(step.samples[index], appearances[index], image) }
        } else if let features {
            let keys = own.map { FeatureCache.Key(sample: step.samples[$0], appearance: appearances[$0]) }
            try features.fill(batch.part.input.entries(own), keys, from: frozenPart(weights)) { key, image in
                try fill(key.sample, key.appearance, image)
            }
        } else {
            try frozenPart(weights).forward(into: batch.part.input.entries(own)) { offset, image in
                let index = own.lowerBound + offset
                try fill(step.samples[index], appearances[index], image)
            }
        }
        let embeddings = try batch.part.forward()
        if let name = weights.unsoundStatistic { try diverge("\(name) is not finite any more") }
        let loss = TripletLoss(margin: options.margin, distance: options.distance)
        let triplets =
            step.people.isEmpty
            ? TripletLoss.inThirds(step.samples.count / 3)
            : options.mining.triplets(embeddings, people: step.people, loss)
        let result = loss(embeddings, triplets, gradient: batch.gradient)
        if !embeddings.isFinite || !result.isFinite { try diverge("the loss is not a finite number") }
        try batch.part.backward(batch.gradient)
        if let name = optimizer.step() { try diverge("\(name) is not finite any more") }
        let first = options.frozenNormalization == .drift ? 0 : freezePoint.firstLayer
        if let name = weights.overflowingLayer(from: first) { try diverge("the weights of \(name) are beyond 10¹⁵") }
        return result
    }

    /// Ends the training at the current step: on the first rank, which then calls the others off.
    private func diverge(_ sign: String) throws(Divergence) {
        guard ranks.isFirst else { return }
        throw Divergence(
            epoch: position.epoch + 1, step: position.step + 1, sign: sign, isFirst: optimizer.stepCount == 0)
    }

    private func frozenPart(_ weights: NetworkWeights) throws(KernelError) -> FrozenStages {
        if let frozen { return frozen }
        let layers = Array(weights.layers[..<freezePoint.firstLayer])
        let made = FrozenStages(
            freezePoint.frozenStages, layers, pools: false, precision: network.precision,
            float32Stages: network.architecture.float32Stages)
        try made.prepare(height: options.imageHeight, width: options.imageWidth, threads: scratches.count)
        frozen = made
        return made
    }

    /// Trained part and embedding gradient for one number of images.
    private struct Batch {
        let part: TrainedPart
        /// Those of this rank.
        let images: Range<Int>
        /// The stages before, where their normalisations drift.
        let drifting: DriftingStages?
        let gradient: Tensor
    }

    /// An epoch has at most two sizes, its last batch being smaller.
    private func batch(of count: Int) throws(KernelError) -> Batch {
        if let batch = batches[count] { return batch }
        let images = [count, options.imageHeight, options.imageWidth, 3]
        let drifts = options.frozenNormalization == .drift
        let split = BatchSplit(
            images: count, precision: drifts ? .f32 : network.precision, scratches: scratches,
            ranks: ranks, gradients: options.gradients)
        let batch = try network.update { (weights) throws(KernelError) in
            let drifting =
                drifts
                ? try DriftingStages(
                    freezePoint.frozenStages, Array(weights.layers[..<freezePoint.firstLayer]), input: images,
                    split: split) : nil
            let part = try TrainedPart(
                freezePoint, weights, gradients,
                input: drifting?.output ?? Tensor(freezePoint.frozenStages.outputShape(over: images)),
                drifts: drifts, normalizes: network.normalizes, split: split)
            return Batch(
                part: part, images: split.ownImages, drifting: drifting, gradient: Tensor([count, HeadWeights.width]))
        }
        batches[count] = batch
        return batch
    }
}
