import Pages
import Retrieval

/// One number that evaluations report: what prose calls it, how tables show it, and where it is found.
///
/// What is measured, tables, averages, comparisons, values for prose and promises go through the lists below: a new metric
/// is its computation and its line.
struct Metric<Subject: MetricSubject>: Sendable {
    enum Unit { case none, percent, milliseconds, seconds }
    /// What a metric looks at: a comparison shows attributes where there are any, else identities.
    enum Aspect { case identity, attributes, time }

    /// `recall1`, or `accuracy` in `top10.accuracy`.
    let key: String
    /// As tables call it; nil where only prose quotes it.
    var title: Phrase?
    var digits = 1
    var unit = Unit.percent
    var aspect = Aspect.identity
    /// The engine's computation; nil for what is known without one.
    var measure: Subject.Measure?
    let value: @Sendable (Subject) -> Double?
    /// Where the value has an interval over people, which prose quotes as `map.low` and `map.high`.
    var estimate: (@Sendable (Subject) -> Estimate?)?
    /// What a random ranking would have; prose quotes it as `map.chance`.
    var chance: (@Sendable (Subject) -> Double?)?
    /// Where the value is a rate of few events: how many stand behind it. Below ten, tables mark it.
    var support: (@Sendable (Subject) -> Double?)?
    /// One number per query, where evaluations are compared person by person; `row` is the place of k.
    var scores: (@Sendable (_ scores: QueryScores, _ row: Int) -> [Double]?)?
}

/// What metrics are found in, and the kind of computation that the engine does for them.
protocol MetricSubject {
    associatedtype Measure: Sendable
    /// The same of each run, where it is a mean of several.
    var runs: [Self] { get }
}

// MARK: The lists

extension Metric<RankedResult> {
    /// For each k, in the order of columns; quoted as `top10.recall`.
    static var ranked: [Metric] {
        [
            Metric(.recall, title: "Recall"),
            Metric(.precision, title: "Precision"),
            Metric(.accuracy, title: "Accuracy", digits: 2, aspect: .attributes, scores: { $0.accuracy }),
            Metric(.distance, title: "Mean distance", digits: 4, unit: .none, aspect: .attributes),
            Metric(key: "seconds", title: "Query time", digits: 2, unit: .milliseconds, aspect: .time) { $0.seconds },
        ]
    }

    private init(
        _ measure: RankMeasure, title: Phrase, digits: Int = 1, unit: Unit = .percent, aspect: Aspect = .identity,
        scores: (@Sendable (QueryScores) -> [[Double]])? = nil
    ) {
        self.init(
            key: measure.key, title: title, digits: digits, unit: unit, aspect: aspect, measure: measure,
            value: { $0.row[measure] })
        guard let scores else { return }
        self.scores = { of, row in
            let rows = scores(of)
            return rows.indices.contains(row) ? rows[row] : nil
        }
    }
}

extension Metric<TimedEvaluation> {
    static var recall1: Metric { Metric(.recall1, title: "Recall@1", isCompared: true) }
    static var map: Metric { Metric(.map, title: "mAP", isCompared: true) }

    /// Of a whole evaluation, in the order of rows. Those with a title stand in a table of percentages.
    static var whole: [Metric] {
        [
            recall1,
            Metric(.recall5, title: "Recall@5"),
            Metric(.recall10, title: "Recall@10"),
            map,
            Metric(.mapAtR, title: "mAP@R", isCompared: true),
            Metric(key: "chance") { $0.quality.identityChance },
            Metric(rate: "eer", chance: 0.5, title: "verification: equal error rate") { $0.equalErrorRate },
            Metric(rate: "tpr1", chance: 0.01, title: "verification: true positives at 1 % false") { $0.atOnePercent },
            Metric(rate: "tpr01", chance: 0.001, title: "verification: true positives at 0.1 % false") {
                $0.atOnePerMille
            },
            Metric(key: "auc") { $0.quality.verification?.area },
            Metric(open: "open.identified", title: "open set: known person identified") { $0.outcome.identified },
            Metric(open: "open.accepted", title: "open set: unknown person accepted") { $0.outcome.falselyAccepted },
            Metric(open: "open.expected", title: "open set: unknown person accepted, as calibrated") {
                $0.calibration.expected
            },
            Metric(key: "open.target") { $0.quality.openSet?.calibration.target },
            Metric(key: "open.threshold", unit: .none) { $0.quality.openSet?.threshold },
            Metric(key: "attributes.chance") { $0.quality.attributeChance },
            Metric(key: "attributes.constant") { $0.quality.constantAnswer },
            Metric(key: "distances", unit: .none) { $0.quality.exactness.distancesComputed },
            Metric(key: "distances.partial", unit: .none) { $0.quality.exactness.partialDistances },
            Metric(key: "embedding.seconds", unit: .seconds) { $0.times.embedding },
            Metric(key: "measuring.seconds", unit: .seconds) { $0.times.measuring },
        ]
    }

    private init(_ measure: QueryMeasure, title: Phrase, isCompared: Bool = false) {
        self.init(
            key: measure.key, title: title, measure: measure, value: { $0.quality.identity[measure.key]?.mean })
        estimate = { $0.quality.identity[measure.key] }
        chance = { $0.quality.chance[measure.key] }
        if isCompared { scores = { scores, _ in scores[measure] } }
    }

    private init(open key: String, title: Phrase, _ estimate: @escaping @Sendable (OpenSetResult) -> Estimate) {
        self.init(
            key: key, title: title, value: { $0.quality.openSet.map { estimate($0).mean } },
            estimate: { $0.quality.openSet.map(estimate) })
    }

    private init(
        rate key: String, chance: Double, title: Phrase,
        _ rate: @escaping @Sendable (Verification.Curve) -> Verification.Rate
    ) {
        self.init(
            key: key, title: title, value: { $0.quality.verification.map { rate($0).estimate.mean } },
            estimate: { $0.quality.verification.map { rate($0).estimate } }, chance: { _ in chance },
            support: { $0.quality.verification.map { rate($0).pairs } })
    }
}

extension Metric {
    /// As tables call it.
    var name: Phrase { title ?? key.verbatim }

    /// Under which prose quotes it, and what is told beside it.
    fileprivate var names: [String] {
        var names = [key]
        if estimate != nil { names += ["\(key).low", "\(key).high"] }
        if chance != nil { names.append("\(key).chance") }
        if support != nil { names.append("\(key).pairs") }
        if estimate != nil { names += ["\(key).deviation", "\(key).first"] }
        return names
    }
}

// MARK: In tables

extension Metric {
    /// Title and unit: the head of a column.
    var column: Phrase {
        let title = name
        return switch unit {
        case .none: title
        case .percent: "\(title) (%)"
        case .milliseconds: "\(title) (ms)"
        case .seconds: "\(title) (s)"
        }
    }

    func cell(_ value: Double?) -> Table.Cell {
        guard let value else { return .missing }
        return .number(scale * value, digits: digits)
    }

    /// The value, `±` how far it deviates from run to run where there are several.
    func cell(of subject: Subject, mark: Phrase = "") -> Table.Cell {
        guard let value = value(subject) else { return .missing }
        let spread: Phrase =
            deviation(of: subject).map { "\u{A0}±\u{A0}\(Numeral.fixed(scale * $0, digits: digits))" } ?? ""
        return .number(scale * value, digits: digits, suffix: spread + mark)
    }

    /// The standard deviation between runs; nil where there is one.
    func deviation(of subject: Subject) -> Double? {
        let values = subject.runs.compactMap(value)
        return values.count == subject.runs.count ? Directives.deviation(values) : nil
    }

    private var scale: Double {
        switch unit {
        case .none, .seconds: 1
        case .percent: 100
        case .milliseconds: 1000
        }
    }

    /// The mean over those that have a value.
    func average(_ subjects: [Subject]) -> Table.Cell {
        let values = subjects.compactMap(value)
        return cell(values.isEmpty ? nil : values.reduce(0, +) / Double(values.count))
    }
}

/// An evaluation at one k.
struct RankedResult: MetricSubject {
    typealias Measure = RankMeasure

    var row: RetrievalQuality.Row
    /// What all queries together took.
    var seconds: Double?
    var runs: [RankedResult] = []
}

/// An evaluation and how long it took.
struct TimedEvaluation: MetricSubject {
    typealias Measure = QueryMeasure

    var evaluation: Evaluation
    var times: EvaluationTimes

    var quality: RetrievalQuality { evaluation.quality }

    /// For each k.
    var ranked: [RankedResult] {
        quality.rows.enumerated().map { index, row in
            RankedResult(
                row: row, seconds: times.queries.indices.contains(index) ? times.queries[index] : nil,
                runs: evaluation.ofRuns.compactMap { $0.rows.indices.contains(index) ? $0.rows[index] : nil }
                    .map { RankedResult(row: $0) })
        }
    }

    /// The evaluations of the runs, with the times of all.
    var runs: [TimedEvaluation] {
        evaluation.ofRuns.map { quality in
            var one = evaluation
            (one.quality, one.ofRuns) = (quality, [])
            return TimedEvaluation(evaluation: one, times: times)
        }
    }

    /// The metrics for each k that it has.
    var rankedMetrics: [Metric<RankedResult>] {
        let ranked = ranked
        return Metric.ranked.filter { metric in ranked.contains { metric.value($0) != nil } }
    }

    /// What prose may quote: `recall1`, `map`, `top10.accuracy`.
    var values: [String: Quotable] {
        var values: [String: Quotable] = [
            "queries": .count(quality.queries), "people": .count(quality.people), "gallery": .count(quality.gallery),
            "model": .text(Phrase(key: evaluation.describer)),
            "exact": .text(quality.exactness.equal ? "equal" : "different"),
        ]
        for metric in Metric.whole {
            values[metric.key] = metric.value(self).map { .number($0) }
            guard let estimate = metric.estimate?(self) else { continue }
            if let deviation = metric.deviation(of: self) { values["\(metric.key).deviation"] = .number(deviation) }
            if let first = runs.first.flatMap(metric.value) { values["\(metric.key).first"] = .number(first) }
            values["\(metric.key).low"] = .number(estimate.low)
            values["\(metric.key).high"] = .number(estimate.high)
            if let chance = metric.chance?(self) { values["\(metric.key).chance"] = .number(chance) }
            if let pairs = metric.support?(self) { values["\(metric.key).pairs"] = .number(pairs) }
        }
        for result in ranked {
            for metric in Metric.ranked {
                values["top\(result.row.k).\(metric.key)"] = metric.value(result).map { .number($0) }
            }
        }
        return values
    }

    /// The names of those numbers for these k.
    static func names(_ ks: [Int]) -> [String] {
        ["queries", "people", "gallery"] + Metric.whole.flatMap(\.names)
            + ks.flatMap { k in Metric.ranked.map { "top\(k).\($0.key)" } }
    }
}
