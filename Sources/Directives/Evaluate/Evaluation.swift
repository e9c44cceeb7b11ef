import Foundation
import Pages
import Retrieval

/// What an evaluation found: the same on every run.
struct Evaluation: Codable {
    /// `MobileNet-V2`, `raw pixels`.
    var describer: String
    var dataset: String
    /// Photographs that the dataset held before preprocessing.
    var photographs: Int
    var queries: Int
    var gallery: Int
    var dimensions: Int
    var attributes: Int
    var rows: [Row]
    /// Means over queries, by `QueryMeasure.key`.
    var identity: [String: Bootstrap.Estimate]
    /// The share of gallery faces that show the query's person: what a random answer would score.
    var identityChance: Double
    var verification: Verification.Curve?
    var openSet: OpenSetResult?
    /// Attribute agreement of a random pair, and of the constant answer "most common attributes".
    var attributeChance: Double?
    var constantAnswer: Double?
    /// Balanced accuracy of each attribute over the first ranks, where queries differ in it.
    var balanced: [AttributeTables.Balanced]
    var exactness: Exactness
    /// `LeakCheck`'s sentence.
    var certificate: String

    /// What was measured at one k.
    struct Row {
        var k: Int
        /// By `RankMeasure.key`; without those that the images do not tell.
        var values: [String: Double]

        subscript(measure: RankMeasure) -> Double? { values[measure.key] }
    }

    struct OpenSetResult: Codable {
        /// Distance, not squared.
        var threshold: Double
        var validationPeople: Int
        var identified: Double
        var falselyAccepted: Double
    }

    /// The tree against brute force at the largest k.
    struct Exactness: Codable {
        var k: Int
        var equal: Bool
        var nodes: Int
        /// Means per query.
        var nodesVisited: Double
        var nodesPruned: Double
        var distancesComputed: Double
        /// Of the first query: its k-th distance, the bound at the end.
        var bound: Double
    }
}

/// One number per query, for paired comparisons.
struct QueryScores: Codable {
    var averagePrecision: [Double]
    var recall1: [Double]
    /// For each k of the rows; empty without attributes.
    var accuracy: [[Double]]
}

/// The ranks of every query, as faces of the `FaceSet`.
struct Ranking: Codable {
    var queries: [Int]
    /// How many ranks are kept of each query.
    var depth: Int
    var ranks: [[Int]]
    var distances: [[Double]]
    /// Of each query: the distances of the nearest face of its person and of the nearest stranger.
    var nearestOwn: [Double]
    var nearestStrangers: [Double]
}

/// Seconds; these differ from run to run.
struct EvaluationTimes: Codable {
    var embedding: Double
    var build: Double
    /// All queries, for each k.
    var queries: [Double]
    /// Everything after embedding.
    var measuring: Double
    var threads: Int
}

/// Stored as one object: `k` beside the values.
extension Evaluation.Row: Codable {
    init(from decoder: any Decoder) throws {
        values = try [String: Double](from: decoder)
        guard let k = values.removeValue(forKey: "k").flatMap(Int.init(exactly:)) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a row of an evaluation has no k"))
        }
        self.k = k
    }

    func encode(to encoder: any Encoder) throws {
        try values.merging(["k": Double(k)]) { _, k in k }.encode(to: encoder)
    }
}

extension Evaluation {
    var measureNotes: [String] {
        var notes = ["Intervals: 1,000 bootstrap resamplings of the \(Numeral.count(queries)) queries."]
        if let verification {
            var text = "Verification: \(Numeral.count(verification.samePairs)) pairs of one person, "
            text += "\(Numeral.count(verification.otherPairs)) of two"
            if verification.otherPairs < verification.otherPairsInAll {
                text += ", drawn evenly from \(Numeral.count(verification.otherPairsInAll))"
            }
            notes.append(text + ".")
        }
        if let openSet {
            notes.append(
                String(
                    format: """
                        Open set: the threshold %.3f accepts at most 5 %% of %d training people when their own faces are absent; \
                        the test people above were not used for it.
                        """, openSet.threshold, openSet.validationPeople))
        }
        notes.append(certificate)
        func count(_ mean: Double) -> String { Numeral.count(Int(mean.rounded())) }
        notes.append(
            """
            KD-tree against brute force at k = \(exactness.k): \
            \(exactness.equal ? "equal in every rank and distance" : "DIFFERENT"). Per query it visited \
            \(count(exactness.nodesVisited)) of \(Numeral.count(exactness.nodes)) nodes, pruned \
            \(count(exactness.nodesPruned)), and computed \(count(exactness.distancesComputed)) of \
            \(Numeral.count(gallery)) distances.
            """)
        return notes
    }
}
