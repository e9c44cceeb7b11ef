import Chapters
import Checkpoints
import Diagnostics
import Execution
import Faces
import Foundation
import Networks
import Pages
import Retrieval
import Tensors

/// Retrieval measured: embeddings, KD-tree, top-k, attributes and identities.
enum Evaluate: ReportDirective {
    static let kind = "evaluate"
    static let version = 9
    static let summary = """
        Embeds queries and gallery, searches the gallery with a KD-tree and measures what is found: attribute accuracy \
        and mean distance where the dataset has attributes, and by identity Recall, mAP, verification and open-set answers. A \
        leak between training and test fails the step.
        """

    /// What turns a face into a vector.
    enum Describer: RawRepresentable, Hashable, CaseIterable, Sendable {
        case network(Architecture)
        case pixels, eigenfaces

        static let allCases = Architecture.allCases.map(Describer.network) + [.pixels, .eigenfaces]

        init?(rawValue: String) {
            guard let found = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
            self = found
        }

        var rawValue: String {
            switch self {
            case .network(let architecture): architecture.rawValue
            case .pixels: "pixels"
            case .eigenfaces: "eigenfaces"
            }
        }

        var architecture: Architecture? { if case .network(let architecture) = self { architecture } else { nil } }
    }

    static let data = Option.reference("data", to: Preprocess.self, "The queries and the gallery.")
    static let train = Option.reference("train", to: Train.self, "A fine-tuned network; or give model.").optional
    static let model = Option<Describer>.choice(
        "model",
        "A network before fine-tuning, with an untrained head; or as controls the raw pixels, or 128 principal components of them."
    ).optional
    static let weights = Option<WeightSource>.choice(
        "weights", default: .imagenet, "With model: where the backbone starts.")
    static let layer = Option<DescriptionLayer>.choice(
        "layer", default: .embedding,
        "The 128-d embedding, the backbone's pooled features, or 128 principal components of these, whitened.")
    static let k = Option<[Int]>.list(
        of: .integer("k", in: 1...100_000, "For how many ranks to measure."), default: [1, 5, 10, 20, 50])
    static let leaf = Option.integer(
        "leaf", in: 1...65_536, default: 128, "How many vectors a leaf of the tree may hold.")
    static let against = Option.reference(
        "against", to: Evaluate.self, "An earlier evaluation of the same data, shown beside this one."
    ).optional
    static let precision = Option<PrecisionChoice>.choice(
        "precision", default: .auto,
        "The network's arithmetic: bf16 is nearly the same, and faster where the processor multiplies it, where auto takes it.",
        role: .presentation)
    static let seed = Option.integer("seed", in: 0...Int.max, default: 0, "With model: the untrained head's start.")

    static let options = Declarations(data, train, model, weights, layer, k, leaf, against, precision, seed)

    static let evaluation = Artifact<Evaluation>.json("evaluation.json")
    static let ranking = Artifact<Ranking>.json("ranking.json")
    static let scores = Artifact<QueryScores>.json("scores.json")
    static let gallery = Artifact<Matrix>.npy("gallery.npy")
    static let queries = Artifact<Matrix>.npy("queries.npy")
    static let times = Artifact<EvaluationTimes>.json("times.json", role: .measurement)
    private static let earlier = Artifact<Evaluation>.json("before.json")
    private static let earlierTimes = Artifact<EvaluationTimes>.json("before-times.json", role: .measurement)

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        if (options[train] == nil) == (options[model] == nil) {
            context.report(
                .error(
                    "train-or-model", "evaluate '\(context.id)' needs exactly one of 'train' and 'model'",
                    at: options.range(of: model) ?? context.range))
        }
        check(options, in: &context)
        let learnersData = context.use(Train.data, of: train)
        let othersData = context.use(data, of: against)
        let folder = context.data
        let source = Source(options: options, data: folder)
        if let architecture = source.architecture {
            source.backbone?.report(
                architecture, data: folder, at: options.range(of: model) ?? context.range, in: &context)
        }
        let facts = (source.backbone?.facts ?? []) + (source.pixels ? [] : PrecisionChoice.facts(source.precision))
        let photographs = context.options(of: options[data], as: Preprocess.self)
        let learner = options[train].flatMap { context.options(of: $0, as: Train.self)?[Train.model] }
        let rate = (source.architecture ?? learner).map { ExpectedRate($0, source.precision).embedding }
        return StepWork(
            data: source.backbone?.data ?? [], facts: facts,
            expectedSeconds: .seconds(
                // Calibration embeds about as many faces as the test.
                1.5 + 2 * Double(photographs.map { Preprocess.expectedFaces($0, data: folder).tested } ?? 0)
                    / (rate ?? 2000))
        ) { step in
            let preprocessed = try step[data]
            let faces = try preprocessed[Preprocess.faces]
            let ks = options[k].sorted()
            if let largest = ks.last, largest > faces.gallery.count {
                throw OptionProblem(
                    k, "k-too-large",
                    "k is \(largest), but the gallery of '\(preprocessed.id)' holds only \(faces.gallery.count) faces"
                )
            }
            let learned = try learnedFaces(try learnersData.map { try step[$0] }, unless: preprocessed)
            let leaks = LeakCheck(faces, learnedFrom: learned)
            guard leaks.isClean else {
                let isOfTraining = !leaks.learnedPeople.isEmpty || !leaks.learnedFiles.isEmpty
                throw isOfTraining
                    ? OptionProblem(train, "identity-leak", leaks.sentence)
                    : OptionProblem(data, "identity-leak", leaks.sentence)
            }
            let before = try step[against].map {
                try comparable($0, on: try othersData.map { try step[$0] }, of: faces, ks: ks)
            }
            var run = EvaluationRun(faces: faces, ks: ks, leafSize: options[leaf], step: step)
            run.certificate = leaks.sentence
            run.precision = source.pixels ? nil : source.precision.rawValue
            let found = try run.evaluate(try source.describer(train: step[train]), source.projection)
            var outcome = Outcome(
                warnings: source.architecture.flatMap { source.backbone?.remarks($0) } ?? [],
                marks: source.backbone?.marks(source.architecture ?? .mobilenetV2) ?? [])
            try outcome.keep(found.evaluation, as: evaluation)
            try outcome.keep(found.ranking, as: ranking)
            try outcome.keep(found.scores, as: scores)
            try outcome.keep(found.gallery, as: gallery)
            try outcome.keep(found.queries, as: queries)
            try outcome.keep(found.times, as: times)
            if let before {
                try outcome.keep(before.evaluation, as: earlier)
                try outcome.keep(before.times, as: earlierTimes)
            }
            return outcome
        }
    }

    static func promise(for options: Options) -> Promise {
        Promise(
            numbering: .table,
            values: TimedEvaluation.names(options[k]),
            texts: ["model", "exact"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let shown = TimedEvaluation(evaluation: try result[evaluation], times: try result[times])
        let before = try result[ifPresent: earlier].map { before in
            // The times as they are now, where the other one was measured again since.
            let current = try options[against].flatMap { try result[seen: Self.times, of: $0] }
            return TimedEvaluation(evaluation: before, times: try current ?? result[earlierTimes])
        }
        return ExhibitContent(
            numbering: .table,
            parts: [.table(EvaluationTable(shown: shown, before: before).table), .table(shown.measures)]
                + (shown.quality.openSet?.plot.map { [.plot($0)] } ?? []),
            values: shown.values)
    }

    /// What is wrong with the options beside those of other directives.
    private static func check(_ options: Options, in context: inout PlanningContext) {
        if let describer = options[model], describer.architecture == nil {
            context.reportIdle(
                layer, weights, precision, seed, of: options, "'model: \(describer.rawValue)' is no network")
        }
        if options[train] != nil {
            context.reportIdle(weights, seed, of: options, "the network is the one that 'train' names")
        }
        if let id = options[against], let other = context.options(of: id, as: Evaluate.self),
            let difference = context.difference(between: options, and: other)
        {
            context.report(
                .error(
                    difference.code, "'\(id.id)' is \(difference.sentence)",
                    at: options.range(of: against) ?? context.range))
        }
        guard let id = options[train], let training = context.options(of: id, as: Train.self),
            let learned = context.preprocessing(of: training, Train.data),
            let tested = context.preprocessing(of: options, data),
            learned[Preprocess.dataset] == tested[Preprocess.dataset], learned.split != tested.split
        else { return }
        context.report(
            .warning(
                "other-split",
                "'\(id.id)' learns from '\(learned.id)', another split of '\(learned[Preprocess.dataset])' than '\(tested.id)'; "
                    + "the step fails where it learned from anybody tested here: name '\(learned.id)' as 'data', or give "
                    + "both the same 'test' and 'seed'",
                at: options.range(of: data) ?? context.range))
    }

    /// The faces that a network was trained on, where they are not those of the evaluation.
    private static func learnedFaces(_ training: StepResult?, unless own: StepResult) throws -> FaceSet? {
        guard let training, training.output != own.output else { return nil }
        return try training[Preprocess.faces]
    }

    /// An earlier evaluation to stand beside this one.
    private static func comparable(
        _ result: StepResult, on data: StepResult?, of faces: FaceSet, ks: [Int]
    ) throws -> (evaluation: Evaluation, times: EvaluationTimes) {
        let evaluation = try result[evaluation]
        guard try data?[Preprocess.faces].isTested(as: faces) ?? true else {
            throw OptionProblem(
                against, "other-faces",
                "'\(result.id)' was measured on other queries or another gallery; name one with the same 'data'")
        }
        guard evaluation.quality.rows.map(\.k) == ks else {
            throw OptionProblem(
                against, "other-ranks",
                "'\(result.id)' was measured at other values of k; give both the same list")
        }
        return (evaluation, try result[times])
    }

    /// Which vectors are evaluated, as far as it is known before anything runs.
    struct Source: Sendable {
        var architecture: Architecture?
        var backbone: BackboneWeights?
        var layer: DescriptionLayer
        var seed: UInt64
        var pixels: Bool
        var precision: Precision
        var projection: FaceEmbedder.Projection?

        init(options: Options, data: String) {
            let describer = options[Evaluate.model]
            architecture = describer?.architecture
            backbone = architecture.map { BackboneWeights.find(options[Evaluate.weights], for: $0, data: data) }
            layer = options[Evaluate.layer]
            seed = UInt64(options[Evaluate.seed])
            precision = options[Evaluate.precision].used
            pixels = describer != nil && architecture == nil
            projection =
                describer == .eigenfaces
                ? .eigenfaces : layer == .whitened && !pixels ? .whitened : nil
        }

        func describer(train: StepResult?) throws -> FaceEmbedder {
            if pixels { return .pixels }
            if let train {
                let history = try train[Train.history]
                let network = EmbeddingNetwork(
                    history.architecture, seed: 0, precision: precision, normalizes: history.normalizes)
                try network.load(try train[Train.trained])
                return .network(network, layer)
            }
            guard let architecture, let backbone else { preconditionFailure("checked when it was planned") }
            return .network(try backbone.network(architecture, seed: seed, precision: precision), layer)
        }
    }
}
