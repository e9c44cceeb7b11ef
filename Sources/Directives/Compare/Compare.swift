import Chapters
import Diagnostics
import Execution
import Pages
import Retrieval

/// Evaluations side by side, in the shape of the slides' Tables 1 and 2.
enum Compare: ReportDirective {
    static let kind = "compare"
    static let version = 8
    static let summary = """
        Puts evaluations of the same faces side by side: accuracy, mean distance and query time for each k (recall and \
        precision where there are no attributes), verification curves, and before against after, and each against the strongest control, with paired tests over people, corrected for their number.
        """

    static let evaluations = Option.list(
        of: .reference("of", to: Evaluate.self, "The evaluations, one column group each."), count: 1...8)
    static let before = Option.list(
        of: .reference(
            "before", to: Evaluate.self, "For each of them, in the same order, the evaluation before fine-tuning."),
        count: 1...8
    ).optional

    static let controls = Option.list(
        of: .reference(
            "controls", to: Evaluate.self,
            "What has learnt nothing of these people: in every measure each evaluation is tested against the strongest of them."
        ),
        count: 1...8
    ).optional

    static let names = Option.list(
        of: .text(
            "names", "What the evaluations of 'of' are called, in the same order; by default after their networks.",
            role: .presentation), count: 1...8
    ).optional

    static let brief = Option.boolean(
        "brief", default: false,
        "Whether one small table is all that is shown: the main measures of each evaluation, with their intervals.",
        role: .presentation)

    static let isHeavy = false

    static let options = Declarations(evaluations, before, controls, names, brief)

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
        if let names = options[names], names.count != after.count {
            context.report(
                .error(
                    "uneven-lists",
                    "compare '\(context.id)' names \(after.count) evaluations and calls \(names.count) something",
                    at: options.range(of: Self.names) ?? context.range))
        }
        check(options, in: &context)
        let (ofIDs, beforeIDs, controlIDs) = (options[evaluations], options[before] ?? [], options[controls] ?? [])
        // What is quoted is named by them. A result may be kept under another id, of which it is the result too.
        let ids = (ofIDs + beforeIDs + controlIDs).map(\.id).joined(separator: " ")
        return StepWork(facts: [("ids", ids)]) { step in
            func sides(_ ids: [DirectiveID], _ results: [StepResult]) throws -> [Side] {
                try zip(ids, results).map { try Side($0.id, $1) }
            }
            let after = try sides(ofIDs, step[evaluations])
            let before = try step[before].map { try sides(beforeIDs, $0) }
            let controls = try step[controls].map { try sides(controlIDs, $0) }
            for side in after + (before ?? []) + (controls ?? []) where !side.isOf(same: after[0]) {
                throw OptionProblem(
                    evaluations, "other-faces",
                    "'\(side.id)' and '\(after[0].id)' were measured on other queries, galleries, splits or values of k"
                )
            }
            let comparisons = before.map { before in
                ComparisonTables.differences(zip(after, before).map { (after: $0, since: [$1]) })
            }
            var outcome = Outcome()
            try outcome.keep(
                Sides(
                    before: before?.map(\.evaluation), after: after.map(\.evaluation), ids: after.map(\.id),
                    differences: comparisons,
                    controls: controls.map { controls in
                        Controls(
                            evaluations: controls.map(\.evaluation), ids: controls.map(\.id),
                            differences: ComparisonTables.differences(after.map { (after: $0, since: controls) }))
                    },
                    estimates: Dictionary(
                        (after + (before ?? []) + (controls ?? [])).map { ($0.id, ComparisonTables.estimates($0)) }
                    ) { first, _ in first }),
                as: Self.sides)
            try outcome.keep(
                Times(
                    before: before?.map(\.times), after: after.map(\.times), controls: controls?.map(\.times)),
                as: times)
            return outcome
        }
    }

    /// What can be known of the evaluations before they are made.
    private static func check(_ options: Options, in context: inout PlanningContext) {
        func named(_ list: String) -> [(reference: Options.Reference, evaluation: Options?)] {
            options.references.filter { $0.name == list }
                .map { ($0, context.options(of: DirectiveID($0.id), as: Evaluate.self)) }
        }
        let (after, before) = (named(evaluations.name), named(Self.before.name))
        guard let first = after.first else { return }
        var problems: [Diagnostic] = []
        let compared = Set(after.map(\.reference.id))
        for (reference, _) in named(controls.name) where compared.contains(reference.id) {
            problems.append(
                .error(
                    "own-control", "'\(reference.id)' stands in 'of' as well: it cannot be its own control",
                    at: reference.range))
        }
        for (reference, evaluation) in (after + before + named(controls.name)).dropFirst() {
            guard let evaluation, let own = first.evaluation,
                let other = context.difference(between: own, and: evaluation)
            else { continue }
            problems.append(
                .error(
                    other.code,
                    "'\(reference.id)' and '\(first.reference.id)' cannot be compared: it is \(other.sentence)",
                    at: reference.range))
        }
        for (before, after) in zip(before, after) {
            guard let untrained = before.evaluation, let tuned = after.evaluation else { continue }
            // What other programs' networks are before and after is their author's matter.
            if untrained[Evaluate.vectors] != nil, tuned[Evaluate.vectors] != nil { continue }
            guard let id = tuned[Evaluate.train], !tuned[Evaluate.untrained] else {
                problems.append(
                    unpaired(
                        after.reference, "has no 'train': with 'before', 'of' names evaluations after fine-tuning"))
                continue
            }
            if untrained[Evaluate.untrained], let start = untrained[Evaluate.train] {
                if start.id != id.id {
                    problems.append(
                        unpaired(
                            before.reference,
                            "measures the start of '\(start.id)', and '\(after.reference.id)' what came of '\(id.id)'"))
                }
                continue
            }
            guard let describer = untrained[Evaluate.model] else {
                problems.append(
                    unpaired(
                        before.reference,
                        untrained[Evaluate.vectors] == nil
                            ? "is itself made after a training; 'before' names those with 'model' or 'untrained'"
                            : "is made of vectors, and '\(after.reference.id)' of a network that was trained here"))
                continue
            }
            guard let training = context.options(of: id, as: Train.self) else { continue }
            let backbone = training[Train.model]
            if describer.rawValue != backbone.rawValue {
                problems.append(
                    unpaired(
                        before.reference,
                        "measures \(describer.rawValue), and '\(after.reference.id)' a fine-tuned \(backbone.rawValue); "
                            + "'before' and 'of' name the same networks in the same order"))
            } else if untrained[Evaluate.weights] != training[Train.weights] {
                problems.append(
                    unpaired(
                        before.reference,
                        "starts from \(untrained[Evaluate.weights].rawValue) weights, and '\(id.id)' from "
                            + "\(training[Train.weights].rawValue) ones; that is not the network before this training"))
            }
        }
        for problem in problems { context.report(problem) }
    }

    private static func unpaired(_ reference: Options.Reference, _ reason: String) -> Diagnostic {
        .error("unpaired", "'\(reference.id)' \(reason)", at: reference.range)
    }

    static func promise(for options: Options) -> Promise {
        let parts = (options[before] == nil ? [] : [""]) + (options[controls] == nil ? [] : [ofControl])
        let compared = ComparisonTables.comparedKeys
        let changes = parts.flatMap { part in
            compared.flatMap { key in Change.names.map { "\(key).\(part)\($0)" } }
        }
        let verdicts = parts.flatMap { part in
            compared.filter { !$0.contains("*") }.flatMap { key in
                [Change.verdict].map { "\(key).\(part)\($0)" } + (part.isEmpty ? [] : ["\(key).\(part)name"])
            }
        }
        return Promise(
            numbering: .table,
            values: ["people"]
                + options[evaluations].flatMap { use in ([Metric.map.key] + changes).map { "\(use.id).\($0)" } },
            texts: options[evaluations].flatMap { use in verdicts.map { "\(use.id).\($0)" } })
    }

    /// Before the names of what is quoted of a difference from controls: `summary.tuned.map.control.delta`.
    private static let ofControl = "control."

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let sides = try result[sides]
        let times = try result[times]
        let after = ComparedColumn.columns(
            try timed(sides.after, times.after, options[evaluations], result), sides.ids, names: options[names])
        // Ids that are not those of the stored result would name its evaluations wrong.
        let earlier = (options[Self.before] ?? []).map(\.id)
        let beforeIDs = earlier.count == sides.before?.count ? earlier : sides.ids.map { "before \($0)" }
        let before = try sides.before.map {
            ComparedColumn.columns(
                try timed($0, times.before ?? [], options[Self.before] ?? [], result), beforeIDs)
        }
        let controls = try sides.controls.map {
            ComparedColumn.columns(
                try timed($0.evaluations, times.controls ?? [], options[Self.controls] ?? [], result), $0.ids)
        }
        let unit = ComparisonTables.TimeUnit(((before ?? []) + after).map(\.shown.times))
        var parts: [Exhibit.Part] = []
        func rows(_ columns: [ComparedColumn]?, _ part: Phrase) -> [SummaryTable.Row] {
            (columns ?? []).map { SummaryTable.Row($0, part, sides.estimates) }
        }
        let ordered = rows(controls, "control") + rows(before, "before") + rows(after, before == nil ? "" : "after")
        if options[brief] {
            // Each before what comes after it.
            let pairs = zip(sides.ids, beforeIDs).flatMap { id, beforeID in
                rows(before?.filter { $0.id == beforeID }, "before")
                    + rows(after.filter { $0.id == id }, before == nil ? "" : "after")
            }
            return ExhibitContent(
                numbering: .table,
                parts: [.table(SummaryTable(rows: rows(controls, "control") + pairs.distinct).brief)],
                values: values(sides, after, controls))
        }
        let ranks = ComparisonTables(after, before == nil ? nil : .after, unit).table
        var besideControls: [(title: Phrase, table: Table)] = []
        if let stored = sides.controls, let controls {
            let named = after.named(stored.differences, of: sides.ids, since: sides.ids)
            let names = Dictionary(controls.map { ($0.id, $0.label) }) { first, _ in first }
            besideControls = [
                ("Beside the controls", SummaryTable(rows: ordered).table),
                (
                    "Against the strongest control",
                    ChangeTable(sides: named.map(\.change), names: named.map(\.name), controls: names).table
                ),
            ]
        }
        if let before, let differences = sides.differences {
            let named = after.named(differences, of: sides.ids, since: beforeIDs)
            parts += [
                .note("Before fine-tuning"), .table(ComparisonTables(before, .before, unit).table),
                .note("After fine-tuning"), .table(ranks), .note("What fine-tuning changed"),
                .table(ChangeTable(sides: named.map(\.change), names: named.map(\.name)).table),
            ]
            parts += besideControls.map { .foldedTable(title: $0.title, $0.table) }
        } else if controls != nil {
            parts += besideControls.flatMap { [.note($0.title), .table($0.table)] }
            parts.append(.foldedTable(title: "For each k", ranks))
        } else {
            parts.append(.table(ranks))
        }
        // Of the controls the one that verifies best, where there is a colour left for it.
        let best = controls?.min { $0.equalErrorRate < $1.equalErrorRate }
        let hasRoom = (before ?? []).count + after.count < ComparisonTables.mostCurves
        let named =
            [hasRoom ? best : nil].compactMap(\.self).map { ($0.shown.evaluation, $0.label) }
            + (before ?? []).map { ($0.shown.evaluation, "\($0.label) before") }
            + after.map { ($0.shown.evaluation, before == nil ? $0.label : "\($0.label) after") }
        if let plot = ComparisonTables.curves(named) { parts.append(.plot(plot)) }

        return ExhibitContent(
            numbering: .table, parts: parts, values: values(sides, after, controls),
            facts: precisions((controls ?? []) + (before ?? []) + after))
    }

    private static func values(
        _ sides: Sides, _ after: [ComparedColumn], _ controls: [ComparedColumn]?
    ) -> [String: Quotable] {
        var values: [String: Quotable] = ["people": .count(sides.after.first?.quality.people ?? 0)]
        for column in after {
            values["\(column.id).\(Metric.map.key)"] = Metric.map.value(column.shown).map { .number($0) }
        }
        for (id, changes) in zip(sides.ids, sides.differences ?? []) {
            for change in changes {
                for (name, value) in change.values { values["\(id).\(change.key).\(name)"] = value }
            }
        }
        for (id, changes) in zip(sides.ids, sides.controls?.differences ?? []) {
            for change in changes {
                for (name, value) in change.values { values["\(id).\(change.key).\(ofControl)\(name)"] = value }
                guard !change.key.hasPrefix("top") else { continue }
                values["\(id).\(change.key).\(ofControl)name"] = .text(
                    controls?.first { $0.id == change.since }?.label ?? change.since.verbatim)
            }
        }
        return values
    }

    /// What networks were computed with when they were evaluated: `bf16 (before, after)`. Nothing where there are none.
    private static func precisions(_ columns: [ComparedColumn]) -> [Provenance.Fact] {
        let each = columns.compactMap { column in
            column.shown.evaluation.precision.map { (precision: $0, id: column.id) }
        }
        let known = Dictionary(grouping: each, by: \.precision).sorted { $0.key < $1.key }
            .map { "\($0.key) (\($0.value.map(\.id).joined(separator: ", ")))" }
        return known.isEmpty ? [] : [Provenance.Fact("precision", known.joined(separator: "; ").verbatim)]
    }

    /// Evaluations with the times as they are now, where one was measured again since.
    private static func timed(
        _ evaluations: [Evaluation], _ stored: [EvaluationTimes], _ ids: [DirectiveID], _ result: StepResult
    ) throws -> [TimedEvaluation] {
        let times =
            stored.count == ids.count
            ? try zip(stored, ids).map { try result[seen: Evaluate.times, of: $1] ?? $0 } : stored
        return zip(evaluations, times).map { TimedEvaluation(evaluation: $0, times: $1) }
    }

    /// One evaluation as it is compared.
    struct Side {
        let id: String
        let evaluation: Evaluation
        let scores: QueryScores
        let times: EvaluationTimes
        private let faces: [Int]

        init(_ id: String, _ result: StepResult) throws {
            self.id = id
            evaluation = try result[Evaluate.evaluation]
            scores = try Evaluate.comparedScores(of: result)
            times = try result[Evaluate.times]
            faces = try result[Evaluate.ranking].queries
        }

        func isOf(same other: Side) -> Bool {
            faces == other.faces && evaluation.quality.gallery == other.evaluation.quality.gallery
                && evaluation.dataset == other.evaluation.dataset && evaluation.hasSplits(of: other.evaluation)
                && evaluation.quality.rows.map(\.k) == other.evaluation.quality.rows.map(\.k)
        }
    }

    private struct Sides: Codable {
        var before: [Evaluation]?
        var after: [Evaluation]
        var ids: [String]
        var differences: [[Change]]?
        var controls: Controls?
        /// Of each evaluation its main measures, by their keys.
        var estimates: [String: [String: Retrieval.Estimate]]
    }

    private struct Controls: Codable {
        var evaluations: [Evaluation]
        var ids: [String]
        /// Of each evaluation after, from the strongest of these.
        var differences: [[Change]]
    }

    private struct Times: Codable {
        var before: [EvaluationTimes]?
        var after: [EvaluationTimes]
        var controls: [EvaluationTimes]?
    }
}
