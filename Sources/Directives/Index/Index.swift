import Chapters
import Execution
import Foundation
import Pages
import Retrieval
import Tensors

/// The KD-tree of an evaluation: its shape, what one query did in it, and a small one to try by hand.
enum Index: ReportDirective {
    static let kind = "index"
    static let version = 2
    static let summary = """
        Draws the KD-tree with sigmoid split over an evaluation's gallery: depth, leaf sizes, what a query visited and \
        left out, the certificate that its answers are those of brute force; and a tree in two dimensions to try by hand.
        """

    enum SplitKind: String, CaseIterable, Sendable { case axis, pca, random }

    static let evaluate = Option.reference("evaluate", to: Evaluate.self, "The evaluation whose vectors are indexed.")
    static let split = Option<SplitKind>.choice(
        "split", default: .pca,
        "Where the directions W come from: the axes of largest variance, the principal directions, or a seed.")
    static let leaf = Option.integer("leaf", in: 1...65_536, default: 128, "How many vectors a leaf may hold.")
    static let depth = Option.integer("depth", in: 0...64, default: 32, "How deep the tree may become.")
    static let k = Option.integer("k", in: 1...10_000, default: 5, "How many neighbours the query asks for.")
    static let query = Option.integer("query", in: 0...1_000_000, default: 0, "Which query is followed, from 0.")
    static let budget = Option.integer(
        "leaf_budget", in: 1...100_000,
        "Also search approximately, scanning at most so many leaves, or as many as hold k vectors, and tell the recall."
    ).optional
    static let seed = Option.integer("seed", in: 0...Int.max, default: 0, "With split: random, the directions.")

    static let options = Declarations(evaluate, split, leaf, depth, k, query, budget, seed)

    private static let report = Artifact<IndexReport>.json("index.json")

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        if options[split] != .random {
            context.reportIdle(seed, of: options, "only 'split: random' draws directions")
        }
        let data = context.data
        let preprocess = context.options(of: options[evaluate], as: Evaluate.self).flatMap {
            context.preprocessing(of: $0, Evaluate.data)
        }
        return StepWork(workload: workload(Preprocess.expectedFaces(preprocess, data: data))) { step in
            let evaluation = try step[evaluate]
            let gallery = try evaluation[Evaluate.gallery]
            let queries = try evaluation[Evaluate.queries]
            guard options[k] <= gallery.rows else {
                throw OptionProblem(
                    k, "out-of-range", "k is \(options[k]), but the gallery holds \(gallery.rows) vectors")
            }
            guard options[query] < queries.rows else {
                throw OptionProblem(
                    query, "out-of-range",
                    "query is \(options[query]), but the last of '\(evaluation.id)' is \(queries.rows - 1)")
            }
            var outcome = Outcome()
            try outcome.keep(
                IndexReport(
                    gallery, queries, treeOptions(options), k: options[k], query: options[query],
                    budget: options[budget], check: step.checkInterruption),
                as: report)
            return outcome
        }
    }

    private static func workload(_ faces: Preprocess.ExpectedFaces) -> Workload {
        var work = Workload.once(kind)
        work.add(faces.tested, WorkUnit("vectors in a tree", usualSeconds: 1e-5))
        return work.estimated
    }

    static func treeOptions(_ options: Options) -> KDTree.Options {
        let kind: KDTree.Split =
            switch options[split] {
            case .axis: .axis
            case .pca: .principal
            case .random: .random(seed: UInt64(options[seed]))
            }
        return KDTree.Options(split: kind, leafSize: options[leaf], maximumDepth: options[depth])
    }

    static func promise(for options: Options) -> Promise {
        Promise(
            numbering: .figure,
            values: ["nodes", "leaves", "depth", "visited", "distances", "gallery", "recall"], texts: ["exact"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let report = try result[report]
        return ExhibitContent(
            numbering: .figure,
            parts: [.tree(report.diagram), .table(report.table), .treeExplorer(report.plane.explorer)],
            values: [
                "nodes": .count(report.nodes.count), "leaves": .count(report.leafSizes.count),
                "depth": .count(report.depth), "visited": .count(report.visitedLeaves),
                "distances": .count(report.distances), "gallery": .count(report.gallery),
                "exact": .text(report.equalToBruteForce ? "equal" : "different"),
            ].merging(report.recall.map { ["recall": .number($0)] } ?? [:], uniquingKeysWith: { first, _ in first }))
    }
}
