import Chapters
import Diagnostics
import Execution
import Pages

/// A directive that also knows how to show its result: the bridge between the report and the engine.
package protocol ReportDirective: Directive {
    /// What the page shows for a result. Reads the stored result only; computes nothing worth caching.
    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent

    /// What `show` will yield, as far as the options tell: checked against the text before anything runs.
    static func promise(for options: Options) -> Promise

    /// What is wrong with a step, as far as the other directives' promises tell before anything runs.
    static func problems(in step: PlannedStep, _ promises: [String: Promise]) -> [Diagnostic]

    /// A sentence for the first lines of the report: which data or weights a result was made with.
    static func source(of result: StepResult) throws -> String?

    /// Whether the page shows other directives' values too, so that what it shows is made anew with every report.
    static func showsOthers(_ options: Options) -> Bool

    /// What the page shows of other directives and their values, before the parts that are the result's own.
    static func parts(for options: Options, in plan: Plan, among exhibits: [String: Exhibit]) -> [Exhibit.Part]

    /// Options that do nothing beside the others, defaults too: a result's details leave them out.
    static func idle(_ options: Options) -> Set<String>

    /// What is wrong with what a step shows, beside the other exhibits.
    ///
    /// - Parameter strict: what else is a warning is an error.
    static func diagnostics(of step: PlannedStep, among exhibits: [String: Exhibit], strict: Bool) -> [Diagnostic]
}

extension ReportDirective {
    package static func promise(for options: Options) -> Promise { Promise() }
    package static func problems(in step: PlannedStep, _ promises: [String: Promise]) -> [Diagnostic] { [] }
    package static func source(of result: StepResult) throws -> String? { nil }
    package static func showsOthers(_ options: Options) -> Bool { false }
    package static func parts(
        for options: Options, in plan: Plan, among exhibits: [String: Exhibit]
    ) -> [Exhibit.Part] { [] }
    package static func idle(_ options: Options) -> Set<String> { [] }
    package static func diagnostics(
        of step: PlannedStep, among exhibits: [String: Exhibit], strict: Bool
    ) -> [Diagnostic] { [] }
}

extension PlannedStep {
    /// The directive as one that shows results; nil for one that only tests know.
    var reportDirective: (any ReportDirective.Type)? { directive as? any ReportDirective.Type }
}

/// The part of an exhibit that a directive decides.
package struct ExhibitContent {
    var numbering: Exhibit.Numbering
    var parts: [Exhibit.Part]
    /// Values for prose and claims.
    var values: [String: Quotable]
    /// Lines for the provenance that only this directive knows.
    var facts: [Provenance.Fact]
    /// For the first lines of the report: which data or weights the result was made with.
    var source: String?

    package init(
        numbering: Exhibit.Numbering, parts: [Exhibit.Part], values: [String: Quotable] = [:],
        facts: [Provenance.Fact] = []
    ) {
        (self.numbering, self.parts, self.values, self.facts) = (numbering, parts, values, facts)
    }
}
