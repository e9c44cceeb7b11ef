import Foundation
import Pages
import Retrieval

/// All evaluations of a comparison in one table, controls first: a row each, their measures from left to right.
struct SummaryTable {
    struct Row {
        var name: Phrase
        /// `control`, `before`, `after`; empty where there is but one kind beside the controls.
        var part: Phrase
        var shown: TimedEvaluation
        /// Of its main measures.
        var estimates: [String: Estimate]

        init(_ column: ComparedColumn, _ part: Phrase, _ estimates: [String: [String: Estimate]]) {
            (name, self.part, shown) = (column.label, part, column.shown)
            self.estimates = estimates[column.id] ?? [:]
        }
    }

    var rows: [Row]

    private static let keys = ["recall1", "map", "mapAtR", "eer", "tpr1", "tpr01"]

    var table: Table {
        let metrics = Metric<TimedEvaluation>.whole.filter { Self.keys.contains($0.key) }
        let first = rows[0].shown.quality
        let ranked = Metric<RankedResult>.ranked.filter { metric in
            [.identity, .attributes].contains(metric.aspect) && metric.unit == .percent && metric.key != "recall"
                && rows.allSatisfy { row in row.shown.ranked.first.flatMap(metric.value) != nil }
        }
        let k = first.rows.first?.k ?? 0
        let columns =
            [Table.Column("evaluation"), Table.Column("is")]
            + metrics.map { Table.Column("\($0.name) (%)") }
            + ranked.map { Table.Column("\($0.name), k\u{A0}=\u{A0}\(k) (%)") }
        return Table(
            columns: columns,
            rows: rows.map { row in
                [.text(row.name), .text(row.part)] + metrics.map { cell($0, of: row.shown) }
                    + ranked.map { metric in row.shown.ranked.first.map { metric.cell(of: $0) } ?? .missing }
            },
            notes: [
                """
                Over \(Numeral.count(first.queries)) queries of \(Numeral.count(first.people)) people, in a gallery of \
                \(rows[0].shown.evaluation.galleryInWords). Intervals stand with each evaluation. Of error rates the lower is better.
                """
            ] + (rows.first { !$0.shown.thinNotes.isEmpty }?.shown.thinNotes ?? []))
    }

    /// The main measures alone, each with its interval.
    var brief: Table {
        let first = rows[0].shown.quality
        let titles = ComparisonTables.mainMeasures(ks: first.rows.map(\.k)).filter { measure in
            rows.allSatisfy { $0.estimates[measure.key] != nil }
        }
        return Table(
            columns: (["evaluation", "is"] + titles.map { "\($0.title) (%)" }).map { Table.Column($0) },
            rows: rows.map { row in
                [.text(row.name), .text(row.part)]
                    + titles.map { row.estimates[$0.key].map(Self.cell) ?? .missing }
            } + unseeing(first, titles.map(\.key)),
            notes: [
                """
                Behind each figure its 95 % interval over \(Numeral.count(first.people)) people, who are asked for by \
                \(Numeral.count(first.queries)) queries in a gallery of \(rows[0].shown.evaluation.galleryInWords).
                """
            ])
    }

    /// Answers that look at no face: a random ranking, and the attributes that most photographs have.
    private func unseeing(_ quality: RetrievalQuality, _ keys: [String]) -> [[Table.Cell]] {
        func cell(_ value: Double?) -> Table.Cell { value.map { .number(100 * $0, digits: 1) } ?? .missing }
        var rows = [
            [.text("random order"), .text("chance")]
                + keys.map { cell(quality.chance[$0] ?? ($0.hasPrefix("top") ? quality.attributeChance : nil)) }
        ]
        if let constant = quality.constantAnswer, keys.contains(where: { $0.hasPrefix("top") }) {
            rows.append(
                [.text("always the most common attributes"), .text("chance")]
                    + keys.map { $0.hasPrefix("top") ? cell(constant) : .text("–") })
        }
        return rows
    }

    private static func cell(_ estimate: Estimate) -> Table.Cell {
        .number(
            100 * estimate.mean, digits: 1,
            suffix:
                " (\(Numeral.fixed(100 * estimate.low, digits: 1)) to \(Numeral.fixed(100 * estimate.high, digits: 1)))"
        )
    }

    private func cell(_ metric: Metric<TimedEvaluation>, of shown: TimedEvaluation) -> Table.Cell {
        metric.cell(of: shown, mark: shown.isThin(metric) ? " †" : "")
    }
}

extension [SummaryTable.Row] {
    /// Each evaluation once, where it comes first.
    var distinct: [SummaryTable.Row] {
        var seen: Set<[String]> = []
        return filter { seen.insert([$0.name.text, $0.part.text]).inserted }
    }
}

extension ComparisonTables {
    /// What a reader asks for first: `recall1`, `map`, and where there are attributes their accuracy at the first k.
    static func mainMeasures(ks: [Int]) -> [(key: String, title: Phrase)] {
        [Metric.recall1, .map].map { ($0.key, $0.name) }
            + Metric.ranked.filter { $0.scores != nil }.flatMap { metric in
                ks.prefix(1).map { k -> (key: String, title: Phrase) in
                    ("top\(k).\(metric.key)", "\(metric.name), k = \(k)")
                }
            }
    }

    /// Of the main measures, by the keys above.
    static func estimates(_ side: Compare.Side) -> [String: Estimate] {
        var estimates: [String: Estimate] = [:]
        func add(_ key: String, _ scores: [Double]?) {
            estimates[key] = scores.map { side.scores.sample($0).estimate() }
        }
        for metric in [Metric.recall1, .map] {
            estimates[metric.key] = side.evaluation.quality.identity[metric.key]
        }
        for metric in Metric.ranked {
            guard let k = side.evaluation.quality.rows.first?.k else { continue }
            add("top\(k).\(metric.key)", metric.scores?(side.scores, 0))
        }
        return estimates
    }
}
