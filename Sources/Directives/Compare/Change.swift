import Foundation
import Pages
import Retrieval

/// One measure before and after, over the same queries.
struct Change: Codable {
    /// `map`, `recall1`, `top10.accuracy`.
    var key: String
    var name: String
    var before: Double
    var after: Double
    /// 95 % interval of the paired difference, over people.
    var low: Double
    var high: Double
    /// How many people the queries show.
    var people: Int
    /// Of a paired test that flips signs person by person.
    var p: Double
    /// The same, corrected for all tests of the comparison by Holm's method.
    var corrected: Double

    /// Whether it is more than chance would show in one of twenty such comparisons.
    var isSignificant: Bool { corrected < TestFamily.level }

    /// What prose may quote of it, beside a verdict in words for measures of the whole ranking.
    static let names = ["delta", "low", "high", "p", "holm"]
    static let verdict = "verdict"

    var values: [String: Quotable] {
        var values: [String: Quotable] = [
            "delta": .number(after - before), "low": .number(low), "high": .number(high), "p": .number(p),
            "holm": .number(corrected),
        ]
        if !key.hasPrefix("top") { values[Self.verdict] = .text(sentence) }
        return values
    }

    /// `p < 0.001`, `p = 0.020`: as corrected, and never 0.
    private var sentence: String {
        corrected < 0.001 ? "p < 0.001" : String(format: "p = %.3f", corrected)
    }
}

extension ComparisonTables {
    /// Of each pair, from the whole ranking down to the first rank, then for each k. Their tests are one family; a pair that
    /// is named twice is tested once.
    static func differences(_ pairs: [(before: Compare.Side, after: Compare.Side)]) -> [[Change]] {
        var names: [[String]] = []
        var tested: [[Change]] = []
        for (before, after) in pairs where !names.contains([before.id, after.id]) {
            names.append([before.id, after.id])
            tested.append(changes(before, after))
        }
        let corrected = TestFamily.holm(tested.joined().map(\.p))
        var next = 0
        for pair in tested.indices {
            for change in tested[pair].indices {
                tested[pair][change].corrected = corrected[next]
                next += 1
            }
        }
        return pairs.map { before, after in tested[names.firstIndex(of: [before.id, after.id]) ?? 0] }
    }

    private static func changes(_ before: Compare.Side, _ after: Compare.Side) -> [Change] {
        var measures = Metric.whole.reversed()
            .map { (key: $0.key, name: $0.title ?? $0.key, scores: $0.scores, row: 0) }
        for (row, k) in after.evaluation.quality.rows.map(\.k).enumerated() {
            measures += Metric.ranked.map {
                (key: "top\(k).\($0.key)", name: "\($0.title ?? $0.key), k = \(k)", scores: $0.scores, row: row)
            }
        }
        let people = after.scores.people
        func mean(_ values: [Double]) -> Double { PeopleSample(values, of: people).mean }
        return measures.compactMap { key, name, scores, row in
            guard let before = scores?(before.scores, row), let after = scores?(after.scores, row) else { return nil }
            let differences = PeopleSample(zip(before, after).map { $1 - $0 }, of: people)
            let change = differences.estimate(within: -1...1)
            let p = differences.signFlipTest()
            return Change(
                key: key, name: name, before: mean(before), after: mean(after), low: change.low, high: change.high,
                people: change.people, p: p, corrected: p)
        }
    }

    /// The keys that `differences` may have.
    static var comparedKeys: [String] {
        Metric.whole.filter { $0.scores != nil }.map(\.key)
            + Metric.ranked.filter { $0.scores != nil }.map { "top*.\($0.key)" }
    }
}

/// Changes side by side: a row for each measure, a group of columns for each pair of evaluations.
struct ChangeTable {
    var sides: [[Change]]
    var names: [String]

    var table: Table {
        var columns = [Table.Column("measure (%)")]
        for name in names {
            columns += ["before", "after", "change", "from", "to", "p", "p, corrected"].map {
                Table.Column($0, group: name)
            }
        }
        let first = sides.first ?? []
        let rows = first.indices.map { row in
            [Table.Cell.text(first[row].name)] + sides.flatMap { cells($0[row]) }
        }
        return Table(columns: columns, rows: rows, notes: notes)
    }

    private func cells(_ change: Change) -> [Table.Cell] {
        [change.before, change.after, change.after - change.before, change.low, change.high]
            .map { .number(100 * $0, digits: 1) }
            + [.probability(change.p), .probability(change.corrected, suffix: change.isSignificant ? " *" : "")]
    }

    private var notes: [String] {
        let people = sides.first?.first?.people ?? 0
        let tests = sides.reduce(0) { $0 + $1.count }
        return [
            """
            from, to: 95 % interval of the change over \(Numeral.count(people)) people, who are resampled with all of their \
            queries. p: paired test that flips the sign of a person's whole change. Corrected: for the \
            \(Numeral.count(tests)) tests of this table by Holm's method; * marks what is below \(TestFamily.level) then, which \
            is more than chance would show in one of twenty such tables.
            """
        ]
    }
}
