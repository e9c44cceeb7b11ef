import Dispatch
import Execution
import Faces
import Foundation
import Imaging
import Retrieval
import Tensors

/// One evaluation being made: embed, search, measure.
struct EvaluationRun {
    let faces: FaceSet
    let data: String
    /// Ascending.
    let ks: [Int]
    let leafSize: Int
    let step: StepContext
    /// `LeakCheck`'s sentence.
    var certificate = ""

    /// A describer fitted to training faces.
    enum Projection: Sendable { case eigenfaces, whitened }

    struct Found {
        var evaluation: Evaluation
        var ranking: Ranking
        var scores: QueryScores
        var times: EvaluationTimes
        var queries: Matrix
        var gallery: Matrix
    }

    /// Components kept by a projection: as many as an embedding has numbers.
    private static let components = 128
    /// Training faces that a projection is fitted to, and that the open-set threshold is calibrated on, at most.
    private static let fitted = 1000
    private static let calibrated = 240
    /// Ranks of each query that are kept for pictures.
    private static let keptRanks = 100

    func evaluate(_ plain: FaceEmbedder, _ projection: Projection?) throws -> Found {
        let start = now()
        let describer = try projection.map { try fit(plain, $0) } ?? plain
        let validation = faces.calibrationFaces(atMost: Self.calibrated)
        let indices = faces.queries + faces.gallery + validation.queries + validation.gallery
        let all = try describe(describer, indices, "embedding")
        let embedded = now()
        var end = 0
        func next(_ count: Int) -> Matrix {
            end += count
            return all.rows(end - count..<end)
        }
        let queries = next(faces.queries.count)
        let gallery = next(faces.gallery.count)
        let measured = try measure(
            queries, gallery, describer.name,
            validation: (next(validation.queries.count), next(validation.gallery.count), validation))
        var found = measured
        found.times.embedding = embedded - start
        found.times.measuring = now() - embedded
        return found
    }

    private func describe(_ describer: FaceEmbedder, _ indices: [Int], _ part: String) throws -> Matrix {
        try describer.describe(
            indices.count, image: { try faces.image(of: indices[$0], data: data) },
            journal: RowJournal(path: "\(step.scratch)/\(part).rows"),
            progress: { done in
                try step.checkInterruption()
                step.progress(StepProgress(part: part, done: done, total: indices.count, unit: "images"))
            })
    }

    private func fit(_ describer: FaceEmbedder, _ projection: Projection) throws -> FaceEmbedder {
        let chosen =
            faces.train.count <= Self.fitted
            ? faces.train : (0..<Self.fitted).map { faces.train[$0 * faces.train.count / Self.fitted] }
        let vectors = try describe(describer, chosen, "fitting")
        guard
            let components = PrincipalComponents(
                fitting: vectors, count: Self.components, whitening: projection == .whitened)
        else {
            throw OptionProblem(Evaluate.data, "nothing-to-fit", "the training faces are all alike")
        }
        let name = projection == .eigenfaces ? "eigenfaces" : "\(describer.name), whitened features"
        return .projected(describer, components, name: name)
    }

    private func measure(
        _ queries: Matrix, _ gallery: Matrix, _ name: String,
        validation: (queries: Matrix, gallery: Matrix, faces: (queries: [Int], gallery: [Int]))
    ) throws -> Found {
        let built = now()
        var options = KDTree.Options()
        options.leafSize = leafSize
        let tree = try KDTree(gallery, options)
        let seconds = now() - built
        // Every k is timed on its own, as in the slides; the deepest search answers for the metrics.
        let querySeconds = try ks.map { k in
            let start = now()
            _ = try tree.nearest(k, to: queries)
            return now() - start
        }
        let depth = min(faces.gallery.count, max(ks.last ?? 1, 50))
        let (found, statistics) = try tree.search(depth, queries)
        let flat = try FlatIndex(gallery)
        let isEqual = try flat.nearest(depth, to: queries) == found

        let people = people(faces.queries, faces.gallery)
        let full = try FullRanking(flat, queries, people, check: step.checkInterruption)
        let attributes = AttributeTables(
            names: faces.attributeNames, queries: faces.queries.map { faces.faces[$0].attributes },
            gallery: faces.gallery.map { faces.faces[$0].attributes })
        let ranked = RankedRetrieval(found: found, full: full, people: people, attributes: attributes)
        let perQuery = QueryScores(
            averagePrecision: full.averagePrecision, recall1: people.recalls(at: 1, found),
            accuracy: attributes.map { attributes in ks.map { attributes.accuracies(at: $0, found) } } ?? [])
        func mean(_ value: (SearchStatistics) -> Int) -> Double {
            Double(statistics.reduce(0) { $0 + value($1) }) / Double(max(1, statistics.count))
        }
        let evaluation = Evaluation(
            describer: name, dataset: faces.dataset, photographs: faces.report.found, queries: faces.queries.count,
            gallery: faces.gallery.count, dimensions: gallery.columns, attributes: faces.attributeNames.count,
            rows: ks.map { k in
                let values = Metric.ranked.compactMap(\.measure).map { ($0.key, $0.value(ranked, k)) }
                return Evaluation.Row(
                    k: k, values: Dictionary(values) { first, _ in first }.compactMapValues { $0 })
            },
            identity: Dictionary(
                Metric.whole.compactMap(\.measure).map { ($0.key, Bootstrap.Estimate($0.values(ranked))) }
            ) { first, _ in first },
            identityChance: people.chance, verification: full.curve, openSet: try openSet(validation, full),
            attributeChance: attributes?.chance, constantAnswer: attributes?.constantAnswer,
            balanced: attributes?.balanced(at: min(10, depth), found) ?? [],
            exactness: Evaluation.Exactness(
                k: depth, equal: isEqual, nodes: tree.nodes.count, nodesVisited: mean(\.nodesVisited),
                nodesPruned: mean(\.nodesPruned), distancesComputed: mean(\.distancesComputed),
                bound: Double(found.squaredDistances[depth - 1]).squareRoot()),
            certificate: certificate)
        let kept = min(depth, Self.keptRanks)
        let ranking = Ranking(
            queries: faces.queries, depth: kept,
            ranks: faces.queries.indices.map { found.indices(of: $0).prefix(kept).map { faces.gallery[$0] } },
            distances: faces.queries.indices.map { query in
                found[query].prefix(kept).map { Double($0.squaredDistance).squareRoot() }
            },
            nearestOwn: full.nearestOwn.map { Double(min($0, .greatestFiniteMagnitude)).squareRoot() },
            nearestStrangers: full.nearestStrangers.map { Double(min($0, .greatestFiniteMagnitude)).squareRoot() })
        let times = EvaluationTimes(
            embedding: 0, build: seconds, queries: querySeconds, measuring: 0, threads: Threads.count)
        return Found(
            evaluation: evaluation, ranking: ranking, scores: perQuery, times: times, queries: queries, gallery: gallery
        )
    }

    private func people(_ queries: [Int], _ gallery: [Int]) -> PeopleNumbers {
        PeopleNumbers(
            queries: queries.map { faces.faces[$0].identity }, gallery: gallery.map { faces.faces[$0].identity })
    }

    private func openSet(
        _ validation: (queries: Matrix, gallery: Matrix, faces: (queries: [Int], gallery: [Int])), _ full: FullRanking
    ) throws -> Evaluation.OpenSetResult? {
        let people = people(validation.faces.queries, validation.faces.gallery)
        guard people.queries.count >= 2, !full.nearestOwn.isEmpty else { return nil }
        let calibration = try FullRanking(FlatIndex(validation.gallery), validation.queries, people, check: {})
        guard
            let threshold = OpenSet.threshold(
                nearestStrangers: calibration.nearestStrangers.filter(\.isFinite), falseAcceptance: 0.05)
        else { return nil }
        let outcome = OpenSet.outcome(
            threshold: threshold, nearestOwn: full.nearestOwn, nearestStrangers: full.nearestStrangers)
        return Evaluation.OpenSetResult(
            threshold: Double(max(0, threshold)).squareRoot(), validationPeople: people.queries.count,
            identified: outcome.identified, falselyAccepted: outcome.falselyAccepted)
    }
}

func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
