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
    static let version = 3
    static let summary = """
        Embeds queries and gallery, searches the gallery with a KD-tree and measures what is found: attribute accuracy \
        and mean distance where the dataset has attributes, and by identity Recall, mAP, verification and open-set answers. A \
        leak between training and test fails the step.
        """

    /// What turns a face into a vector.
    enum Describer: String, CaseIterable, Sendable {
        case resnet50
        case mobilenetV2 = "mobilenet_v2"
        case pixels, eigenfaces
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
    static let precision = Option<Precision>.choice(
        "precision", default: .f32, "The backbone's arithmetic: bf16 is faster and nearly the same.")
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
        let folder = context.data
        let source = Source(options: options, data: folder)
        return StepWork(data: source.backbone?.data ?? [], facts: source.backbone?.facts ?? []) { step in
            let preprocessed = try step[data]
            let faces = try preprocessed[Preprocess.faces]
            let ks = options[k].sorted()
            if let largest = ks.last, largest > faces.gallery.count {
                throw OptionProblem(
                    k, "k-too-large",
                    "k is \(largest), but the gallery of '\(preprocessed.id)' holds only \(faces.gallery.count) faces"
                )
            }
            let leaks = LeakCheck(faces)
            guard leaks.isClean else {
                throw OptionProblem(data, "identity-leak", leaks.sentence)
            }
            let before = try step[against].map { try comparable($0, ks: ks) }
            let run = EvaluationRun(faces: faces, data: folder, ks: ks, leafSize: options[leaf], step: step)
            let found = try run.evaluate(try source.describer(train: step[train]), source.projection)
            var outcome = Outcome(marks: source.backbone?.marks(source.architecture ?? .mobilenetV2) ?? [])
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
            values: [
                "queries", "gallery", "map", "chance", "embedding.seconds", "measuring.seconds", "mapAtR", "map.low",
                "map.high",
                "recall1", "recall5", "recall10", "distances", "eer", "tpr1", "tpr01", "auc", "open.identified",
                "open.accepted", "attributes.chance", "attributes.constant",
            ]
                + options[k].flatMap { k in
                    ["recall", "precision", "seconds", "accuracy", "distance"].map { "top\(k).\($0)" }
                },
            texts: ["model", "exact"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let evaluation = try result[evaluation]
        let times = try result[times]
        var table = EvaluationTable(evaluation: evaluation, times: times)
        if let before = try result[ifPresent: earlier] { table.before = (before, try result[earlierTimes]) }
        return ExhibitContent(
            numbering: .table, parts: [.table(table.table), .table(evaluation.measures)],
            values: evaluation.values(times))
    }

    /// An earlier evaluation to stand beside this one.
    private static func comparable(
        _ result: StepResult, ks: [Int]
    ) throws -> (evaluation: Evaluation, times: EvaluationTimes) {
        let evaluation = try result[evaluation]
        guard evaluation.rows.map(\.k) == ks else {
            throw OptionProblem(
                against, "other-ranks",
                "'\(result.id)' was measured at other values of k; give both the same list")
        }
        return (evaluation, try result[times])
    }

    /// Which vectors are evaluated, as far as it is known before anything runs.
    private struct Source: Sendable {
        var architecture: Architecture?
        var backbone: BackboneWeights?
        var layer: DescriptionLayer
        var seed: UInt64
        var pixels: Bool
        var precision: Precision
        var projection: EvaluationRun.Projection?

        init(options: Options, data: String) {
            let describer = options[Evaluate.model]
            architecture = describer.flatMap { Architecture(rawValue: $0.rawValue) }
            backbone = architecture.map { BackboneWeights.find(options[Evaluate.weights], for: $0, data: data) }
            layer = options[Evaluate.layer]
            seed = UInt64(options[Evaluate.seed])
            precision = options[Evaluate.precision]
            pixels = describer == .pixels || describer == .eigenfaces
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
