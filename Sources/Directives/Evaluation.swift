import Execution
import Faces
import Foundation
import Networks
import Pages
import Retrieval
import Tensors

/// What an evaluation found: the same on every run.
struct Evaluation: Codable {
    /// `MobileNet-V2`, `raw pixels`.
    var describer: String
    var queries: Int
    var gallery: Int
    var dimensions: Int
    var attributes: Int
    var rows: [Row]
    var meanAveragePrecision: Double
    /// The share of gallery faces that show the query's person: what a random answer would score.
    var identityChance: Double
    /// Attribute agreement of a random pair, and of the constant answer "most common attributes".
    var attributeChance: Double?
    var constantAnswer: Double?

    struct Row: Codable {
        var k: Int
        /// Share of queries with their person among the first k.
        var recall: Double
        /// Share of the first k that show the query's person.
        var precision: Double
        var accuracy: Double?
        var distance: Double?
    }
}

/// The ranks of every query, as faces of the `FaceSet`.
struct Ranking: Codable {
    var queries: [Int]
    /// How many ranks are kept of each query.
    var depth: Int
    var ranks: [[Int]]
    var distances: [[Double]]
}

/// Seconds; these differ from run to run.
struct EvaluationTimes: Codable {
    var embedding: Double
    var build: Double
    /// All queries, for each k.
    var queries: [Double]
}

extension Evaluation {
    /// Embeds, searches and measures.
    static func run(
        _ describer: FaceDescriber, faces: FaceSet, data: String, ks: [Int], leafSize: Int, step: StepContext
    ) throws -> (Evaluation, Ranking, EvaluationTimes) {
        let start = now()
        let indices = faces.queries + faces.gallery
        let all = try describer.describe(
            indices.count, image: { try faces.image(of: indices[$0], data: data) },
            progress: { done in
                try step.checkInterruption()
                step.progress(StepProgress(part: "embedding", done: done, total: indices.count, unit: "images"))
            })
        let embedded = now()
        let queries = all.rows(0..<faces.queries.count)
        let gallery = all.rows(faces.queries.count..<indices.count)
        let tree = try KDTree(gallery, leafSize: leafSize)
        let built = now()

        // Every k is timed on its own, as in the slides; the largest answers for the metrics.
        let depth = min(faces.gallery.count, max(ks.last ?? 1, 50))
        let seconds = ks.map { k in
            let start = now()
            _ = tree.nearest(k, to: queries)
            return now() - start
        }
        let found = tree.nearest(depth, to: queries)

        let identity = { (index: Int) in faces.faces[index].identity }
        let complete = tree.nearest(faces.gallery.count, to: queries)
        let relevance = faces.queries.enumerated().map { row, query in
            complete.indices(of: row).map { identity(faces.gallery[$0]) == identity(query) }
        }
        let attributes = Attributes(faces)
        let rows = ks.map { k -> Row in
            let agreement = attributes?.agreement(k, found, faces)
            return Row(
                k: k, recall: Metrics.recall(at: k, relevance), precision: Metrics.precision(at: k, relevance),
                accuracy: agreement, distance: agreement.map { Metrics.meanDistance(accuracy: $0) })
        }
        let evaluation = Evaluation(
            describer: describer.name, queries: faces.queries.count, gallery: faces.gallery.count,
            dimensions: gallery.columns, attributes: faces.attributeNames.count, rows: rows,
            meanAveragePrecision: Metrics.meanAveragePrecision(relevance),
            identityChance: Metrics.precision(at: faces.gallery.count, relevance),
            attributeChance: attributes?.chance, constantAnswer: attributes?.constantAnswer)
        let ranking = Ranking(
            queries: faces.queries, depth: depth,
            ranks: faces.queries.indices.map { found.indices(of: $0).map { faces.gallery[$0] } },
            distances: faces.queries.indices.map { found.distances(of: $0) })
        return (
            evaluation, ranking,
            EvaluationTimes(embedding: embedded - start, build: built - embedded, queries: seconds)
        )
    }

    /// What prose may quote: `recall1`, `map`, `top10.accuracy`.
    func values(_ times: EvaluationTimes) -> [String: Quotable] {
        var values: [String: Quotable] = [
            "queries": .count(queries), "gallery": .count(gallery), "map": .number(meanAveragePrecision),
            "chance": .number(identityChance), "embedding.seconds": .number(times.embedding), "model": .text(describer),
        ]
        for (row, seconds) in zip(rows, times.queries) {
            values["top\(row.k).recall"] = .number(row.recall)
            values["top\(row.k).precision"] = .number(row.precision)
            values["top\(row.k).seconds"] = .number(seconds)
            if let accuracy = row.accuracy { values["top\(row.k).accuracy"] = .number(accuracy) }
            if let distance = row.distance { values["top\(row.k).distance"] = .number(distance) }
        }
        return values
    }
}

/// The attributes of queries and gallery, where the dataset has them.
private struct Attributes {
    let queries: [[Int8]]
    let gallery: [[Int8]]

    init?(_ faces: FaceSet) {
        queries = faces.queries.compactMap { faces.faces[$0].attributes }
        gallery = faces.gallery.compactMap { faces.faces[$0].attributes }
        guard !faces.attributeNames.isEmpty, queries.count == faces.queries.count,
            gallery.count == faces.gallery.count
        else { return nil }
    }

    /// Top-k accuracy as the slides define it, averaged over queries.
    func agreement(_ k: Int, _ found: Neighbours, _ faces: FaceSet) -> Double {
        let perQuery = queries.indices.map { query in
            let accuracies = found.indices(of: query).prefix(k).map {
                Metrics.attributeAccuracy(queries[query], gallery[$0])
            }
            return accuracies.reduce(0, +) / Double(k)
        }
        return perQuery.reduce(0, +) / Double(max(1, perQuery.count))
    }

    var chance: Double { Metrics.chanceAccuracy(queries: queries, gallery: gallery) }
    var constantAnswer: Double { Metrics.constantAccuracy(queries: queries, gallery: gallery) }
}

private func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
