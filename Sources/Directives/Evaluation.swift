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
        var treeOptions = KDTree.Options()
        treeOptions.leafSize = leafSize
        let tree = try KDTree(gallery, treeOptions)
        let built = now()

        // Every k is timed on its own, as in the slides; the deepest search answers for the metrics, and comes first
        // so that no timed one pays for starting threads.
        let depth = min(faces.gallery.count, max(ks.last ?? 1, 50))
        let found = try tree.nearest(depth, to: queries)
        let seconds = try ks.map { k in
            let start = now()
            _ = try tree.nearest(k, to: queries)
            return now() - start
        }

        let people = People(faces)
        let attributes = Attributes(faces)
        let scores = attributes?.scores(ks, found)
        let rows = ks.enumerated().map { index, k in
            Row(
                k: k, recall: people.recall(at: k, found), precision: people.precision(at: k, found),
                accuracy: scores?[index].accuracy, distance: scores?[index].distance)
        }
        let evaluation = Evaluation(
            describer: describer.name, queries: faces.queries.count, gallery: faces.gallery.count,
            dimensions: gallery.columns, attributes: faces.attributeNames.count, rows: rows,
            meanAveragePrecision: try people.meanAveragePrecision(tree, queries), identityChance: people.chance,
            attributeChance: attributes?.chance, constantAnswer: attributes?.constantAnswer)
        let ranking = Ranking(
            queries: faces.queries, depth: depth,
            ranks: faces.queries.indices.map { found.indices(of: $0).map { faces.gallery[$0] } },
            distances: faces.queries.indices.map { found[$0].map { Double($0.squaredDistance).squareRoot() } })
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

/// Who is who among queries and gallery, as numbers.
private struct People {
    let queries: [Int]
    let gallery: [Int]

    init(_ faces: FaceSet) {
        var numbers: [String: Int] = [:]
        func number(_ face: Int) -> Int {
            let identity = faces.faces[face].identity
            if let number = numbers[identity] { return number }
            numbers[identity] = numbers.count
            return numbers.count - 1
        }
        queries = faces.queries.map(number)
        gallery = faces.gallery.map(number)
    }

    // Every query has its person in the gallery (`IdentitySplit` sees to it), so none of these is without a value.

    func recall(at k: Int, _ found: Neighbours) -> Double {
        IdentityMetrics.recall(at: k, of: found, queries: queries, gallery: gallery) ?? 0
    }

    func precision(at k: Int, _ found: Neighbours) -> Double {
        IdentityMetrics.precision(at: k, of: found, queries: queries, gallery: gallery) ?? 0
    }

    /// The share of gallery faces that show a query's person, over all queries.
    var chance: Double {
        let sizes = Dictionary(gallery.map { ($0, 1) }, uniquingKeysWith: +)
        let relevant = queries.reduce(0) { $0 + sizes[$1, default: 0] }
        return Double(relevant) / Double(max(1, queries.count * gallery.count))
    }

    /// Over complete rankings, a block of queries at a time: all of CelebA's would take gigabytes.
    func meanAveragePrecision(_ tree: KDTree, _ vectors: Matrix) throws -> Double {
        var sum = 0.0
        for start in stride(from: 0, to: queries.count, by: 64) {
            let block = start..<min(start + 64, queries.count)
            let ranking = try tree.nearest(gallery.count, to: vectors.rows(block))
            let mean = IdentityMetrics.meanAveragePrecision(
                of: ranking, queries: Array(queries[block]), gallery: gallery)
            sum += (mean ?? 0) * Double(block.count)
        }
        return sum / Double(max(1, queries.count))
    }
}

/// The attributes of queries and gallery, where the dataset has them.
private struct Attributes {
    let queries: AttributeTable
    let gallery: AttributeTable

    init?(_ faces: FaceSet) {
        let count = faces.attributeNames.count
        func table(_ indices: [Int]) -> AttributeTable? {
            let values = indices.flatMap { faces.faces[$0].attributes ?? [] }
            guard count > 0, values.count == indices.count * count else { return nil }
            return AttributeTable(images: indices.count, count: count, values: values)
        }
        guard let queries = table(faces.queries), let gallery = table(faces.gallery) else { return nil }
        self.queries = queries
        self.gallery = gallery
    }

    func scores(_ ks: [Int], _ found: Neighbours) -> [AttributeScore] {
        AttributeScore.top(ks, of: found, queries: queries, gallery: gallery)
    }

    var chance: Double { AttributeScore.chance(queries: queries, gallery: gallery).accuracy }
    var constantAnswer: Double { AttributeScore.constant(queries: queries, gallery: gallery).accuracy }
}

private func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
