import Foundation
import Pages
import Retrieval

/// The tables and the plot of `compare`.
struct ComparisonTables {
    enum Moment { case before, after }

    private let evaluations: [Evaluation]
    private let times: [EvaluationTimes]
    private let moment: Moment?

    init(_ evaluations: [Evaluation], _ times: [EvaluationTimes], _ moment: Moment?) {
        self.evaluations = evaluations
        self.times = times
        self.moment = moment
    }

    /// A row for each k, a group of columns for each evaluation, then the averages.
    var table: Table {
        var columns = [Table.Column("k")]
        for (index, evaluation) in evaluations.enumerated() {
            columns += titles(index).map { Table.Column($0, group: evaluation.describer) }
        }
        var rows = evaluations[0].rows.indices.map { row in
            [Table.Cell.text("k\u{A0}=\u{A0}\(evaluations[0].rows[row].k)")]
                + evaluations.indices.flatMap { cells($0, row) }
        }
        rows.append([.text("average")] + evaluations.indices.flatMap(averages))
        return Table(columns: columns, rows: rows, summaryRows: [rows.count - 1], notes: notes)
    }

    private var hasAttributes: Bool { evaluations.allSatisfy { $0.rows.first?.accuracy != nil } }

    /// A small gallery is searched in less than the slides' unit can show.
    private var isFast: Bool { times.flatMap(\.queries).allSatisfy { $0 < 0.1 } }

    private func titles(_ index: Int) -> [String] {
        let first = hasAttributes ? ["Accuracy (%)", "Mean distance"] : ["Recall (%)", "Precision (%)"]
        let slides = slidesAccuracies(index) == nil ? [] : ["slides (%)", "reproduced"]
        return first + [isFast ? "Query time (ms)" : "Query time (s)"] + slides
    }

    private func cells(_ index: Int, _ row: Int) -> [Table.Cell] {
        let values = evaluations[index].rows[row]
        let seconds = row < times[index].queries.count ? times[index].queries[row] : nil
        return figures(values.accuracy, values.distance, values.recall, values.precision, seconds)
            + slides(index, values.accuracy) { $0[values.k] }
    }

    private func averages(_ index: Int) -> [Table.Cell] {
        func mean(_ values: [Double]) -> Double? {
            values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        let rows = evaluations[index].rows
        let accuracy = mean(rows.compactMap(\.accuracy))
        return figures(
            accuracy, mean(rows.compactMap(\.distance)), mean(rows.map(\.recall)) ?? 0,
            mean(rows.map(\.precision)) ?? 0,
            mean(times[index].queries)) + slides(index, accuracy) { mean(Array($0.values)) }
    }

    private func figures(
        _ accuracy: Double?, _ distance: Double?, _ recall: Double, _ precision: Double, _ seconds: Double?
    ) -> [Table.Cell] {
        let time = seconds.map { Table.Cell.number(isFast ? 1000 * $0 : $0, digits: isFast ? 2 : 3) } ?? .missing
        if hasAttributes, let accuracy, let distance {
            return [.number(100 * accuracy, digits: 2), .number(distance, digits: 4), time]
        }
        return [.number(100 * recall, digits: 1), .number(100 * precision, digits: 1), time]
    }

    private func slides(_ index: Int, _ accuracy: Double?, _ figure: ([Int: Double]) -> Double?) -> [Table.Cell] {
        guard let published = slidesAccuracies(index) else { return [] }
        guard let accuracy, let theirs = figure(published) else { return [.missing, .text("–")] }
        let difference = 100 * accuracy - theirs
        let verdict = abs(difference) <= SlidesFigures.tolerance ? "✓" : "✗"
        return [.number(theirs, digits: 2), .text(verdict + String(format: " %+.2f", difference))]
    }

    private func slidesAccuracies(_ index: Int) -> [Int: Double]? {
        guard let moment, hasAttributes, SlidesFigures.isTheirDataset(evaluations[index]) else { return nil }
        return SlidesFigures.accuracies(of: evaluations[index].describer, moment)
    }

    private var notes: [String] {
        var notes = zip(evaluations, times).map { evaluation, times in
            String(
                format:
                    "%@: mean query time %.4f s for all %d queries on %d threads; embedding queries and gallery %.1f s.",
                evaluation.describer, times.queries.reduce(0, +) / Double(max(1, times.queries.count)),
                evaluation.queries,
                times.threads, times.embedding)
        }
        let first = evaluations[0]
        notes.append(String(format: "A random ranking has a precision of %.1f %%.", 100 * first.identityChance))
        if let chance = first.attributeChance, let constant = first.constantAnswer {
            let lifts = evaluations.compactMap { evaluation -> String? in
                guard let accuracy = evaluation.rows.first?.accuracy else { return nil }
                return String(
                    format: "%@ %+.2f and %+.2f", evaluation.describer, 100 * (accuracy - chance),
                    100 * (accuracy - constant))
            }
            notes.append(
                String(
                    format:
                        "A random pair agrees on %.2f %% of the attributes, the constant answer on %.2f %%; points above them at k = %d: %@.",
                    100 * chance, 100 * constant, first.rows.first?.k ?? 0, lifts.joined(separator: ", ")))
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
        evaluation.photographs == 202_599 && evaluation.attributes == 40
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
    /// One measure before and after, over the same queries.
    struct Difference: Codable {
        /// `map`, `recall1`, `top10.accuracy`.
        var key: String
        var name: String
        var before: Double
        var after: Double
        /// 95 % bootstrap interval of the paired difference.
        var low: Double
        var high: Double
        var p: Double
    }

    static func differences(_ before: Compare.Side, _ after: Compare.Side) -> [Difference] {
        var pairs = [
            ("map", "mAP", before.scores.averagePrecision, after.scores.averagePrecision),
            ("recall1", "Recall@1", before.scores.recall1, after.scores.recall1),
        ]
        for (index, row) in after.evaluation.rows.enumerated() {
            guard index < before.scores.accuracy.count, index < after.scores.accuracy.count else { continue }
            pairs.append(
                (
                    "top\(row.k).accuracy", "Accuracy, k = \(row.k)", before.scores.accuracy[index],
                    after.scores.accuracy[index]
                ))
        }
        return pairs.map { key, name, before, after in
            let change = Evaluation.Estimate(zip(before, after).map { $1 - $0 })
            return Difference(
                key: key, name: name, before: Evaluation.Estimate(before).mean, after: Evaluation.Estimate(after).mean,
                low: change.low, high: change.high, p: Bootstrap.pairedTest(before: before, after: after) ?? 1)
        }
    }

    static func table(of differences: [[Difference]], names: [String]) -> Table {
        var columns = [Table.Column("measure (%)")]
        for name in names {
            columns += ["before", "after", "change", "from", "to", "p"].map { Table.Column($0, group: name) }
        }
        let rows = (differences.first ?? []).indices.map { row in
            [Table.Cell.text(differences[0][row].name)]
                + differences.flatMap { side -> [Table.Cell] in
                    let change = side[row]
                    return [
                        .number(100 * change.before, digits: 1), .number(100 * change.after, digits: 1),
                        .number(100 * (change.after - change.before), digits: 1), .number(100 * change.low, digits: 1),
                        .number(100 * change.high, digits: 1), .number(change.p, digits: 3),
                    ]
                }
        }
        return Table(
            columns: columns, rows: rows,
            notes: [
                """
                from, to: 95 % bootstrap interval of the change over queries. p: paired sign-flip test; below 0.05 the change \
                is more than these queries would show by chance.
                """
            ])
    }

    /// Verification curves, false positives on a logarithmic axis.
    static func curves(_ evaluations: [(Evaluation, String)]) -> Plot? {
        let series = evaluations.compactMap { evaluation, name -> Plot.Series? in
            guard let curve = evaluation.verification else { return nil }
            return Plot.Series(
                name: name, points: curve.points.map { Plot.Point(x: 100 * $0[0], y: 100 * $0[1]) })
        }
        guard !series.isEmpty else { return nil }
        let rates = evaluations.compactMap { evaluation, name in
            evaluation.verification.map { String(format: "%@ %.1f %%", name, 100 * $0.equalErrorRate) }
        }
        return Plot(
            xLabel: "accepted pairs of two people (%)", xAxis: .logarithmic,
            panels: [
                Plot.Panel(title: "Verification: accepted pairs of one person (%)", yLabel: "%", series: series)
            ],
            alternative: "Verification curves. Equal error rates: " + rates.joined(separator: ", "))
    }
}
