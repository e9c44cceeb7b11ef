import Chapters
import Checkpoints
import Diagnostics
import Execution
import Faces
import Foundation
import Networks
import Pages
import Tensors

/// Fine-tuning with triplet loss: the last layers of a backbone and its embedding head.
enum Train: ReportDirective {
    static let kind = "train"
    static let version = 8
    static let summary =
        "Fine-tunes the last layers of a pretrained network and its 128-d embedding head with triplet loss."

    static let data = Option.reference("data", to: Preprocess.self, "The faces and triplets to train on.")
    static let model = Option<Architecture>.choice("model", "The backbone.")
    static let weights = Option<WeightSource>.choice(
        "weights", default: .imagenet,
        "Where the backbone starts; without an ImageNet checkpoint below data/weights it starts from random numbers and says so."
    )
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
    static let tripletsIfRandom = Option.integer(
        "triplets_if_random", in: 0...100_000_000, default: 0, unit: "triplets",
        "The same where the backbone starts from random numbers: enough to show the method; 0 takes as many as 'triplets'."
    )
    static let margin = Option.number(
        "margin", in: 0...100, default: 1, "The distance α by which negatives must lie farther.")
    static let learningRate = Option.number(
        "learning_rate", in: 1e-8...1, default: 1e-4,
        "The step size; one that is too large ends the training where it leaves the finite numbers.")
    static let erasing = Option.number("erasing", in: 0...1, default: 0.5, "Probability of random erasing.")
    static let dropout = Option.number("dropout", in: 0...1, default: 0.3, "Probability of removing small regions.")
    static let seed = Option.integer(
        "seed", in: 0...Int.max, default: 0, "Decides the head's start, order and augmentation.")

    static let options =
        Declarations(
            data, model, weights, unfreeze, epochs, batch, triplets, tripletsIfRandom, margin, learningRate, erasing,
            dropout, seed)
        + TrainingRecipe.options

    static let trained = Artifact<Checkpoint>.safetensors("weights.safetensors")
    static let history = Artifact<History>.json("history.json")
    static let changes = Artifact<WeightChanges>.json("ledger.json")
    private static let plane = Artifact<EmbeddingPlane>.json("plane.json")
    private static let times = Artifact<Times>.json("times.json", role: .measurement)
    private static let state = Artifact<Checkpoint>.trainingState("state.safetensors")

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        TrainingRecipe.check(options, in: &context)
        let architecture = options[model]
        let (id, folder) = (context.id, context.data)
        let backbone = BackboneWeights.find(options[weights], for: architecture, data: folder)
        backbone.report(architecture, data: folder, at: options.range(of: model) ?? context.range, in: &context)
        // Where the step size depends on the number of epochs, a shorter run was another one from its first step.
        let growing = options[TrainingRecipe.schedule] == .constant ? epochs : nil
        let precision = TrainingRecipe.usedPrecision(options)
        return StepWork(
            data: backbone.data, facts: backbone.facts + PrecisionChoice.facts(precision), growing: growing,
            expectedSeconds: expectedSeconds(
                options, backbone, precision, context.options(of: options[data], as: Preprocess.self), data: folder)
        ) { step in
            let preprocessed = try step[data]
            let faces = try preprocessed[Preprocess.faces]
            guard !faces.triplets.isEmpty else {
                throw OptionProblem(
                    data, "no-triplets",
                    "'\(preprocessed.id)' holds no triplets: at least two people must be left for training")
            }
            let seed = UInt64(options[seed])
            let network = try backbone.network(
                architecture, seed: seed, precision: precision,
                normalizes: options[TrainingRecipe.normalize])
            let before = network.checkpoint()
            let sample = PlaneSample(faces)
            let untrained = try sample.view(of: network, faces, "sample before", step)
            var recipe = TrainingRecipe.tuning(options)
            let isShort = backbone.isRandom && options[tripletsIfRandom] > 0
            if isShort { recipe.tripletsPerEpoch = options[tripletsIfRandom] }
            var training = FaceTraining(
                faces: faces,
                augmentation: Augmentation(erasing: options[erasing], regionDropout: options[dropout], seed: seed),
                options: recipe, validation: options[TrainingRecipe.validation])
            training.checkInterruption = step.checkInterruption
            training.checkpoints = TrainingCheckpoints(folder: step.scratch)
            training.earlier = {
                try step.shorter.map { shorter in
                    try shorter[state].completed(by: shorter[trained])
                }
            }
            var warnings: [String] = []
            let run: TrainingRun
            let after: EmbeddingPlane.View
            do {
                run = try training.run(network, warn: { warnings.append($0) }) { progress in
                    try step.checkInterruption()
                    step.progress(progress)
                }
                after = try sample.view(of: network, faces, "sample after", step)
            } catch let divergence as Divergence {
                throw OptionProblem(learningRate, "diverged", "train '\(id)' \(divergence)")
            } catch is UnsoundVectors {
                throw OptionProblem(
                    learningRate, "diverged",
                    "train '\(id)' diverged: its embeddings are not finite numbers; lower learning_rate")
            }
            let plane = EmbeddingPlane(sample, before: untrained, after: after)
            let history = History(
                architecture: architecture, weights: backbone.fileName, margin: options[margin], batch: options[batch],
                triplets: training.tripletsPerEpoch, normalizes: network.normalizes,
                chosenEpoch: run.stoppedEarly || run.chosenEpoch != run.epochs.indices.last ? run.chosenEpoch : nil,
                epochs: run.epochs.map(History.Epoch.init))
            let weights = network.checkpoint()
            let changes = WeightChanges(
                before: before, after: weights,
                trained: Set(training.options.unfreeze.names(in: architecture)))
            var outcome = Outcome(
                warnings: backbone.remarks(architecture) + warnings + (history.collapse.map { [$0] } ?? []),
                marks: backbone.marks(
                    architecture,
                    training: isShort
                        ? "Its training was kept short, at \(history.triplets) triplets in each of \(history.epochs.count) epochs."
                        : nil))
            try outcome.keep(weights, as: trained)
            try outcome.keep(history, as: Self.history)
            try outcome.keep(changes, as: Self.changes)
            try outcome.keep(plane, as: Self.plane)
            try outcome.keep(Times(epochs: run.epochs.map(\.seconds)), as: times)
            try outcome.keep(run.state.without(weights), as: state)
            return outcome
        }
    }

    /// Of all triplets there are about as many as faces of people who learn.
    private static func expectedSeconds(
        _ options: Options, _ backbone: BackboneWeights, _ precision: Precision, _ preprocess: Options?, data: String
    ) -> Expectation {
        let wanted = backbone.isRandom && options[tripletsIfRandom] > 0 ? options[tripletsIfRandom] : options[triplets]
        let (epochs, rate) = (options[epochs], ExpectedRate(options[model], precision).training)
        // Mining goes once through the faces, random triplets take three each.
        let whole = options[TrainingRecipe.mining] == .random ? 3 : 1
        let images = { @Sendable () -> Int in
            let all = preprocess.map { Preprocess.expectedFaces($0, data: data).learning } ?? 0
            return epochs * (wanted > 0 ? min(3 * wanted, whole * all) : whole * all)
        }
        return .seconds(3 + Double(images()) / rate)
    }

    static func idle(_ options: Options) -> Set<String> {
        options[TrainingRecipe.unfreezeTensors] == nil ? [] : [unfreeze.name]
    }

    /// `MobileNet-V2: mobilenet_v2-imagenet.pth`.
    static func source(of result: StepResult) throws -> String? {
        let history = try result[history]
        return "\(history.architecture.displayName): "
            + (history.weights.map { "weights from \($0)." } ?? "random weights.")
    }

    static func promise(for options: Options) -> Promise {
        Promise(
            numbering: .figure,
            values: ["epochs", "batch", "images", "triplets", "epoch.seconds"]
                + ["loss", "active", "positive", "negative"].flatMap { ["\($0).first", "\($0).last"] }
                + ["plane.people", "plane.faces"]
                + ["before", "after"].flatMap { ["plane.\($0).explained", "plane.\($0).spread"] },
            texts: ["model"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let history = try result[history]
        let times = try result[times]
        let plane = try result[plane]
        var parts: [Exhibit.Part] = [.plot(history.plot(seconds: times.epochs))]
        if let collapse = history.collapse { parts.append(.note(collapse)) }
        parts += [.scatter(plane.plot), .note(plane.note)]
        var values: [String: Quotable] = [
            "epochs": .count(history.epochs.count), "batch": .count(history.batch), "images": .count(3 * history.batch),
            "triplets": .count(history.triplets), "epoch.seconds": .number(times.mean),
            "model": .text(history.architecture.displayName),
        ]
        for (name, value) in history.values.merging(plane.values, uniquingKeysWith: { $1 }) { values[name] = value }
        return ExhibitContent(
            numbering: .figure, parts: parts, values: values,
            facts: [.init("weights", history.weights ?? "random")])
    }

    private struct Times: Codable {
        /// Seconds per epoch.
        var epochs: [Double]

        var mean: Double { epochs.reduce(0, +) / Double(max(1, epochs.count)) }
    }
}
