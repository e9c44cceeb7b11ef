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
    var identity: Identity
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

    var meanAveragePrecision: Double { identity.map.mean }

    struct Row: Codable {
        var k: Int
        /// Share of queries with their person among the first k.
        var recall: Double
        /// Share of the first k that show the query's person.
        var precision: Double
        var accuracy: Double?
        var distance: Double?
    }

    /// A mean over queries with its 95 % bootstrap interval.
    struct Estimate: Codable {
        var mean: Double
        var low: Double
        var high: Double

        init(_ values: [Double]) {
            mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
            let interval = Bootstrap.interval(values) ?? 0...0
            low = interval.lowerBound
            high = interval.upperBound
        }
    }

    struct Identity: Codable {
        var recall1: Estimate
        var recall5: Estimate
        var recall10: Estimate
        var map: Estimate
        var mapAtR: Estimate
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

extension Evaluation {
    /// What prose may quote: `recall1`, `map`, `top10.accuracy`.
    func values(_ times: EvaluationTimes) -> [String: Quotable] {
        var values: [String: Quotable] = [
            "queries": .count(queries), "gallery": .count(gallery), "map": .number(meanAveragePrecision),
            "chance": .number(identityChance), "embedding.seconds": .number(times.embedding), "model": .text(describer),
            "measuring.seconds": .number(times.measuring), "mapAtR": .number(identity.mapAtR.mean),
            "map.low": .number(identity.map.low), "map.high": .number(identity.map.high),
            "recall1": .number(identity.recall1.mean), "recall5": .number(identity.recall5.mean),
            "recall10": .number(identity.recall10.mean), "distances": .number(exactness.distancesComputed),
            "exact": .text(exactness.equal ? "equal" : "different"),
        ]
        if let verification {
            values["eer"] = .number(verification.equalErrorRate)
            values["tpr1"] = .number(verification.atOnePercent)
            values["tpr01"] = .number(verification.atOnePerMille)
            values["auc"] = .number(verification.area)
        }
        if let openSet {
            values["open.identified"] = .number(openSet.identified)
            values["open.accepted"] = .number(openSet.falselyAccepted)
        }
        if let attributeChance { values["attributes.chance"] = .number(attributeChance) }
        if let constantAnswer { values["attributes.constant"] = .number(constantAnswer) }
        for (row, seconds) in zip(rows, times.queries) {
            values["top\(row.k).recall"] = .number(row.recall)
            values["top\(row.k).precision"] = .number(row.precision)
            values["top\(row.k).seconds"] = .number(seconds)
            if let accuracy = row.accuracy { values["top\(row.k).accuracy"] = .number(accuracy) }
            if let distance = row.distance { values["top\(row.k).distance"] = .number(distance) }
        }
        return values
    }

    /// Beside the slides' figures, what else a reader asks for.
    var measures: Table {
        var rows: [[Table.Cell]] = []
        func percent(_ value: Double) -> Table.Cell { .number(100 * value, digits: 1) }
        func add(_ name: String, _ estimate: Estimate) {
            rows.append([.text(name), percent(estimate.mean), percent(estimate.low), percent(estimate.high)])
        }
        func add(_ name: String, _ value: Double) { rows.append([.text(name), percent(value), .missing, .missing]) }
        add("Recall@1", identity.recall1)
        add("Recall@5", identity.recall5)
        add("Recall@10", identity.recall10)
        add("mAP", identity.map)
        add("mAP@R", identity.mapAtR)
        if let verification {
            add("verification: equal error rate", verification.equalErrorRate)
            add("verification: true positives at 1 % false", verification.atOnePercent)
            add("verification: true positives at 0.1 % false", verification.atOnePerMille)
        }
        if let openSet {
            add("open set: known person identified", openSet.identified)
            add("open set: unknown person accepted", openSet.falselyAccepted)
        }
        if let worst = balanced.first, let best = balanced.last {
            add("balanced accuracy, worst attribute: \(worst.attribute)", worst.accuracy)
            add("balanced accuracy, best attribute: \(best.attribute)", best.accuracy)
        }
        return Table(
            columns: [.init("measure"), .init("%"), .init("95 % from"), .init("to")], rows: rows, notes: measureNotes)
    }

    private var measureNotes: [String] {
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
