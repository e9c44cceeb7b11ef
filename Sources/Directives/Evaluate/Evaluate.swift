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
    static let version = 12
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
    static let train = Option.reference("train", to: Train.self, "A fine-tuned network; or give model or vectors.")
        .optional
    static let untrained = Option.boolean(
        "untrained", default: false,
        "With train: whether the network is measured as the training begins with it, its head's start included.")
    static let model = Option<Describer>.choice(
        "model",
        "A network before fine-tuning, with an untrained head; or as controls the raw pixels, or 128 principal components of them."
    ).optional
    static let vectors = Option.reference(
        "vectors", to: Vectors.self, "Another program's vectors of these photographs."
    ).optional
    static let weights = Option<WeightSource>.choice(
        "weights", default: .imagenet, "With model: where the backbone starts.")
    static let layer = Option<DescriptionLayer>.choice(
        "layer", default: .embedding,
        "The 128-d embedding, the backbone's pooled features, or 128 principal components of these, whitened.")
    static let normalize = Option.boolean(
        "normalize", default: false, "Whether vectors are scaled to length 1, so that their angles are compared.")
    static let k = Option<[Int]>.list(
        of: .integer("k", in: 1...100_000, "For how many ranks to measure."), default: [1, 5, 10, 20, 50])
    static let leaf = Option.integer(
        "leaf", in: 1...65_536, default: 128, "How many vectors a leaf of the tree may hold.")
    static let against = Option.reference(
        "against", to: Evaluate.self, "An earlier evaluation of the same data, shown beside this one."
    ).optional
    static let names = Option.list(
        of: .text(
            "names", "With against: what the earlier evaluation and this one are called; by default before and after.",
            role: .presentation), count: 2...2
    ).optional
    static let precision = Option<PrecisionChoice>.choice(
        "precision", default: .auto,
        "The network's arithmetic: bf16 is nearly the same, and faster where the processor multiplies it, where auto takes it.",
        role: .presentation)
    static let seed = Option.integer("seed", in: 0...Int.max, default: 0, "With model: the untrained head's start.")

    static let options = Declarations(
        data, train, untrained, model, vectors, weights, layer, normalize, k, leaf, against, names, precision, seed,
        Run.seeds, Run.splits)

    static let evaluation = Artifact<Evaluation>.json("evaluation.json")
    /// Ranks, scores and vectors are those of the first run.
    static let ranking = Artifact<Ranking>.json("ranking.json")
    static let scores = Artifact<QueryScores>.json("scores.json")
    /// Of all runs; not there where there is one.
    private static let pooledScores = Artifact<QueryScores>.json("pooled-scores.json")
    static let gallery = Artifact<Matrix>.npy("gallery.npy")
    static let queries = Artifact<Matrix>.npy("queries.npy")
    static let times = Artifact<EvaluationTimes>.json("times.json", role: .measurement)
    private static let earlier = Artifact<Evaluation>.json("before.json")
    private static let earlierTimes = Artifact<EvaluationTimes>.json("before-times.json", role: .measurement)

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        if [options[train] != nil, options[model] != nil, options[vectors] != nil].count(where: \.self) != 1 {
            context.report(
                .error(
                    "train-or-model", "evaluate '\(context.id)' needs exactly one of 'train', 'model' and 'vectors'",
                    at: options.range(of: model) ?? context.range))
        }
        check(options, in: &context)
        Run.check(options, in: &context)
        let learnersData = context.use(Train.data, of: train)
        let othersData = context.use(data, of: against)
        let folder = context.data
        let training = options[train].flatMap { context.options(of: $0, as: Train.self) }
        let source = Source(options: options, training: training, data: folder)
        if let architecture = source.architecture {
            source.backbone?.report(
                architecture, data: folder, at: options.range(of: model) ?? context.range, in: &context)
        }
        let facts = (source.backbone?.facts ?? []) + (!source.isNetwork ? [] : PrecisionChoice.facts(source.precision))
        let photographs = context.options(of: options[data], as: Preprocess.self)
        let runs =
            training.map(Train.runs)
            ?? Run.all(seeds: options[Run.seeds], from: options[seed], splits: options[Run.splits])
        let validation = training.map { $0[TrainingRecipe.validation] } ?? 0
        return StepWork(
            data: source.backbone?.data ?? [], facts: facts,
            workload: workload(
                source, source.architecture ?? training?[Train.model], runs: runs.count,
                Preprocess.expectedFaces(photographs, data: folder))
        ) { step in
            let preprocessed = try step[data]
            let faces = try preprocessed[Preprocess.faces]
            let ks = options[k].sorted()
            let given = try step[vectors].map { try self.given($0, for: faces, of: preprocessed.id) }
            let learned = try learnedFaces(try learnersData.map { try step[$0] }, unless: preprocessed)
            if let last = runs.map(\.split).max(), last >= faces.splits {
                let problem =
                    "the people of '\(preprocessed.id)' can be split in \(faces.splits) ways that test nobody twice, not "
                    + "in \(last + 1)"
                throw options[train] == nil
                    ? OptionProblem(Run.splits, "too-many-splits", problem)
                    : OptionProblem(train, "too-many-splits", problem)
            }
            let smallest = Set(runs.map(\.split)).map { faces.split($0).gallery.count }.min() ?? 0
            if let largest = ks.last, largest > smallest {
                let which = faces.gallery.count == smallest ? "" : " in one of its splits"
                throw OptionProblem(
                    k, "k-too-large",
                    "k is \(largest), but the gallery of '\(preprocessed.id)' holds only \(smallest) faces\(which)")
            }
            let before = try step[against].map {
                try comparable($0, on: try othersData.map { try step[$0] }, of: faces, ks: ks)
            }
            let shared = SharedWork()
            var found: [EvaluationRun.Found] = []
            for (number, run) in runs.enumerated() {
                let tested = faces.split(run.split)
                let leaks = LeakCheck(tested, learnedFrom: learned?.split(run.split))
                guard leaks.isClean else {
                    let isOfTraining = !leaks.learnedPeople.isEmpty || !leaks.learnedFiles.isEmpty
                    throw isOfTraining
                        ? OptionProblem(train, "identity-leak", leaks.sentence)
                        : OptionProblem(data, "identity-leak", leaks.sentence)
                }
                var evaluating = EvaluationRun(faces: tested, ks: ks, leafSize: options[leaf], step: step)
                evaluating.number = number
                evaluating.certificate = leaks.sentence + (given == nil ? "" : " \(unknownLearning)")
                evaluating.isUntrained = source.untrained != nil
                evaluating.precision = source.isNetwork ? source.precision.rawValue : nil
                // Who learnt is known by name within one dataset alone; of another one nobody did.
                let teaching = (learned ?? faces).split(run.split)
                let describer =
                    try given.map(FaceEmbedder.given) ?? source.start(of: teaching, run, shared, step)
                    ?? source.describer(train: step[train], run: number, seed: UInt64(run.seed))
                if options[train] != nil, teaching.dataset == faces.dataset {
                    let validating = teaching.validationPeople(validation, seed: UInt64(run.seed))
                    evaluating.calibrating = validating.isEmpty ? nil : validating
                    evaluating.areCalibratingTrained = validating.isEmpty && !evaluating.isUntrained
                }
                found.append(
                    try evaluating.evaluate(describer, source.projection, isUnit: source.isUnit))
            }
            let first = found[0]
            var outcome = Outcome(
                warnings: source.architecture.flatMap { source.backbone?.remarks($0) } ?? [],
                marks: source.backbone?.marks(source.architecture ?? .mobilenetV2) ?? [])
            let pooled = QueryScores(pooling: runs.bySplit(found.map(\.scores)))
            try outcome.keep(Evaluation(pooling: found.map(\.evaluation), of: runs, scores: pooled), as: evaluation)
            try outcome.keep(first.ranking, as: ranking)
            try outcome.keep(first.scores, as: scores)
            if runs.count > 1 { try outcome.keep(pooled, as: pooledScores) }
            try outcome.keep(first.gallery, as: gallery)
            try outcome.keep(first.queries, as: queries)
            try outcome.keep(EvaluationTimes(mean: found.map(\.times)), as: times)
            if let before {
                try outcome.keep(before.evaluation, as: earlier)
                try outcome.keep(before.times, as: earlierTimes)
            }
            return outcome
        }
    }

    /// - Parameter architecture: nil where no network describes.
    private static func workload(
        _ source: Source, _ architecture: Architecture?, runs: Int, _ faces: Preprocess.ExpectedFaces
    ) -> Workload {
        var work = Workload.once(kind)
        let described = faces.tested + faces.calibrating + (source.projection == nil ? 0 : faces.fitting)
        if !source.isGiven {
            work.add(
                Double(runs) * described, architecture.map { .embedding($0, source.precision) } ?? .pixels)
        }
        work.add(Double(runs) * faces.queries * faces.tested, .comparison)
        return work.estimated
    }

    /// One number per query, over all runs.
    static func comparedScores(of result: StepResult) throws -> QueryScores {
        try result[ifPresent: pooledScores] ?? result[scores]
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
            parts: [
                .table(EvaluationTable(shown: shown, before: before, names: options[names]).table),
                .table(shown.measures),
                .data(name: "queries", try queryTable(result, shown.quality.rows.map(\.k))),
            ]
                + (shown.quality.openSet?.plot(of: shown.evaluation.runs).map { [.plot($0)] } ?? []),
            values: shown.values)
    }

    /// The scores of every query, for programs; of several runs, those of the first.
    private static func queryTable(_ result: StepResult, _ ks: [Int]) throws -> Table {
        let (ranking, scores) = (try result[ranking], try result[scores])
        let measures = scores.values.keys.sorted()
        var columns = [Table.Column("photograph"), .init("person")] + measures.map { .init($0.verbatim) }
        columns += scores.accuracy.isEmpty ? [] : ks.map { .init("accuracy@\($0)".verbatim) }
        columns += [.init("nearest face of the same person"), .init("nearest face of another one")]
        func number(_ values: [Double], _ query: Int) -> Table.Cell {
            values.indices.contains(query) && values[query].isFinite ? .number(values[query], digits: 4) : .missing
        }
        let rows = ranking.queries.indices.map { query -> [Table.Cell] in
            [.text(ranking.photographs[query].verbatim), .text(ranking.people[query].verbatim)]
                + measures.map { number(scores.values[$0] ?? [], query) } + scores.accuracy.map { number($0, query) }
                + [number(ranking.nearestOwn, query), number(ranking.nearestStrangers, query)]
        }
        return Table(columns: columns, rows: rows)
    }

    /// What is wrong with the options beside those of other directives.
    private static func check(_ options: Options, in context: inout PlanningContext) {
        if let describer = options[model], describer.architecture == nil {
            context.reportIdle(
                layer, weights, precision, seed, of: options, "'model: \(describer.rawValue)' is no network")
        }
        if options[vectors] != nil {
            let reason = "the vectors are those that 'vectors' names"
            context.reportIdle(layer, weights, precision, seed, of: options, reason)
            context.reportIdle(Run.seeds, of: options, reason)
        } else if options[train] != nil {
            context.reportIdle(weights, seed, of: options, "the network is the one that 'train' names")
            context.reportIdle(
                Run.seeds, Run.splits, of: options, "an evaluation after training is made of each run of the training")
        } else if options[model]?.architecture == nil || options[layer] != .embedding {
            context.reportIdle(Run.seeds, of: options, "only an untrained head depends on a seed")
        }
        if options[against] == nil {
            context.reportIdle(names, of: options, "without 'against' there is one evaluation")
        }
        if let id = options[against], let other = context.options(of: id, as: Evaluate.self),
            let difference = context.difference(between: options, and: other)
        {
            context.report(
                .error(
                    difference.code, "'\(id.id)' is \(difference.sentence)",
                    at: options.range(of: against) ?? context.range))
        }
        checkVectors(options, in: &context)
        guard let id = options[train], let training = context.options(of: id, as: Train.self) else {
            context.reportIdle(untrained, of: options, "without 'train' nothing is trained")
            return
        }
        if training[TrainingRecipe.normalize], options[layer] == .embedding {
            context.reportIdle(normalize, of: options, "'\(id.id)' trains embeddings of length 1")
        }
        guard let learned = context.preprocessing(of: training, Train.data),
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

    /// Whether vectors that are given are of the evaluation's dataset.
    private static func checkVectors(_ options: Options, in context: inout PlanningContext) {
        guard let id = options[vectors], let given = context.options(of: id, as: Vectors.self),
            let described = Vectors.dataset(of: given, in: context),
            let tested = context.preprocessing(of: options, data)?[Preprocess.dataset], described != tested
        else { return }
        context.report(
            .error(
                "other-faces",
                "'\(id.id)' describes photographs of '\(described)', and '\(options[data].id)' is of '\(tested)'",
                at: options.range(of: vectors) ?? context.range))
    }

    /// Behind the certificate of vectors that were given.
    private static let unknownLearning = "Whom the model learned from that made the vectors is not known here."

    /// Vectors of every face that is tested or calibrates.
    private static func given(_ result: StepResult, for faces: FaceSet, of id: String) throws -> GivenVectors {
        let given = try Vectors.given(by: result)
        let missing = given.missing(of: Array(faces.faces.indices), in: faces)
        if let first = missing.first {
            throw OptionProblem(
                vectors, "missing-vectors",
                "'\(result.id)' has no vector of \(first)\(missing.count > 1 ? " and \(missing.count - 1) more" : ""); "
                    + "every face of '\(id)' needs one")
        }
        return given
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
        /// The training whose start is evaluated.
        var untrained: Options?
        var layer: DescriptionLayer
        var seed: UInt64
        var pixels: Bool
        /// Whether another program made the vectors.
        var isGiven: Bool
        var precision: Precision
        var projection: FaceEmbedder.Projection?
        /// Whether vectors are scaled to length 1, behind a projection.
        var isUnit: Bool

        /// - Parameter training: the options of the one that they name.
        init(options: Options, training: Options? = nil, data: String) {
            let describer = options[Evaluate.model]
            untrained = options[Evaluate.untrained] ? training : nil
            architecture = untrained?[Train.model] ?? describer?.architecture
            let weights = untrained?[Train.weights] ?? options[Evaluate.weights]
            backbone = architecture.map { BackboneWeights.find(weights, for: $0, data: data) }
            layer = options[Evaluate.layer]
            seed = UInt64(options[Evaluate.seed])
            precision = options[Evaluate.precision].used
            pixels = describer != nil && architecture == nil
            isGiven = options[Evaluate.vectors] != nil
            projection =
                describer == .eigenfaces
                ? .eigenfaces : layer == .whitened && !pixels && !isGiven ? .whitened : nil
            isUnit = options[normalize]
        }

        /// The network as a run of the training begins with it; nil where another one is evaluated.
        func start(
            of faces: FaceSet, _ run: Run, _ shared: SharedWork, _ step: StepContext
        ) throws -> FaceEmbedder? {
            guard let untrained, let architecture, let backbone else { return nil }
            let work = TrainingWork(
                id: untrained.id, options: untrained, architecture: architecture, backbone: backbone,
                precision: precision, shared: shared, step: step)
            return .network(try work.start(faces, run), layer)
        }

        /// Whether a network makes them here.
        var isNetwork: Bool { !pixels && !isGiven }

        func describer(train: StepResult?, run: Int = 0, seed: UInt64? = nil) throws -> FaceEmbedder {
            if pixels { return .pixels }
            if let train {
                let history = try train[Train.history(run)]
                let network = EmbeddingNetwork(
                    history.architecture, seed: 0, precision: precision, normalizes: history.normalizes)
                try network.load(try train[Train.trained(run)])
                return .network(network, layer)
            }
            guard let architecture, let backbone else { preconditionFailure("checked when it was planned") }
            return .network(try backbone.network(architecture, seed: seed ?? self.seed, precision: precision), layer)
        }
    }
}
