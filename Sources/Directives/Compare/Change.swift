import Foundation
import Pages
import Retrieval

/// One measure before and after, over the same queries.
struct Change: Codable {
    /// `map`, `recall1`, `top10.accuracy`.
    var key: String
    var name: String
    /// The evaluation that it is compared with.
    var since: String
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

    /// As tables call it: `Accuracy, k = 10`.
    var title: Phrase {
        let parts = key.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0].hasPrefix("top") else {
            return Metric<TimedEvaluation>.whole.first { $0.key == key }?.title ?? name.verbatim
        }
        let title = Metric<RankedResult>.ranked.first { $0.key == parts[1] }?.title ?? parts[1].verbatim
        return "\(title), k = \(parts[0].dropFirst(3))"
    }

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

    private var sentence: Phrase { Self.sentence(corrected) }

    /// `p < 0.001`, `p = 0.020`: never 0.
    static func sentence(_ p: Double) -> Phrase {
        p < 0.001 ? "p < \(Numeral.fixed(0.001, digits: 3))" : "p = \(Numeral.fixed(p, digits: 3))"
    }
}

extension Change {
    /// Between two answers to the same queries, one number a query.
    ///
    /// - Parameter scores: of these queries.
    init(
        key: String, name: String, since: String, _ before: [Double], _ after: [Double], of scores: QueryScores
    ) {
        let differences = scores.sample(zip(before, after).map { $1 - $0 })
        let change = differences.estimate(within: -1...1)
        let p = differences.signFlipTest()
        self.init(
            key: key, name: name, since: since, before: scores.sample(before).mean,
            after: scores.sample(after).mean, low: change.low, high: change.high, people: change.people,
            p: p, corrected: p)
    }

    /// All of them corrected as one family.
    static func corrected(_ changes: [[Change]]) -> [[Change]] {
        var values = TestFamily.holm(changes.joined().map(\.p))[...]
        return changes.map { changes in
            changes.map { change in
                var change = change
                change.corrected = values.removeFirst()
                return change
            }
        }
    }
}

extension ComparisonTables {
    /// Of each evaluation, from the whole ranking down to the first rank, then for each k, in every measure since the one of
    /// the others, at least one, that is highest in it. All tests are one family; what is named twice is tested once.
    static func differences(_ compared: [(after: Compare.Side, since: [Compare.Side])]) -> [[Change]] {
        let names = compared.map { [$0.after.id] + $0.since.map(\.id) }
        let places = names.map { names.firstIndex(of: $0) ?? 0 }
        let distinct = places.indices.filter { places[$0] == $0 }
        let tested = Change.corrected(distinct.map { changes(of: compared[$0].after, since: compared[$0].since) })
        let found = Dictionary(uniqueKeysWithValues: zip(distinct, tested))
        return places.map { found[$0] ?? [] }
    }

    private static func changes(of after: Compare.Side, since earlier: [Compare.Side]) -> [Change] {
        var measures = Metric.whole.reversed()
            .map { (key: $0.key, name: $0.name.text, scores: $0.scores, row: 0) }
        for (row, k) in after.evaluation.quality.rows.map(\.k).enumerated() {
            measures += Metric.ranked.map {
                (key: "top\(k).\($0.key)", name: "\($0.name), k = \(k)", scores: $0.scores, row: row)
            }
        }
        let queries = after.scores
        func mean(_ values: [Double]) -> Double { queries.sample(values).mean }
        return measures.compactMap { key, name, scores, row in
            let known = earlier.compactMap { side in scores?(side.scores, row).map { (id: side.id, scores: $0) } }
            guard let strongest = known.max(by: { mean($0.scores) < mean($1.scores) }),
                let after = scores?(after.scores, row)
            else { return nil }
            return Change(key: key, name: name, since: strongest.id, strongest.scores, after, of: queries)
        }
    }

    /// The keys that `differences` may have.
    static var comparedKeys: [String] {
        Metric.whole.filter { $0.scores != nil }.map(\.key)
            + Metric.ranked.filter { $0.scores != nil }.map { "top*.\($0.key)" }
    }
}

/// Changes below each other: for each pair of evaluations a row for each measure.
struct ChangeTable {
    var sides: [[Change]]
    var names: [Phrase]
    /// Where evaluations are held against controls: what these are called, by their ids.
    var controls: [String: Phrase]?

    var table: Table {
        let difference: Phrase = controls == nil ? "change" : "difference"
        let values: [Phrase] = controls == nil ? ["before", "after"] : ["strongest control", "its value", "value"]
        let columns: [Phrase] =
            (names.count > 1 ? ["evaluation"] : []) + ["measure (%)"] + values
            + [difference, "p", "p, corrected"]
        let rows = zip(names, sides).flatMap { name, changes in changes.map { row($0, of: name) } }
        return Table(
            columns: columns.map { Table.Column($0) }, rows: rows,
            notes: (controls == nil ? [] : [Self.strictness]) + [Change.note(sides, of: difference)])
    }

    private func row(_ change: Change, of name: Phrase) -> [Table.Cell] {
        var row: [Table.Cell] = names.count > 1 ? [.text(name)] : []
        row.append(.text(change.title))
        if let controls { row.append(.text(controls[change.since] ?? change.since.verbatim)) }
        row += [.number(100 * change.before, digits: 1), .number(100 * change.after, digits: 1), change.difference]
        row += [.probability(change.p), .probability(change.corrected, suffix: change.isSignificant ? " *" : "")]
        return row
    }

    private static var strictness: Phrase {
        """
        In each measure the control with the highest value in it stands here. That it is chosen on the same people makes the \
        comparison stricter where the difference is above zero, and exaggerates one below.
        """
    }
}

extension Change {
    /// In points, its interval behind it: `−12.5 (−15.3 to −10.4)`.
    var difference: Table.Cell {
        .number(100 * (after - before), digits: 1, suffix: " (\(Self.percent(low)) to \(Self.percent(high)))")
    }

    private static func percent(_ share: Double) -> String {
        Numeral.fixed(100 * share, digits: 1)
    }

    /// How intervals and tests of a table are read.
    fileprivate static func note(_ sides: [[Change]], of difference: Phrase) -> Phrase {
        let people = sides.first?.first?.people ?? 0
        let tests = sides.reduce(0) { $0 + $1.count }
        return """
            Behind each \(difference) its 95 % interval over \(Numeral.count(people)) people, who are resampled with all of \
            their queries; where all differ by the same, such as by nothing, it is the exact one for so many people. It is not \
            corrected: where it leaves out zero and the corrected p is not marked, the p counts. p: paired test that flips the \
            sign of a person's whole \(difference). Corrected: for the \
            \(Numeral.count(tests)) tests of this table by Holm's method; * marks what is below \(Numeral.fixed(TestFamily.level, digits: 2)) then; \
            by chance alone at most one such table in twenty would hold any. Rates of verification, which are no means over people, \
            are not tested: they stand with their intervals at each evaluation.
            """
    }
}
