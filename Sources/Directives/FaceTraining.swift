import Execution
import Faces
import Foundation
import Networks

/// Fine-tuning on a `FaceSet`'s triplets: reads, transforms and augments faces for the network.
struct FaceTraining: Sendable {
    var faces: FaceSet
    /// The folder of all data.
    var data: String
    var augmentation: Augmentation
    var options: FineTuning.Options

    /// Trains all epochs; `progress` may throw to stop.
    func run(_ network: EmbeddingNetwork, progress: (StepProgress) throws -> Void) throws -> [FineTuning.EpochRecord] {
        let triplets = faces.triplets.map {
            Triplet(anchor: $0.anchor, positive: $0.positive, negative: $0.negative)
        }
        return try fineTune(
            network, triplets: triplets, options: options,
            fill: { sample, slot, triplet, epoch, input in
                FaceTransform.write(try faces.image(of: sample, data: data), to: input)
                // A face may serve in several triplets of an epoch, each time with changes of its own.
                augmentation.apply(to: input, epoch: epoch, sample: 3 * triplet + slot)
            },
            progress: { moment in
                try progress(
                    StepProgress(
                        part: "epoch \(moment.epoch + 1)/\(moment.epochs)", done: moment.images,
                        total: moment.imageCount, unit: "images", remark: String(format: "loss %.3f", moment.loss)))
            })
    }
}
