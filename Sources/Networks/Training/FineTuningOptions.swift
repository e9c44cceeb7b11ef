import Tensors

extension FineTuning {
    /// The recipe; its defaults are the original's.
    package struct Options: Sendable, Hashable, Codable {
        package var learningRate = 1e-4
        package var schedule = Schedule.constant
        package var optimizer = Optimizer.Method.adam
        package var weightDecay = 0.0
        package var margin: Float = 1
        package var distance = TripletLoss.Distance.euclidean
        package var mining = Mining.random
        /// With mining: images of one person that a batch holds together, K of P × K.
        package var groupSize = 4
        /// A step sees three images for each, also with mining.
        package var tripletsPerBatch = 16
        /// Triplets after which an epoch ends, another draw of them in each; 0 takes all. With mining, a third of the images.
        package var tripletsPerEpoch = 0
        package var epochs = 1
        /// Epochs without a lower validation loss after which training stops.
        package var patience = 3
        package var seed: UInt64 = 0
        package var unfreeze = Unfreezing.layers(10)
        package var frozenNormalization = FrozenNormalization.frozen
        package var augmenting = Augmenting.fresh
        /// In what a step's gradients are rounded before they are added up over the pieces of its batch.
        package var gradients = Precision.f32
        /// What the frozen part's features may take in memory where they repeat.
        package var featureBytes = 1 << 30
        package var imageHeight = 218
        package var imageWidth = 218

        package init() {}
    }

    /// Whether a sample looks the same twice.
    package enum Augmenting: Sendable, Hashable, Codable {
        case none
        /// Changed anew at every use.
        case fresh
        /// One of so many fixed looks, drawn at every use.
        case variants(Int)

        /// Then the frozen part's features are computed once.
        var repeats: Bool { self != .fresh }

        func appearance(seed: UInt64, epoch: Int, sample: Int, use: Int) -> Appearance {
            switch self {
            case .none: return .plain
            case .fresh: return .augmented(epoch: epoch, use: use)
            case .variants(let count):
                var numbers = RandomNumbers(seed: seed, .variant, epoch, use, count)
                return .augmented(epoch: 0, use: sample * count + numbers.integer(below: count))
            }
        }
    }

    /// What the normalisations of frozen layers do while others learn.
    package enum FrozenNormalization: String, Sendable, Hashable, Codable, CaseIterable {
        /// They use their running statistics, which stay: a frozen layer is one function of its input.
        case frozen
        /// They use the batch's statistics, and their running ones drift with every step: what comes of freezing with
        /// `requires_grad = False` alone. Always in float32.
        case drift
    }

    /// Where the training stands, after a step.
    package struct Progress: Sendable, Hashable {
        package let epoch: Int
        package let epochs: Int
        package let batch: Int
        package let batches: Int
        /// Images of this epoch so far, and all of them.
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
        /// How the distances of the anchors to their positives, and to their negatives, are spread around those means.
        package let positives: DistanceQuantiles
        package let negatives: DistanceQuantiles
        /// Mean loss over the validation triplets after the epoch; nil without any.
        package internal(set) var validationLoss: Double?
        package let seconds: Double
    }

    /// Everything between two steps that is not a weight.
    package struct Position: Sendable {
        /// Of the epochs that are done.
        package internal(set) var records: [EpochRecord] = []
        /// Steps done in the current epoch.
        package internal(set) var step = 0
        /// Of the current epoch's steps.
        var totals = EpochTotals()

        package var epoch: Int { records.count }
    }
}
