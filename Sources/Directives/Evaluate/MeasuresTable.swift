import Foundation
import Pages
import Retrieval

extension TimedEvaluation {
    /// Beside the slides' figures, what else a reader asks for.
    var measures: Table {
        var rows = Metric.whole.compactMap { metric -> [Table.Cell]? in
            guard let title = metric.title, metric.value(self) != nil else { return nil }
            let estimate = metric.estimate?(self)
            return [
                .text(isThin(metric) ? "\(title) †" : title), metric.cell(of: self), metric.cell(estimate?.low),
                metric.cell(estimate?.high), metric.cell(metric.chance?(self)),
            ]
        }
        if let worst = quality.balanced.first, let best = quality.balanced.last {
            for (name, attribute) in [("worst" as Phrase, worst), ("best", best)] {
                rows.append([
                    .text("balanced accuracy, \(name) attribute: \(attribute.attribute)"),
                    .number(100 * attribute.accuracy, digits: 1), .missing, .missing, .number(50, digits: 1),
                ])
            }
        }
        return Table(
            columns: [.init("measure"), .init("%"), .init("95 % from"), .init("to"), .init("chance")], rows: rows,
            notes: evaluation.measureNotes + thinNotes)
    }

    /// Whether next to nothing stands behind a rate; tables mark it with †.
    func isThin(_ metric: Metric<TimedEvaluation>) -> Bool {
        metric.support?(self).map { $0 < Verification.Rate.fewest } ?? false
    }

    /// What the mark means; nothing where there is none.
    var thinNotes: [Phrase] {
        let thin = Metric.whole.filter(isThin).compactMap { metric in
            metric.support?(self).map { Numeral.fixed($0, digits: 1) }
        }
        guard !thin.isEmpty else { return [] }
        return [
            """
            † stands on fewer than ten wrongly accepted pairs (\(thin.joined(separator: ", "))): \
            read it as a hint.
            """
        ]
    }
}
