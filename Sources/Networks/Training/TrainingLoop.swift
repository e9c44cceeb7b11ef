import Checkpoints
import Dispatch
import Ranks
import Tensors

/// What a whole fine-tuning did.
package struct TrainingRun: Sendable {
    package let epochs: [FineTuning.EpochRecord]
    /// Whether the validation loss stopped falling before all epochs were done.
    package let stoppedEarly: Bool
    /// The epoch whose weights the network has, from 0; nil without an epoch.
    package let chosenEpoch: Int?
    /// Where a longer run with otherwise equal options goes on: the state after the last epoch.
    package let state: Checkpoint
}

/// Fine-tunes the network for all of the options' epochs, or until the validation loss stops falling.
///
/// With validation triplets the network ends with the weights of the epoch that had the lowest validation loss.
///
/// - Parameters:
///   - checkpoints: where states are kept; a run that finds one goes on from it and ends with the same bytes.
///   - features: shared with earlier trainings, as `FineTuning` says.
///   - earlier: the state of a shorter run, asked for where no checkpoint is found; nil begins at the beginning.
///   - warn: told of states that could not be used.
///   - ranks: who trains together, a power of two: each calls this with equal options, samples and kind of network. The
///     first one's network, checkpoints and earlier state count, and it alone keeps states.
/// - Throws: what `fill` and `progress` throw, after the state was kept; `Divergence` and `RankFailure`, after which the
///   state that was kept before is the last one.
package func fineTune(
    _ network: EmbeddingNetwork, _ set: TrainingSet, options: FineTuning.Options,
    features: FeatureCache? = nil, checkpoints: TrainingCheckpoints? = nil,
    earlier: () throws -> Checkpoint? = { nil }, ranks: Ranks = .alone, fill: FineTuning.Fill,
    progress: (FineTuning.Progress) throws -> Void = { _ in }, warn: (String) -> Void = { _ in }
) throws -> TrainingRun {
    let tuning = FineTuning(network, options, features: features, ranks: ranks)
    var best = BestWeights()
    func take(_ state: Checkpoint) throws {
        let (own, kept) = BestWeights.separated(state)
        try tuning.restore(own)
        best.weights = kept
    }
    if checkpoints?.restore(warn: warn, take: take) != true {
        do {
            if let state = try earlier() { try take(state) }
        } catch {
            warn("\(error); training begins anew instead of going on from a shorter run")
        }
    }
    if ranks.count > 1 {
        let state = ranks.isFirst ? best.joined(to: tuning.state()).safetensors() : nil
        let shared = try ranks.broadcast(state)
        if !ranks.isFirst { try take(Checkpoint(trainingState: shared, name: "the first rank's state")) }
    }
    func save() throws {
        guard let checkpoints else { return }
        try checkpoints.save(best.joined(to: tuning.state()), steps: tuning.optimizer.stepCount)
    }
    var saved = DispatchTime.now().uptimeNanoseconds
    func isDone() -> Bool {
        guard !set.validation.isEmpty, let chosen = BestWeights.epoch(tuning.position.records) else { return false }
        return tuning.position.epoch - 1 - chosen >= options.patience
    }
    while tuning.position.epoch < options.epochs, !isDone() {
        do {
            _ = try tuning.trainEpoch(set, fill: fill) { moment in
                try progress(moment)
                let now = DispatchTime.now().uptimeNanoseconds
                if let checkpoints, Double(now - saved) / 1e9 >= checkpoints.interval {
                    try save()
                    saved = now
                }
            }
        } catch let divergence as Divergence {
            throw divergence  // what is kept is from before it
        } catch let failure as RankFailure {
            throw failure  // in the middle of a step
        } catch {
            try save()
            throw error
        }
        if !set.validation.isEmpty {
            let last = tuning.position.epoch - 1
            let loss = try network.loss(set.validation, options, ranks, fill: fill)
            guard loss.isFinite else {
                throw Divergence(
                    epoch: last + 1, step: tuning.plan(set, epoch: last).steps.count,
                    sign: "the validation loss is not a finite number", isFirst: false)
            }
            tuning.position.records[last].validationLoss = loss
            if BestWeights.epoch(tuning.position.records) == last { best.weights = network.checkpoint().tensors }
        }
        try save()
    }
    let state = best.joined(to: tuning.state())
    if !best.weights.isEmpty { try network.load(Checkpoint(tensors: best.weights)) }
    let records = tuning.position.records
    return TrainingRun(
        epochs: records, stoppedEarly: isDone() && records.count < options.epochs,
        chosenEpoch: set.validation.isEmpty ? records.indices.last : BestWeights.epoch(records), state: state)
}

/// The weights after the epoch with the lowest validation loss.
private struct BestWeights {
    var weights: [StoredTensor] = []

    private static let prefix = "best."

    /// The first epoch with the lowest loss.
    static func epoch(_ records: [FineTuning.EpochRecord]) -> Int? {
        records.indices.min { (records[$0].validationLoss ?? .infinity) < (records[$1].validationLoss ?? .infinity) }
    }

    func joined(to state: Checkpoint) -> Checkpoint {
        Checkpoint(
            tensors: state.tensors
                + weights.map { tensor in
                    var renamed = tensor
                    renamed.name = BestWeights.prefix + tensor.name
                    return renamed
                })
    }

    static func separated(_ state: Checkpoint) -> (own: Checkpoint, best: [StoredTensor]) {
        var own: [StoredTensor] = []
        var best: [StoredTensor] = []
        for var tensor in state.tensors {
            if tensor.name.hasPrefix(prefix) {
                tensor.name.removeFirst(prefix.count)
                best.append(tensor)
            } else {
                own.append(tensor)
            }
        }
        return (Checkpoint(tensors: own), best)
    }
}

extension EmbeddingNetwork {
    /// Mean triplet loss of plain images, with running statistics; each rank embeds its share of them. O(samples).
    fileprivate func loss(
        _ triplets: [Triplet], _ options: FineTuning.Options, _ ranks: Ranks, fill: FineTuning.Fill
    ) throws -> Double {
        let samples = Array(Set(triplets.flatMap { [$0.anchor, $0.positive, $0.negative] })).sorted()
        let rows = Dictionary(uniqueKeysWithValues: samples.enumerated().map { ($1, $0) })
        let bounds = (0...ranks.count).map { samples.count * $0 / ranks.count }
        let own = samples[bounds[ranks.index]..<bounds[ranks.index + 1]]
        let features = Tensor([samples.count, architecture.featureCount])
        if !own.isEmpty {
            let part = try withoutActuallyEscaping(fill) { fill in
                try self.features(count: own.count, height: options.imageHeight, width: options.imageWidth) {
                    try fill(own[own.startIndex + $0], .plain, $1)
                }
            }
            _ = features.entries(own.startIndex..<own.endIndex).values.update(fromContentsOf: part.values)
        }
        try ranks.share(features.values, of: features, bounds: bounds.map { $0 * architecture.featureCount })
        // The head's sums may depend on how many images it is given.
        let embeddings = self.embeddings(ofFeatures: features)
        let tensor = Tensor([samples.count, embeddings.columns], embeddings.values)
        let loss = TripletLoss(margin: options.margin, distance: options.distance)
        let inRows = triplets.map {
            Triplet(
                anchor: rows[$0.anchor, default: 0], positive: rows[$0.positive, default: 0],
                negative: rows[$0.negative, default: 0])
        }
        // What ends a training is decided by one.
        let found = loss(tensor, inRows, gradient: Tensor(tensor.shape)).loss.bitPattern
        let heard = try ranks.broadcast(ranks.isFirst ? withUnsafeBytes(of: found) { Array($0) } : nil)
        return Double(bitPattern: heard.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
    }
}
