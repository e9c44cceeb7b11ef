import Chapters
import Diagnostics
import Execution
import Foundation
import Pages

/// Trainings side by side, in the form of the slides' figure 16: loss and time of every epoch.
enum CompareTrainings: ReportDirective {
    static let kind = "compare-trainings"
    static let version = 1
    static let summary = "Puts trainings side by side: the loss of every epoch and the time that it took."

    static let trainings = Option.list(
        of: .reference("of", to: Train.self, "The trainings, a line each."), count: 1...4)
    static let names = Option.list(
        of: .text(
            "names", "What they are called, in the same order; by default after their networks.",
            role: .presentation), count: 1...4
    ).optional

    static let isHeavy = false

    static let options = Declarations(trainings, names)

    private static let curves = Artifact<[Curve]>.json("curves.json")
    private static let times = Artifact<[[Double]]>.json("times.json", role: .measurement)

    private struct Curve: Codable {
        var id: String
        /// Of each run.
        var histories: [Train.History]
    }

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let ids = options[trainings]
        if let names = options[names], names.count != ids.count {
            context.report(
                .error(
                    "uneven-lists",
                    "compare-trainings '\(context.id)' names \(ids.count) trainings and calls \(names.count) something",
                    at: options.range(of: Self.names) ?? context.range))
        }
        let runs = ids.map { id in context.options(of: id, as: Train.self).map { Train.runs($0).count } ?? 1 }
        return StepWork(facts: [("ids", ids.map(\.id).joined(separator: " "))]) { step in
            let trained = step[trainings]
            var outcome = Outcome()
            try outcome.keep(
                zip(zip(ids, trained), runs).map { named, runs in
                    let (id, result) = named
                    return Curve(id: id.id, histories: try (0..<runs).map { try result[Train.history($0)] })
                }, as: curves)
            try outcome.keep(trained.map { try Train.epochSeconds(of: $0) }, as: times)
            return outcome
        }
    }

    static func promise(for options: Options) -> Promise {
        Promise(
            numbering: .figure,
            values: options[trainings].flatMap { training in
                ["loss.first", "loss.last", "epoch.seconds"].map { "\(training.id).\($0)" }
            })
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let curves = try result[Self.curves]
        let seconds = try result[Self.times]
        let means = curves.map { Train.History(mean: $0.histories) }
        let given = options[names]?.count == curves.count ? options[names] : nil
        let labels = ComparedColumn.distinct(
            (given ?? means.map(\.architecture.displayName)).map(\.verbatim), or: curves.map(\.id.verbatim))
        // Long epochs in minutes, as the slides have them.
        let isLong = (seconds.joined().max() ?? 0) >= 120
        let times = seconds.map { isLong ? $0.map { $0 / 60 } : $0 }
        let loss = zip(labels, zip(means, curves)).map { label, training in
            Plot.Series(
                name: label, points: training.0.points(of: \.loss),
                bands: training.0.band(training.1.histories, \.loss))
        }
        let clock = zip(labels, times).map { label, times in
            Plot.Series(
                name: label, points: times.enumerated().map { Plot.Point(x: Double($0.offset + 1), y: $0.element) })
        }
        var values: [String: Quotable] = [:]
        for ((curve, mean), seconds) in zip(zip(curves, means), seconds) {
            values["\(curve.id).loss.first"] = mean.epochs.first.map { .number($0.loss) }
            values["\(curve.id).loss.last"] = mean.epochs.last.map { .number($0.loss) }
            values["\(curve.id).epoch.seconds"] = .number(seconds.reduce(0, +) / Double(max(1, seconds.count)))
        }
        return ExhibitContent(
            numbering: .figure,
            parts: [
                .plot(
                    Plot(
                        xLabel: "epoch",
                        panels: [
                            .init(title: "Triplet loss", yLabel: "mean over an epoch's triplets", series: loss),
                            .init(title: "Time per epoch", yLabel: isLong ? "minutes" : "seconds", series: clock),
                        ],
                        alternative: zip(labels, means).map { "\($0): \($1.sentence)" as Phrase }.joined(
                            separator: ". ")))
            ], values: values)
    }
}
