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
    static let version = 10
    static let summary =
        "Fine-tunes the last layers of a pretrained network and its 128-d embedding head with triplet loss."

    static let data = Option.reference("data", to: Preprocess.self, "The faces and triplets to train on.")
    static let model = Option<Architecture>.choice("model", "The backbone.")
    static let weights = Option<WeightSource>.choice(
        "weights", default: .imagenet,
        "Where the backbone starts; without an ImageNet checkpoint below data/weights it starts from random numbers and says so."
    )
    static let unfreeze = Option.integer(
        "unfreeze", in: 0...160, default: 10, unit: "layers",
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
    static let flip = Option.number("flip", in: 0...1, default: 0, "Probability of exchanging left and right.")
    static let seed = Option.integer(
        "seed", in: 0...Int.max, default: 0, "Decides the head's start, order and augmentation.")

    static let options =
        Declarations(
            data, model, weights, unfreeze, epochs, batch, triplets, tripletsIfRandom, margin, learningRate, erasing,
            dropout, flip, seed, Run.seeds, Run.splits)
        + TrainingRecipe.options

    /// Of the first run.
    static let trained = trained(0)
    static let history = history(0)
    static let changes = Artifact<WeightChanges>.json("ledger.json")
    private static let plane = Artifact<EmbeddingPlane>.json("plane.json")
    private static let times = Artifact<[Times]>.json("times.json", role: .measurement)

    /// Of one of the runs, from 0.
    static func trained(_ run: Int) -> Artifact<Checkpoint> { .safetensors(name("weights", run, "safetensors")) }
    static func history(_ run: Int) -> Artifact<History> { .json(name("history", run, "json")) }
    private static func state(_ run: Int) -> Artifact<Checkpoint> {
        .trainingState(name("state", run, "safetensors"))
    }

    /// `weights.safetensors`, `weights-2.safetensors`.
    private static func name(_ part: String, _ run: Int, _ suffix: String) -> String {
        "\(part)\(run == 0 ? "" : "-\(run + 1)").\(suffix)"
    }

    /// All trainings that the options ask for.
    static func runs(_ options: Options) -> [Run] {
        Run.all(seeds: options[Run.seeds], from: options[seed], splits: options[Run.splits])
    }

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        TrainingRecipe.check(options, in: &context)
        Run.check(options, in: &context)
        let architecture = options[model]
        let (id, folder) = (context.id, context.data)
        let backbone = BackboneWeights.find(options[weights], for: architecture, data: folder)
        backbone.report(architecture, data: folder, at: options.range(of: model) ?? context.range, in: &context)
        // Where the step size depends on the number of epochs, a shorter run was another one from its first step.
        let growing = options[TrainingRecipe.schedule] == .constant ? epochs : nil
        let precision = TrainingRecipe.usedPrecision(options)
        let preprocess = context.options(of: options[data], as: Preprocess.self)
        return StepWork(
            data: backbone.data, facts: backbone.facts + PrecisionChoice.facts(precision), growing: growing,
            workload: workload(
                options, runs(options), backbone, precision, Preprocess.expectedFaces(preprocess, data: folder),
                showsPlane: true)
        ) { step in
            let preprocessed = try step[data]
            let faces = try preprocessed[Preprocess.faces]
            guard !faces.triplets.isEmpty else {
                throw OptionProblem(
                    data, "no-triplets",
                    "'\(preprocessed.id)' holds no triplets: at least two people must be left for training")
            }
            let runs = runs(options)
            guard options[Run.splits] <= faces.splits else {
                throw OptionProblem(
                    Run.splits, "too-many-splits",
                    "the people of '\(preprocessed.id)' can be split in \(faces.splits) ways that test nobody twice; "
                        + "ask for no more, or lower 'test' there")
            }
            let work = TrainingWork(
                id: id, options: options, architecture: architecture, backbone: backbone, precision: precision,
                step: step)
            var trained: [TrainingWork.Trained] = []
            for (number, run) in runs.enumerated() {
                trained.append(
                    try work.train(
                        faces.split(run.split), run, number, of: runs.count, showsPlane: number == 0,
                        earlier: {
                            try step.shorter.map { shorter in
                                try shorter[state(number)].completed(by: shorter[Self.trained(number)])
                            }
                        }))
            }
            let first = trained[0]
            var outcome = Outcome(
                warnings: backbone.remarks(architecture) + trained.flatMap(\.warnings),
                marks: backbone.marks(
                    architecture,
                    training: work.isShort ? "Its training was kept short: few triplets in each epoch." : nil))
            for (number, one) in trained.enumerated() {
                try outcome.keep(one.weights, as: Self.trained(number))
                try outcome.keep(one.history, as: history(number))
                try outcome.keep(one.state.without(one.weights), as: state(number))
            }
            try outcome.keep(first.changes, as: Self.changes)
            if let plane = first.plane { try outcome.keep(plane, as: Self.plane) }
            try outcome.keep(trained.map { Times(epochs: $0.seconds) }, as: times)
            return outcome
        }
    }

    /// What trainings of these runs have to do. Of all triplets there are about as many as faces of people who learn.
    static func workload(
        _ options: Options, _ runs: [Run], _ backbone: BackboneWeights, _ precision: Precision,
        _ faces: Preprocess.ExpectedFaces, showsPlane: Bool = false
    ) -> Workload {
        let recipe = TrainingRecipe.tuning(options)
        let wanted = Double(
            backbone.isRandom && options[tripletsIfRandom] > 0 ? options[tripletsIfRandom] : options[triplets])
        let learning = faces.learning * (1 - options[TrainingRecipe.validation])
        // Mining goes once through the faces, random triplets take three each.
        let whole = recipe.mining == .random ? 3 * learning : learning
        let images = Double(recipe.epochs) * (wanted > 0 ? min(3 * wanted, whole) : whole)
        let frozen = FrozenPasses(of: images, recipe, options[model], faces: learning)
        let isShared = !backbone.isRandom && recipe.augmenting == .none
        let share = options[model].trainedShare(recipe.unfreeze, size: FaceTransform.size)
        let count = Double(runs.count)
        var work = Workload.once(kind, seconds: 2)
        work.add(
            (1 - share) * (isShared ? frozen.count(runs: count) : count * frozen.count(runs: 1)),
            .embedding(options[model], precision))
        work.add(count * images * share, .learning(options[model], precision))
        if options[TrainingRecipe.head] == .components {
            let fitted = backbone.isRandom ? count : Double(Set(runs.map(\.split)).count)
            work.add(fitted * faces.fitting, .embedding(options[model], precision))
        }
        if showsPlane {
            let shown = min(faces.tested, Double(PlaneSample.mostPeople * PlaneSample.mostFaces))
            work.add(2 * shown, .embedding(options[model], precision))
        }
        return work.estimated
    }

    /// How many pictures go through the frozen layers of a training, of those that it asks for.
    private struct FrozenPasses {
        /// That a run asks for.
        private let images: Double
        /// How many different ones there are; nil where each is new.
        private let different: Double?
        /// What of them can be kept.
        private let room: Double

        init(of images: Double, _ recipe: FineTuning.Options, _ architecture: Architecture, faces: Double) {
            self.images = images
            different =
                switch recipe.augmenting {
                case _ where recipe.frozenNormalization == .drift: nil
                case .none: faces
                case .fresh: nil
                case .variants(let count): faces * Double(count)
                }
            let bytes = architecture.frozenBytes(recipe.unfreeze, size: FaceTransform.size)
            room = Double(recipe.featureBytes / max(1, bytes))
        }

        /// - Parameter runs: that share what is kept.
        func count(runs: Double) -> Double {
            let images = images * runs
            guard let different, different > 0 else { return images }
            // Each is drawn from all of them.
            let seen = different * (1 - exp(-images / different))
            return seen <= room ? seen : room + (images - room) * (1 - room / different)
        }
    }

    static func idle(_ options: Options) -> Set<String> {
        options[TrainingRecipe.unfreezeTensors] == nil ? [] : [unfreeze.name]
    }

    /// `MobileNet-V2: mobilenet_v2-imagenet.pth`.
    static func source(of result: StepResult) throws -> String? {
        let history = try result[history]
        let name = history.architecture.displayName
        let source: Phrase = history.weights.map { "\(name): weights from \($0)." } ?? "\(name): random weights."
        return source.text
    }

    static func promise(for options: Options) -> Promise {
        Promise(
            numbering: .figure,
            values: ["epochs", "batch", "images", "triplets", "epoch.seconds"]
                + ["loss", "active", "positive", "negative"].flatMap { ["\($0).first", "\($0).last"] }
                + ["runs", "plane.people", "plane.faces"]
                + ["before", "after"].flatMap { ["plane.\($0).explained", "plane.\($0).spread"] },
            texts: ["model", "times"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let histories = try runs(options).indices.map { try result[Self.history($0)] }
        let history = History(mean: histories)
        let times = try result[Self.times]
        let plane = try result[plane]
        var parts: [Exhibit.Part] = [.plot(history.plot(seconds: Times(mean: times).epochs, of: histories))]
        if let note = runs(options).inWords {
            parts.append(
                .note(
                    """
                    Lines are means of \(histories.count) trainings (\(note)), shades reach from the lowest to the highest of them; \
                    planes and ledger are those of the first.
                    """))
        }
        parts += Set(histories.compactMap(\.collapse)).map { .note($0) }
        parts += [.scatter(plane.plot), .note(plane.note)]
        var values: [String: Quotable] = [
            "epochs": .count(history.epochs.count), "batch": .count(history.batch), "images": .count(3 * history.batch),
            "triplets": .count(history.triplets), "runs": .count(histories.count),
            "times": .text(histories.count == 1 ? "once" : "\(Numeral.count(histories.count)) times"),
            "epoch.seconds": .number(Times(mean: times).mean),
            "model": .text(history.architecture.displayName.verbatim),
        ]
        for (name, value) in history.values.merging(plane.values, uniquingKeysWith: { $1 }) { values[name] = value }
        return ExhibitContent(
            numbering: .figure, parts: parts, values: values,
            facts: [.init("weights", history.weights?.verbatim ?? "random")])
    }

    /// Of each epoch, the mean over all runs.
    static func epochSeconds(of result: StepResult) throws -> [Double] { Times(mean: try result[times]).epochs }

    private struct Times: Codable {
        /// Seconds per epoch.
        var epochs: [Double]

        var mean: Double { epochs.reduce(0, +) / Double(max(1, epochs.count)) }

        init(epochs: [Double]) { self.epochs = epochs }

        /// Of several runs, those that came to an epoch.
        init(mean runs: [Times]) {
            epochs = (0..<(runs.map(\.epochs.count).max() ?? 0)).map { epoch in
                let seconds = runs.compactMap { $0.epochs.dropFirst(epoch).first }
                return seconds.reduce(0, +) / Double(seconds.count)
            }
        }
    }
}
