import Checkpoints
import Execution
import Faces
import Foundation
import Networks
import Ranks
import Tensors

/// Fine-tuning on a `FaceSet`'s triplets: reads, transforms and augments faces for the network.
struct FaceTraining: Sendable {
    var faces: FaceSet
    var augmentation: Augmentation
    var options: FineTuning.Options
    /// Share of the training people whose faces only decide when to stop.
    var validation = 0.0
    /// Before the part's name in progress: `run 2/3, `.
    var prefix = ""
    /// Images of trainings after this one.
    var later = 0
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

    /// Images that all epochs take, about: mining fills up the last batch of a person.
    var expectedImages: Int { 3 * tripletsPerEpoch * options.epochs }

    /// Trains all epochs; `progress` may throw to stop.
    ///
    /// - Parameters:
    ///   - features: of earlier trainings that freeze the same layers of the same backbone, where no image looks different.
    ///   - ranks: who may train together.
    func run(
        _ network: EmbeddingNetwork, features: FeatureCache? = nil, ranks: Ranks = .alone,
        warn: (String) -> Void = { _ in }, progress: (StepProgress) throws -> Void
    ) throws -> TrainingRun {
        try ranks.together(Training(self, of: network)) { ranks in
            try fineTune(
                network, trainingSet, options: options, features: features, checkpoints: checkpoints, earlier: earlier,
                ranks: ranks.firstPower(atMost: BatchSplit.pieceCount) ?? .alone, fill: fill,
                progress: { moment in
                    try progress(
                        StepProgress(
                            part: "\(prefix)epoch \(moment.epoch + 1)/\(moment.epochs)", done: moment.images,
                            total: moment.imageCount,
                            later: (moment.epochs - moment.epoch - 1) * moment.imageCount + later,
                            unit: "images", remark: String(format: "loss %.3f", moment.loss),
                            measured: Double(moment.loss)))
                },
                warn: warn)
        }
    }

    /// Reads a face and changes it as its appearance says.
    var fill: FineTuning.Fill {
        { sample, appearance, input in
            try checkInterruption()
            FaceTransform.write(try faces.image(of: sample), to: input)
            if case .augmented(let epoch, let use) = appearance {
                augmentation.apply(to: input, epoch: epoch, sample: use)
            }
        }
    }

    var trainingSet: TrainingSet { faces.trainingSet(validation: validation, seed: options.seed) }
}
