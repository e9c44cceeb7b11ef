import Chapters
import Execution
import Pages
import Retrieval

/// Evaluations side by side, in the shape of the slides' Tables 1 and 2.
enum Compare: ReportDirective {
    static let kind = "compare"
    static let version = 2
    static let summary = """
        Puts evaluations of the same faces side by side: accuracy, mean distance and query time for each k (recall and \
        precision where there are no attributes), verification curves, and before against after with a paired test.
        """

    static let evaluations = Option.list(
        of: .reference("of", to: Evaluate.self, "The evaluations, one column group each."), count: 1...8)
    static let before = Option.list(
        of: .reference(
            "before", to: Evaluate.self, "For each of them, in the same order, the evaluation before fine-tuning."),
        count: 1...8
    ).optional

    static let isHeavy = false

    static let options = Declarations(evaluations, before)

    private static let sides = Artifact<Sides>.json("sides.json")
    private static let times = Artifact<Times>.json("times.json", role: .measurement)

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let after = options[evaluations]
        if let before = options[before], before.count != after.count {
            context.report(
                .error(
                    "uneven-lists",
                    "compare '\(context.id)' names \(after.count) evaluations and \(before.count) before them",
                    at: options.range(of: Self.before) ?? context.range))
        }
        return StepWork { step in
            let after = try step[evaluations].map { try Side($0) }
            let before = try step[before].map { try $0.map { try Side($0) } }
            for side in after + (before ?? []) where !side.isOf(same: after[0]) {
                throw OptionProblem(
                    evaluations, "other-faces",
                    "'\(side.id)' and '\(after[0].id)' were measured on other queries, galleries or values of k")
            }
            let comparisons = before.map { zip($0, after).map { ComparisonTables.differences($0, $1) } }
            var outcome = Outcome()
            try outcome.keep(
                Sides(
                    before: before?.map(\.evaluation), after: after.map(\.evaluation), ids: after.map(\.id),
                    differences: comparisons),
                as: sides)
            try outcome.keep(Times(before: before?.map(\.times), after: after.map(\.times)), as: times)
            return outcome
        }
    }

    static func promise(for options: Options) -> Promise {
        let changes =
            options[before] == nil ? [] : ["map", "recall1", "top*.accuracy"].flatMap { ["\($0).delta", "\($0).p"] }
        return Promise(
            numbering: .table,
            values: options[evaluations].flatMap { use in (["map"] + changes).map { "\(use.id).\($0)" } })
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let sides = try result[sides]
        let times = try result[times]
        var parts: [Exhibit.Part] = []
        if let before = sides.before, let beforeTimes = times.before {
            parts.append(.note("Before fine-tuning"))
            parts.append(.table(ComparisonTables(before, beforeTimes, .before).table))
            parts.append(.note("After fine-tuning"))
        }
        parts.append(
            .table(
                ComparisonTables(sides.after, times.after, sides.before == nil ? nil : .after).table))
        if let differences = sides.differences {
            parts.append(.note("What fine-tuning changed"))
            parts.append(.table(ComparisonTables.table(of: differences, names: sides.after.map(\.describer))))
        }
        let named =
            (sides.before ?? []).map { ($0, $0.describer + " before") }
            + sides.after.map { ($0, sides.before == nil ? $0.describer : $0.describer + " after") }
        if let plot = ComparisonTables.curves(named) { parts.append(.plot(plot)) }

        var values: [String: Quotable] = [:]
        for (index, id) in sides.ids.enumerated() {
            values["\(id).map"] = .number(sides.after[index].meanAveragePrecision)
            guard let changes = sides.differences?[index] else { continue }
            for change in changes {
                values["\(id).\(change.key).delta"] = .number(change.after - change.before)
                values["\(id).\(change.key).p"] = .number(change.p)
            }
        }
        return ExhibitContent(numbering: .table, parts: parts, values: values)
    }

    /// One evaluation as it is compared.
    struct Side {
        let id: String
        let evaluation: Evaluation
        let scores: QueryScores
        let times: EvaluationTimes
        private let faces: [Int]

        init(_ result: StepResult) throws {
            id = result.id
            evaluation = try result[Evaluate.evaluation]
            scores = try result[Evaluate.scores]
            times = try result[Evaluate.times]
            faces = try result[Evaluate.ranking].queries
        }

        func isOf(same other: Side) -> Bool {
            faces == other.faces && evaluation.gallery == other.evaluation.gallery
                && evaluation.dataset == other.evaluation.dataset
                && evaluation.rows.map(\.k) == other.evaluation.rows.map(\.k)
        }
    }

    private struct Sides: Codable {
        var before: [Evaluation]?
        var after: [Evaluation]
        var ids: [String]
        var differences: [[ComparisonTables.Difference]]?
    }

    private struct Times: Codable {
        var before: [EvaluationTimes]?
        var after: [EvaluationTimes]
    }
}
