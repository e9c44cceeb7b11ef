import Foundation
import Pages
import Retrieval

/// An evaluation in the slides' shape: a row for each k, then the averages.
struct EvaluationTable {
    var shown: TimedEvaluation
    /// An earlier evaluation of the same faces, shown to the left.
    var before: TimedEvaluation?
    /// What both are called, the earlier one first, where an author says it.
    var names: [String]?

    var table: Table {
        let columns = parts.flatMap { part in
            part.shown.rankedMetrics.map { Table.Column($0.column, group: part.title) }
        }
        var rows = shown.ranked.enumerated().map { index, result in
            [Table.Cell.count(result.row.k)]
                + parts.flatMap { part in
                    let ranked = part.shown.ranked
                    return part.shown.rankedMetrics.map { metric in
                        ranked.indices.contains(index) ? metric.cell(of: ranked[index]) : .missing
                    }
                }
        }
        rows.append(
            [.text("average")]
                + parts.flatMap { part in part.shown.rankedMetrics.map { $0.average(part.shown.ranked) } })
        rows.append(
            [.text("mAP")]
                + parts.flatMap { part in
                    [Metric.map.cell(of: part.shown)]
                        + part.shown.rankedMetrics.dropFirst().map { _ in .missing }
                })
        return Table(
            columns: [Table.Column("k")] + columns, rows: rows, summaryRows: [rows.count - 2, rows.count - 1],
            notes: notes)
    }

    private var parts: [(title: Phrase?, shown: TimedEvaluation)] {
        guard let before else { return [(nil, shown)] }
        let titles: [Phrase] = names.map { $0.map { Phrase(key: $0) } } ?? ["before", "after"]
        return [(titles.first, before), (titles.last, shown)]
    }

    /// Of precision and of mAP, which differ.
    static func chance(_ quality: RetrievalQuality) -> Phrase {
        let precision = Numeral.fixed(100 * quality.identityChance, digits: 1)
        let map = Numeral.fixed(100 * (quality.chance[Metric.map.key] ?? 0), digits: 1)
        return "Chance: a random ranking has a precision of \(precision) % and an mAP of \(map) %."
    }

    private var notes: [Phrase] {
        let quality = shown.quality
        var notes: [Phrase] = [
            """
            \(Phrase(key: shown.evaluation.describer)): \(Numeral.count(quality.queries)) queries, \
            \(Numeral.count(quality.gallery)) gallery faces, \(Numeral.count(quality.dimensions)) dimensions. Query time is \
            that of all queries together, on all cores, the median of \(RetrievalMeasurement.timedSearches) searches.
            """,
            """
            Embedding queries, gallery and the faces that calibrate took \(Numeral.fixed(shown.times.embedding, digits: 2)) s, building \
            the tree \(Numeral.fixed(1000 * shown.times.build, digits: 1)) ms.
            """,
            Self.chance(quality),
        ]
        if let chance = quality.attributeChance, let constant = quality.constantAnswer {
            notes.append(
                """
                A random pair agrees on \(Numeral.fixed(100 * chance, digits: 2)) % of the \(quality.attributes) attributes; always \
                answering with the most common attributes scores \(Numeral.fixed(100 * constant, digits: 2)) %.
                """)
        } else {
            notes.append("This dataset has no attributes, so attribute accuracy and mean distance cannot be computed.")
        }
        return notes
    }
}
