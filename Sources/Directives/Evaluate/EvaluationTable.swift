import Foundation
import Pages

/// An evaluation in the slides' shape: a row for each k, then the averages.
struct EvaluationTable {
    var evaluation: Evaluation
    var times: EvaluationTimes
    /// An earlier evaluation of the same faces, shown to the left.
    var before: (evaluation: Evaluation, times: EvaluationTimes)?

    var table: Table {
        let columns = [Table.Column("k")] + parts.flatMap { Self.columns(of: $0.evaluation, group: $0.title) }
        var rows = evaluation.rows.indices.map { index in
            [Table.Cell.count(evaluation.rows[index].k)]
                + parts.flatMap { Self.cells(of: $0.evaluation, $0.times, row: index) }
        }
        rows.append([.text("average")] + parts.flatMap { Self.averages(of: $0.evaluation, $0.times) })
        rows.append(
            [.text("mAP")]
                + parts.flatMap { part -> [Table.Cell] in
                    let others = Self.columns(of: part.evaluation, group: nil).count - 1
                    return [.number(100 * part.evaluation.meanAveragePrecision, digits: 1)]
                        + Array(repeating: .missing, count: others)
                })
        return Table(columns: columns, rows: rows, summaryRows: [rows.count - 2, rows.count - 1], notes: notes)
    }

    private typealias Part = (title: String?, evaluation: Evaluation, times: EvaluationTimes)

    private var parts: [Part] {
        guard let before else { return [(nil, evaluation, times)] }
        return [("before", before.evaluation, before.times), ("after", evaluation, times)]
    }

    private static func columns(of evaluation: Evaluation, group: String?) -> [Table.Column] {
        var titles = ["Recall (%)", "Precision (%)"]
        if evaluation.rows.first?.accuracy != nil { titles += ["Accuracy (%)", "Mean distance"] }
        titles.append("Query time (ms)")
        return titles.map { Table.Column($0, group: group) }
    }

    private static func cells(of evaluation: Evaluation, _ times: EvaluationTimes, row: Int) -> [Table.Cell] {
        guard evaluation.rows.indices.contains(row) else {
            return Array(repeating: .missing, count: columns(of: evaluation, group: nil).count)
        }
        let values = evaluation.rows[row]
        return cells(
            values.recall, values.precision, values.accuracy, values.distance,
            times.queries.indices.contains(row) ? times.queries[row] : nil)
    }

    private static func averages(of evaluation: Evaluation, _ times: EvaluationTimes) -> [Table.Cell] {
        func mean(_ values: [Double]) -> Double? {
            values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        let rows = evaluation.rows
        return cells(
            mean(rows.map(\.recall)) ?? 0, mean(rows.map(\.precision)) ?? 0, mean(rows.compactMap(\.accuracy)),
            mean(rows.compactMap(\.distance)), mean(times.queries))
    }

    private static func cells(
        _ recall: Double, _ precision: Double, _ accuracy: Double?, _ distance: Double?, _ seconds: Double?
    ) -> [Table.Cell] {
        var cells: [Table.Cell] = [.number(100 * recall, digits: 1), .number(100 * precision, digits: 1)]
        if let accuracy { cells.append(.number(100 * accuracy, digits: 2)) }
        if let distance { cells.append(.number(distance, digits: 4)) }
        cells.append(seconds.map { .number(1000 * $0, digits: 2) } ?? .missing)
        return cells
    }

    private var notes: [String] {
        var notes = [
            """
            \(evaluation.describer): \(Numeral.count(evaluation.queries)) queries, \
            \(Numeral.count(evaluation.gallery)) gallery faces, \(Numeral.count(evaluation.dimensions)) dimensions. Query time is the time of all queries together, on all cores.
            """,
            String(
                format: "Embedding queries and gallery took %.2f s, building the tree %.1f ms.", times.embedding,
                1000 * times.build),
            String(format: "Chance: a random ranking has a precision of %.1f %%.", 100 * evaluation.identityChance),
        ]
        if let chance = evaluation.attributeChance, let constant = evaluation.constantAnswer {
            notes.append(
                String(
                    format:
                        "A random pair agrees on %.2f %% of the %d attributes; always answering with the most common attributes scores %.2f %%.",
                    100 * chance, evaluation.attributes, 100 * constant))
        } else {
            notes.append("This dataset has no attributes, so attribute accuracy and mean distance cannot be computed.")
        }
        return notes
    }
}
