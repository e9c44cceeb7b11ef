import Pages

/// All evaluations of a comparison in one table, controls first: a row each, their measures from left to right.
struct SummaryTable {
    struct Row {
        var name: String
        /// `control`, `before`, `after`; empty where there is but one kind beside the controls.
        var part: String
        var shown: TimedEvaluation
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
            + metrics.map { Table.Column(($0.title ?? $0.key) + " (%)") }
            + ranked.map { Table.Column("\($0.title ?? $0.key), k\u{A0}=\u{A0}\(k) (%)") }
        return Table(
            columns: columns,
            rows: rows.map { row in
                [.text(row.name), .text(row.part)] + metrics.map { cell($0, of: row.shown) }
                    + ranked.map { metric in row.shown.ranked.first.map { metric.cell(of: $0) } ?? .missing }
            },
            notes: [
                """
                Over \(Numeral.count(first.queries)) queries of \(Numeral.count(first.people)) people, in a gallery of \
                \(Numeral.count(first.gallery)) faces. Intervals stand with each evaluation. Of error rates the lower is better.
                """
            ] + (rows.first { !$0.shown.thinNotes.isEmpty }?.shown.thinNotes ?? []))
    }

    private func cell(_ metric: Metric<TimedEvaluation>, of shown: TimedEvaluation) -> Table.Cell {
        metric.cell(of: shown, mark: shown.isThin(metric) ? " †" : "")
    }
}
