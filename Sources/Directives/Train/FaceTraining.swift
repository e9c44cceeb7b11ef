import Checkpoints
import Execution
import Faces
import Foundation
import Networks
import Tensors

/// Fine-tuning on a `FaceSet`'s triplets: reads, transforms and augments faces for the network.
struct FaceTraining: Sendable {
    var faces: FaceSet
    /// The folder of all data.
    var data: String
    var augmentation: Augmentation
    var options: FineTuning.Options
    /// Share of the training people whose faces only decide when to stop.
    var validation = 0.0
    /// Where states are kept for going on after an interruption.
    var checkpoints: TrainingCheckpoints?
    /// The state of a shorter run with otherwise equal options.
    var earlier: @Sendable () throws -> Checkpoint? = { nil }

    /// Asked before every image, since a step of a large network takes seconds; a step that it ends is done anew later.
    var checkInterruption: @Sendable () throws -> Void = {}

    /// Triplets that one epoch of random mining takes.
    var tripletsPerEpoch: Int {
        let drawn = trainingSet.triplets.count
        return options.tripletsPerEpoch > 0 ? min(options.tripletsPerEpoch, drawn) : drawn
    }

    /// Trains all epochs; `progress` may throw to stop.
    func run(
        _ network: EmbeddingNetwork, warn: (String) -> Void = { _ in }, progress: (StepProgress) throws -> Void
    ) throws -> TrainingRun {
        try fineTune(
            network, trainingSet, options: options, checkpoints: checkpoints, earlier: earlier,
            fill: { sample, appearance, input in
                try checkInterruption()
                FaceTransform.write(try faces.image(of: sample, data: data), to: input)
                if case .augmented(let epoch, let use) = appearance {
                    augmentation.apply(to: input, epoch: epoch, sample: use)
                }
            },
            progress: { moment in
                try progress(
                    StepProgress(
                        part: "epoch \(moment.epoch + 1)/\(moment.epochs)", done: moment.images,
                        total: moment.imageCount, unit: "images", remark: String(format: "loss %.3f", moment.loss)))
            },
            warn: warn)
    }

    /// Who trains and who validates: by identity. O(n log n).
    ///
    /// At least two people stay on either side; with fewer than four nobody validates. A training triplet whose negative
    /// shows a validating person gets another one, drawn from the seed.
    var trainingSet: TrainingSet {
        let identities = faces.faces.map(\.identity)
        let members = Dictionary(grouping: faces.train, by: { identities[$0] })
        var names = members.keys.sorted()
        var numbers = RandomNumbers(seed: options.seed, .validation)
        numbers.shuffle(&names)
        let wanted = Int((Double(names.count) * validation).rounded())
        let count = validation > 0 && names.count >= 4 ? min(max(2, wanted), names.count - 2) : 0
        let held = Set(names.prefix(count))
        let training = faces.train.filter { !held.contains(identities[$0]) }
        let triplets = faces.triplets.enumerated().compactMap { index, triplet -> Triplet? in
            let person = identities[triplet.anchor]
            guard !held.contains(person) else { return nil }
            var negative = triplet.negative
            var numbers = RandomNumbers(seed: options.seed, .replacedNegative, index)
            while held.contains(identities[negative]) || identities[negative] == person {
                negative = training[numbers.integer(below: training.count)]
            }
            return Triplet(anchor: triplet.anchor, positive: triplet.positive, negative: negative)
        }
        let validating = drawTriplets(
            from: faces.train.filter { held.contains(identities[$0]) }, identities: identities, seed: options.seed)
        return TrainingSet(
            triplets: triplets, people: names.dropFirst(count).sorted().map { members[$0] ?? [] },
            validation: validating)
    }
}
