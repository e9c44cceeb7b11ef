import Chapters
import Checkpoints
import Diagnostics
import Execution
import Faces
import Foundation
import Networks
import Pages

/// Fine-tuning with triplet loss: the last layers of a backbone and its embedding head.
enum Train: ReportDirective {
    static let kind = "train"
    static let version = 3
    static let summary = "Fine-tunes the last layers of a pretrained network and its 128-d embedding head with triplet loss."

    static let data = Option.reference("data", to: ["preprocess"], "The faces and triplets to train on.")
    static let model = Option<Architecture>.choice("model", "The backbone.")
    static let weights = Option<WeightSource>.choice(
        "weights", default: .imagenet,
        "Where the backbone starts; without an ImageNet checkpoint below data/weights it starts from random numbers and says so.")
    static let unfreeze = Option.integer(
        "unfreeze", in: 0...60, default: 10, unit: "layers",
        "How many of the backbone's last layers learn; a layer is a convolution with its normalisation.")
    static let epochs = Option.integer(
        "epochs", in: 1...1000, default: 10, unit: "epochs",
        "Passes over all triplets; with a constant schedule a larger number continues a run with a smaller one.")
    static let batch = Option.integer(
        "batch", in: 1...512, default: 64, unit: "triplets", "Triplets in one step; each is three images.")
    static let triplets = Option.integer(
        "triplets", in: 0...100_000_000, default: 0, unit: "triplets",
        "Triplets after which an epoch ends, another draw of them in each; 0 takes all of them.")
    static let margin = Option.number("margin", in: 0...100, default: 1, "The distance α by which negatives must lie farther.")
    static let learningRate = Option.number("learning_rate", in: 1e-8...1, default: 1e-4, "Adam's step size.")
    static let erasing = Option.number("erasing", in: 0...1, default: 0.5, "Probability of random erasing.")
    static let dropout = Option.number("dropout", in: 0...1, default: 0.3, "Probability of removing small regions.")
    static let seed = Option.integer("seed", in: 0...Int.max, default: 0, "Decides the head's start, order and augmentation.")

    static var options: [Declaration] {
        [
            data.declaration, model.declaration, weights.declaration, unfreeze.declaration, epochs.declaration,
            batch.declaration, triplets.declaration, margin.declaration, learningRate.declaration, erasing.declaration, dropout.declaration,
            seed.declaration,
        ] + TrainingRecipe.options
    }

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        TrainingRecipe.check(options, in: &context)
        let architecture = options[model]
        let folder = context.data
        let backbone = BackboneWeights.find(options[weights], for: architecture, data: folder)
        // Where the step size depends on the number of epochs, a shorter run was another one from its first step.
        let growing = options[TrainingRecipe.schedule] == .constant ? "epochs" : nil
        return StepWork(data: backbone.data, facts: backbone.facts, growing: growing) { step in
            guard let preprocessed = step.inputs["data"] else { preconditionFailure("a planned step has its inputs") }
            let faces: FaceSet = try preprocessed.value(from: "faces.json")
            guard !faces.triplets.isEmpty else {
                throw OptionProblem(
                    option: "data", code: "no-triplets",
                    message: "'\(preprocessed.id)' holds no triplets: at least two people must be left for training")
            }
            let seed = UInt64(options[seed])
            let network = try backbone.network(
                architecture, seed: seed, precision: options[TrainingRecipe.precision],
                normalizes: options[TrainingRecipe.normalize])
            let before = network.checkpoint()
            var training = FaceTraining(
                faces: faces, data: folder,
                augmentation: Augmentation(erasing: options[erasing], regionDropout: options[dropout], seed: seed),
                options: TrainingRecipe.tuning(options), validation: options[TrainingRecipe.validation])
            training.checkInterruption = step.checkInterruption
            training.checkpoints = TrainingCheckpoints(folder: step.scratch)
            training.earlier = {
                try step.shorter.map { shorter in
                    let weights = try Checkpoint(decoding: shorter.bytes("weights.safetensors"), name: shorter.id)
                    return try Checkpoint(decoding: shorter.bytes("state.safetensors"), name: shorter.id)
                        .completed(by: weights)
                }
            }
            var warnings: [String] = []
            let run = try training.run(network, warn: { warnings.append($0) }) { progress in
                try step.checkInterruption()
                step.progress(progress)
            }
            let history = History(
                architecture: architecture, weights: backbone.fileName, margin: options[margin], batch: options[batch],
                triplets: training.tripletsPerEpoch, normalizes: network.normalizes,
                chosenEpoch: run.stoppedEarly || run.chosenEpoch != run.epochs.indices.last ? run.chosenEpoch : nil,
                epochs: run.epochs.map(History.Epoch.init))
            let weights = network.checkpoint()
            let ledger = Ledger(
                before: before, after: weights,
                trained: Set(training.options.unfreeze.names(in: architecture)))
            return Outcome(
                artifacts: [
                    "weights.safetensors": weights.safetensors(),
                    "history.json": try canonicalJSON(history), "ledger.json": try canonicalJSON(ledger),
                ],
                // The state holds seconds, so it is no part of what other steps depend on.
                measurements: [
                    "times.json": try canonicalJSON(Times(epochs: run.epochs.map(\.seconds))),
                    "state.safetensors": run.state.without(weights).safetensors(),
                ],
                warnings: warnings + (history.collapse.map { [$0] } ?? []), marks: backbone.marks(architecture))
        }
    }

    /// `MobileNet-V2: mobilenet_v2-imagenet.pth`.
    static func source(of result: StepResult) throws -> String {
        let history: History = try result.value(from: "history.json")
        return "\(history.architecture.displayName): " + (history.weights.map { "weights from \($0)." } ?? "random weights.")
    }

    static func show(_ result: StepResult, options: Options) throws -> Showing {
        let history: History = try result.value(from: "history.json")
        let times: Times = try result.value(from: "times.json")
        let epochs = history.epochs
        func points(_ value: (History.Epoch) -> Double) -> [Plot.Point] {
            epochs.enumerated().map { Plot.Point(x: Double($0.offset + 1), y: value($0.element)) }
        }
        let minutes = times.epochs.enumerated().map { Plot.Point(x: Double($0.offset + 1), y: $0.element) }
        let mean = times.epochs.reduce(0, +) / Double(max(1, times.epochs.count))
        let plot = Plot(
            xLabel: "epoch",
            panels: [
                .init(
                    title: "Triplet loss", yLabel: "loss",
                    series: [.init(name: "loss", points: points(\.loss))] + validationSeries(epochs)),
                .init(
                    title: "Distances", yLabel: "distance",
                    series: [
                        .init(name: "anchor – positive", points: points(\.positiveDistance)),
                        .init(name: "anchor – negative", points: points(\.negativeDistance)),
                    ]),
                .init(
                    title: "Time per epoch", yLabel: "seconds",
                    series: [.init(name: "seconds", style: .bars, points: minutes)],
                    references: [.init(label: "mean", y: mean)]),
            ],
            alternative: history.sentence)
        var parts: [Exhibit.Part] = [.plot(plot)]
        if let collapse = history.collapse { parts.append(.note(collapse)) }
        var values: [String: Quotable] = [
            "epochs": .count(epochs.count), "batch": .count(history.batch), "images": .count(3 * history.batch),
            "triplets": .count(history.triplets), "epoch.seconds": .number(mean),
            "model": .text(history.architecture.displayName),
        ]
        if let first = epochs.first, let last = epochs.last {
            values["loss.first"] = .number(first.loss)
            values["loss.last"] = .number(last.loss)
            values["active.last"] = .number(last.activeShare)
        }
        return Showing(
            numbering: .figure, parts: parts, values: values,
            facts: [.init("weights", history.weights ?? "random")])
    }

    /// The validation loss as a line of its own, where there is one.
    private static func validationSeries(_ epochs: [History.Epoch]) -> [Plot.Series] {
        let points = epochs.enumerated().compactMap { index, epoch in
            epoch.validationLoss.map { Plot.Point(x: Double(index + 1), y: $0) }
        }
        return points.isEmpty ? [] : [.init(name: "validation", points: points)]
    }

    /// What an epoch left behind that is the same on every run.
    struct History: Codable {
        var architecture: Architecture
        /// The checkpoint's file name; nil for random weights.
        var weights: String?
        var margin: Double
        /// Triplets in one step.
        var batch: Int
        var triplets: Int
        /// Whether embeddings are scaled to length 1.
        var normalizes: Bool
        /// The epoch whose weights were kept, from 0; nil for the last one.
        var chosenEpoch: Int?
        var epochs: [Epoch]

        struct Epoch: Codable {
            var loss: Double
            /// Share of triplets that still violated the margin.
            var activeShare: Double
            var positiveDistance: Double
            var negativeDistance: Double
            /// Of people whom training did not see.
            var validationLoss: Double?

            init(_ record: FineTuning.EpochRecord) {
                loss = record.loss
                activeShare = record.activeShare
                positiveDistance = record.positiveDistance
                negativeDistance = record.negativeDistance
                validationLoss = record.validationLoss
            }
        }

        /// What the plot says, from the data.
        var sentence: String {
            guard let first = epochs.first, let last = epochs.last else { return "no epoch was run" }
            let lowest = epochs.indices.min { epochs[$0].loss < epochs[$1].loss } ?? 0
            let course = String(format: "Triplet loss of %@: %.4f in epoch 1", architecture.displayName, first.loss)
            guard epochs.count > 1 else { return course }
            return course + String(format: ", %.4f in epoch %d, lowest in epoch %d", last.loss, epochs.count, lowest + 1)
        }

        /// Embeddings that shrank to a point: the loss stays at the margin while both distances go to zero.
        var collapse: String? {
            guard let last = epochs.last, abs(last.loss - margin) < 0.02 * margin, last.negativeDistance < 0.05 * margin
            else { return nil }
            return """
                The embeddings collapsed: every face lies at nearly the same point, so the loss stays at the margin. \
                A lower learning_rate or a larger batch usually helps.
                """
        }
    }

    private struct Times: Codable {
        /// Seconds per epoch.
        var epochs: [Double]
    }
}
