import Chapters
import Diagnostics
import Execution
import Pages
import Retrieval

/// What the text says about results, checked at every build.
enum Claim: ReportDirective {
    static let kind = "claim"
    static let version = 1
    static let summary = """
        States what the text says about results, such as `tuned.map > before.map`, and shows whether it holds, with the \
        values. What is said of the difference (`delta`) of a comparison holds only where its paired test, corrected, \
        agrees. `build --strict` fails where one does not.
        """

    static let that = Option.text(
        "that",
        """
        Two terms and <, <=, >, >=, = or != between them, with spaces; a term is a number, a percentage or a value as prose \
        quotes it: `id.path`.
        """)

    static let isHeavy = false

    static let options = Declarations(that)

    static func references(in options: Options) -> [Options.Reference] {
        (ClaimText(options[that])?.ids ?? []).map {
            Options.Reference(name: that.name, id: $0, range: options.range(of: that) ?? options.range)
        }
    }

    /// The step keeps nothing: values are compared where they are quoted, so that a claim is as fresh as the page.
    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        if ClaimText(options[that]) == nil {
            context.report(
                .error(
                    "claim-syntax",
                    ClaimText.comparesNumbers(options[that])
                        ? "claim '\(context.id)' compares two numbers; name a result on one side, such as 'id.value'"
                        : "claim '\(context.id)' is not of the form 'id.value > 0.5'; write two terms and <, <=, >, >=, = or != between them",
                    at: options.range(of: that) ?? context.range))
        }
        return StepWork { _ in Outcome() }
    }

    static func promise(for options: Options) -> Promise { Promise(numbering: .claim, values: []) }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        ExhibitContent(numbering: .claim, parts: [])
    }

    static func showsOthers(_ options: Options) -> Bool { true }

    /// The claim with the values that the other directives show; nothing when one of them does not exist.
    static func parts(
        for options: Options, in plan: Plan, among exhibits: [String: Exhibit]
    ) -> [Exhibit.Part] {
        guard let text = ClaimText(options[that]), let left = value(of: text.left, exhibits),
            let right = value(of: text.right, exhibits)
        else { return [] }
        let isEqual = ClaimText.Relation.areEqual(left.number, right.number)
        // Where the usual digits are the same and the numbers are not, as many as show it.
        let digits =
            isEqual || left.text != right.text
            ? nil
            : (0...17).first {
                Numeral.fixed(left.number, digits: $0) != Numeral.fixed(right.number, digits: $0)
            }
        func shown(_ term: ClaimText.Term, _ value: (number: Double, text: String)) -> String {
            let number = digits.map { Numeral.fixed(value.number, digits: $0) } ?? value.text
            guard case .value(let id, let path) = term else { return number }
            return "\(id).\(path) (\(number))"
        }
        let p = [text.left, text.right].compactMap { test(of: $0, exhibits) }.max()
        return [
            .claim(
                StatedClaim(
                    holds: text.relation.holds(left.number, right.number) && (p ?? 0) < TestFamily.level,
                    left: shown(text.left, left), sign: text.relation.sign, right: shown(text.right, right),
                    test: p.map { "paired test over people, corrected: \(Change.sentence($0))" }))
        ]
    }

    /// The corrected p-value that a comparison has beside a difference; nil for what is no difference.
    private static func test(of term: ClaimText.Term, _ exhibits: [String: Exhibit]) -> Double? {
        guard case .value(let id, let path) = term, path.hasSuffix(".delta"),
            case .number(let p)? = exhibits[id]?.values[path.dropLast("delta".count) + "holm"]
        else { return nil }
        return p
    }

    /// A term's number, and how the page shows it.
    private static func value(
        of term: ClaimText.Term, _ exhibits: [String: Exhibit]
    ) -> (number: Double, text: String)? {
        switch term {
        case .number(let number): return (number, ValueFormat.text(of: .number(number)))
        case .value(let id, let path):
            guard let value = exhibits[id]?.values[path] else { return nil }
            switch value {
            case .number(let number): return (number, ValueFormat.text(of: value))
            case .count(let count): return (Double(count), ValueFormat.text(of: value))
            case .text: return nil
            }
        }
    }

    /// The first value that its directive will not have.
    static func problems(in step: PlannedStep, _ promises: [String: Promise]) -> [Diagnostic] {
        guard let text = ClaimText(step.options[that]) else { return [] }
        let range = step.options.range(of: that) ?? step.range
        for case .value(let id, let path) in [text.left, text.right] {
            guard let promise = promises[id] else { continue }
            if promise.texts.contains(path) { return [textValue(id, path, at: range)] }
            if let problem = promise.problem(with: path, of: id) {
                return [.error(problem.code, problem.message, at: range)]
            }
        }
        return []
    }

    /// A value that does not exist, or a claim that does not hold: where it is strict, an error.
    static func diagnostics(of step: PlannedStep, among exhibits: [String: Exhibit], strict: Bool) -> [Diagnostic] {
        guard let exhibit = exhibits[step.id], !exhibit.hasFailed else { return [] }
        let range = step.options.range(of: that) ?? step.range
        guard case .claim(let claim)? = exhibit.parts.first else {
            return [unknownValue(step, exhibits, at: range)].compactMap(\.self)
        }
        guard !claim.holds else { return [] }
        let message =
            "claim '\(step.id)' does not hold: \(claim.left) \(claim.sign) \(claim.right)\(claim.test.map { "; \($0)" } ?? "")"
        return [strict ? .error("failed-claim", message, at: range) : .warning("failed-claim", message, at: range)]
    }

    private static func unknownValue(
        _ step: PlannedStep, _ exhibits: [String: Exhibit], at range: SourceRange
    ) -> Diagnostic? {
        guard let text = ClaimText(step.options[that]) else { return nil }
        for term in [text.left, text.right] {
            guard case .value(let id, let path) = term else { continue }
            let values = exhibits[id]?.values ?? [:]
            switch values[path] {
            case .number, .count: continue
            case .text:
                return textValue(id, path, at: range)
            case nil:
                let problem = Promise.problem(with: path, of: id, names: values.keys.sorted())
                return .error(problem.code, problem.message, at: range)
            }
        }
        return nil
    }

    private static func textValue(_ id: String, _ path: String, at range: SourceRange) -> Diagnostic {
        .error("unknown-value", "'\(id).\(path)' is text; a claim compares numbers", at: range)
    }
}
