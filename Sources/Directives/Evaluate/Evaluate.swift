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
    static let version = 4
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

    static let data = Option.reference("data", to: ["preprocess"], "The queries and the gallery.")
    static let train = Option<String?>.optionalReference("train", to: ["train"], "A fine-tuned network; or give model.")
    static let model = Option<Describer?>.optionalChoice(
        "model",
        "A network before fine-tuning, with an untrained head; or as controls the raw pixels, or 128 principal components of them."
    )
    static let weights = Option<WeightSource>.choice(
        "weights", default: .imagenet, "With model: where the backbone starts.")
    static let layer = Option<DescriptionLayer>.choice(
        "layer", default: .embedding,
        "The 128-d embedding, the backbone's pooled features, or 128 principal components of these, whitened.")
    static let k = Option<[Int]>.list(
        of: .integer("k", in: 1...100_000, "For how many ranks to measure."), default: [1, 5, 10, 20, 50])
    static let leaf = Option.integer(
        "leaf", in: 1...65_536, default: 128, "How many vectors a leaf of the tree may hold.")
    static let against = Option<String?>.optionalReference(
        "against", to: ["evaluate"], "An earlier evaluation of the same data, shown beside this one.")
    static let precision = Option<Precision>.choice(
        "precision", default: .f32, "The backbone's arithmetic: bf16 is faster and nearly the same.")
    static let seed = Option.integer("seed", in: 0...Int.max, default: 0, "With model: the untrained head's start.")

    static var options: [Declaration] {
        [
            data.declaration, train.declaration, model.declaration, weights.declaration, layer.declaration,
            k.declaration, leaf.declaration, against.declaration, precision.declaration,
            seed.declaration,
        ]
    }

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        if (options[train] == nil) == (options[model] == nil) {
            context.report(
                .error(
                    "train-or-model", "evaluate '\(context.id)' needs exactly one of 'train' and 'model'",
                    at: options.range(of: "model") ?? context.range))
        }
        let folder = context.data
        let source = Source(options: options, data: folder)
        if let architecture = source.architecture {
            source.backbone?.report(
                architecture, data: folder, at: options.range(of: "model") ?? context.range, in: &context)
        }
        return StepWork(data: source.backbone?.data ?? [], facts: source.backbone?.facts ?? []) { step in
            guard let preprocessed = step.inputs["data"] else { preconditionFailure("a planned step has its inputs") }
            let faces: FaceSet = try preprocessed.value(from: "faces.json")
            let ks = options[k].sorted()
            if let largest = ks.last, largest > faces.gallery.count {
                throw OptionProblem(
                    option: "k", code: "k-too-large",
                    message:
                        "k is \(largest), but the gallery of '\(preprocessed.id)' holds only \(faces.gallery.count) faces"
                )
            }
            let leaks = LeakCheck(faces)
            guard leaks.isClean else {
                throw OptionProblem(option: "data", code: "identity-leak", message: leaks.sentence)
            }
            let before = try step.inputs["against"].map { try earlier($0, of: preprocessed, ks: ks) }
            let run = EvaluationRun(faces: faces, data: folder, ks: ks, leafSize: options[leaf], step: step)
            let found = try run.evaluate(try source.describer(train: step.inputs["train"]), source.projection)
            let times = found.times
            var artifacts = [
                "evaluation.json": try canonicalJSON(found.evaluation),
                "ranking.json": try canonicalJSON(found.ranking),
                "scores.json": try canonicalJSON(found.scores), "gallery.npy": found.gallery.npy(),
                "queries.npy": found.queries.npy(),
            ]
            artifacts["before.json"] = try before.map { try canonicalJSON($0.evaluation) }
            var measurements = ["times.json": try canonicalJSON(times)]
            measurements["before-times.json"] = try before.map { try canonicalJSON($0.times) }
            return Outcome(
                artifacts: artifacts, measurements: measurements,
                warnings: source.architecture.flatMap { source.backbone?.remarks($0) } ?? [],
                marks: source.backbone?.marks(source.architecture ?? .mobilenetV2) ?? [])
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
        let evaluation: Evaluation = try result.value(from: "evaluation.json")
        let times: EvaluationTimes = try result.value(from: "times.json")
        var table = EvaluationTable(evaluation: evaluation, times: times)
        if result.artifacts["before.json"] != nil {
            table.before = (
                try result.value(from: "before.json"), try result.value(from: "before-times.json")
            )
        }
        return ExhibitContent(
            numbering: .table, parts: [.table(table.table), .table(evaluation.measures)],
            values: evaluation.values(times))
    }

    /// An earlier evaluation to stand beside this one.
    private static func earlier(
        _ result: StepResult, of preprocessed: StepResult, ks: [Int]
    ) throws -> (evaluation: Evaluation, times: EvaluationTimes) {
        let evaluation: Evaluation = try result.value(from: "evaluation.json")
        guard evaluation.rows.map(\.k) == ks else {
            throw OptionProblem(
                option: "against", code: "other-ranks",
                message: "'\(result.id)' was measured at other values of k; give both the same list")
        }
        return (evaluation, try result.value(from: "times.json"))
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
                let history: Train.History = try train.value(from: "history.json")
                let network = EmbeddingNetwork(
                    history.architecture, seed: 0, precision: precision, normalizes: history.normalizes)
                try network.load(
                    try Checkpoint(decoding: try train.bytes("weights.safetensors"), name: "train '\(train.id)'"))
                return .network(network, layer)
            }
            guard let architecture, let backbone else { preconditionFailure("checked when it was planned") }
            return .network(try backbone.network(architecture, seed: seed, precision: precision), layer)
        }
    }
}
