import Foundation
import Pages
import Retrieval

/// The tables and the plot of `compare`.
struct ComparisonTables {
    enum Moment { case before, after }

    private let columns: [ComparedColumn]
    private let moment: Moment?
    private let time: TimeUnit

    init(_ columns: [ComparedColumn], _ moment: Moment?, _ time: TimeUnit) {
        self.columns = columns
        self.moment = moment
        self.time = time
    }

    /// One unit for all tables of a comparison: the slides' seconds, unless all of its galleries are so small that they are
    /// searched in less than seconds can show.
    enum TimeUnit {
        case seconds, milliseconds

        init(_ times: [EvaluationTimes]) {
            self = times.flatMap(\.queries).allSatisfy { $0 < 0.1 } ? .milliseconds : .seconds
        }

        func written(_ seconds: Double) -> Phrase {
            self == .seconds
                ? "\(Numeral.fixed(seconds, digits: 3)) s" : "\(Numeral.fixed(1000 * seconds, digits: 2)) ms"
        }
    }

    private var sides: [TimedEvaluation] { columns.map(\.shown) }

    /// A row for each k, a group of columns for each evaluation, then the averages.
    var table: Table {
        let heads = columns.flatMap { column in
            let slides: [Phrase] = slidesAccuracies(column.shown) == nil ? [] : ["slides (%)", "reproduced"]
            return (metrics.map(\.column) + slides).map { Table.Column($0, group: column.label) }
        }
        let ks = sides[0].quality.rows.map(\.k)
        var rows = ks.indices.map { row in
            [Table.Cell.text("k\u{A0}=\u{A0}\(ks[row])")]
                + sides.flatMap { side in
                    let result = side.ranked[row]
                    return metrics.map { $0.cell(of: result) }
                        + slides(side, result.row[.accuracy]) { $0[result.row.k] }
                }
        }
        rows.append(
            [.text("average")]
                + sides.flatMap { side in
                    metrics.map { $0.average(side.ranked) }
                        + slides(side, mean(side.quality.rows.compactMap { $0[.accuracy] })) {
                            mean(Array($0.values))
                        }
                })
        return Table(
            columns: [Table.Column("k")] + heads, rows: rows, summaryRows: [rows.count - 1], notes: notes)
    }

    private var hasAttributes: Bool { sides.allSatisfy { $0.quality.rows.first?[.accuracy] != nil } }

    /// Attributes where there are any, else identities.
    private var metrics: [Metric<RankedResult>] {
        return Metric.ranked.compactMap { metric in
            switch metric.aspect {
            case .identity: return hasAttributes ? nil : metric
            case .attributes: return hasAttributes ? metric : nil
            case .time:
                var metric = metric
                if time == .seconds { (metric.unit, metric.digits) = (.seconds, 3) }
                return metric
            }
        }
    }

    private func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    private func slides(
        _ side: TimedEvaluation, _ accuracy: Double?, _ figure: ([Int: Double]) -> Double?
    ) -> [Table.Cell] {
        guard let published = slidesAccuracies(side) else { return [] }
        guard let accuracy, let theirs = figure(published) else { return [.missing, .text("–")] }
        let difference = 100 * accuracy - theirs
        let verdict = abs(difference) <= SlidesFigures.tolerance ? "✓" : "✗"
        return [.number(theirs, digits: 2), .text("\(verdict) \(Numeral.signed(difference, digits: 2))".verbatim)]
    }

    private func slidesAccuracies(_ side: TimedEvaluation) -> [Int: Double]? {
        guard let moment, hasAttributes, SlidesFigures.isTheirDataset(side.evaluation) else { return nil }
        return SlidesFigures.accuracies(of: side.evaluation.describer, moment)
    }

    private var notes: [Phrase] {
        var notes = columns.map { column -> Phrase in
            let (label, side) = (column.label, column.shown)
            return """
                \(label): mean query time over all k (each the median of \(RetrievalMeasurement.timedSearches) searches) \
                \(time.written(mean(side.times.queries) ?? 0)) for all \(side.quality.queries) queries on \
                \(side.times.threads) threads; embedding \(Numeral.fixed(side.times.embedding, digits: 1)) s, calibration included.
                """
        }
        let first = sides[0].quality
        notes.append(EvaluationTable.chance(first))
        if let chance = first.attributeChance, let constant = first.constantAnswer {
            let lifts = columns.compactMap { column -> Phrase? in
                guard let accuracy = column.shown.quality.rows.first?[.accuracy] else { return nil }
                let (random, usual) = (100 * (accuracy - chance), 100 * (accuracy - constant))
                return "\(column.label) \(Numeral.signed(random, digits: 2)) and \(Numeral.signed(usual, digits: 2))"
            }
            notes.append(
                """
                A random pair agrees on \(Numeral.fixed(100 * chance, digits: 2)) % of the attributes, the constant answer on \
                \(Numeral.fixed(100 * constant, digits: 2)) %; points above them at k = \(first.rows.first?.k ?? 0): \
                \(lifts.joined(separator: ", ")).
                """)
        } else {
            notes.append("This dataset has no attributes; recall and precision by identity stand in their columns.")
        }
        return notes
    }
}

/// What the slides' Tables 1 and 2 say.
enum SlidesFigures {
    /// In points of accuracy: closer than this counts as reproduced.
    static let tolerance = 0.5

    static func isTheirDataset(_ evaluation: Evaluation) -> Bool {
        evaluation.photographs == 202_599 && evaluation.quality.attributes == 40 && !evaluation.isDrawn
    }

    static func accuracies(of describer: String, _ moment: ComparisonTables.Moment) -> [Int: Double]? {
        switch (describer, moment) {
        case ("ResNet-50", .before): [10: 80.19, 20: 79.88, 50: 79.52, 100: 79.22, 1000: 78.07]
        case ("MobileNet-V2", .before): [10: 79.62, 20: 79.28, 50: 78.96, 100: 78.68, 1000: 77.46]
        case ("ResNet-50", .after): [10: 82.33, 20: 82.11, 50: 81.82, 100: 81.57, 1000: 80.47]
        case ("MobileNet-V2", .after): [10: 81.70, 20: 81.50, 50: 81.25, 100: 81.05, 1000: 80.11]
        default: nil
        }
    }
}

extension ComparisonTables {
    /// As many as there are colours.
    static let mostCurves = 4

    /// Verification curves, false positives on a logarithmic axis.
    static func curves(_ evaluations: [(Evaluation, Phrase)]) -> Plot? {
        let series = evaluations.compactMap { evaluation, name -> Plot.Series? in
            guard let curve = evaluation.quality.verification else { return nil }
            return Plot.Series(
                name: name, points: curve.points.map { Plot.Point(x: 100 * $0[0], y: 100 * $0[1]) })
        }
        guard !series.isEmpty else { return nil }
        let rates = evaluations.compactMap { evaluation, name -> Phrase? in
            evaluation.quality.verification.map {
                "\(name) \(Numeral.fixed(100 * $0.equalErrorRate.estimate.mean, digits: 1)) %"
            }
        }
        let title: Phrase = "Verification: accepted pairs of one person (%)"
        let hasRuns = evaluations.contains { $0.0.runs.count > 1 }
        return Plot(
            xLabel: "accepted pairs of two people (%)", xAxis: .logarithmic,
            panels: [
                Plot.Panel(title: hasRuns ? "\(title), of several runs the mean" : title, yLabel: "%", series: series)
            ],
            alternative: "Verification curves. Equal error rates: \(rates.joined(separator: ", "))")
    }
}
