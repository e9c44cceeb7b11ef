import Chapters
import Diagnostics
import Execution
import Files
import Pages
import Ranks

/// A report made from its chapters: Book → Plan → Results → Report → Site → published folder.
package struct Build: Sendable {
    package var project: Project
    /// Runs only this directive and those it uses; renders nothing.
    package var only: String?
    /// Ids to run again even where a result exists.
    package var rerun: Set<String> = []
    /// Goes on with what does not depend on a failed step, and renders the rest.
    package var keepsGoing = false
    /// A claim that does not hold is an error.
    package var isStrict = false
    /// One page that carries everything it shows.
    package var isSingleFile = false
    /// Where no whole report stands yet, publishes what is there while results arrive.
    package var publishesEarly = true
    package var interruption: Interruption
    package var listener: any BuildListener
    /// Who shares the work; this is the first of them.
    package var ranks = Ranks.alone

    package init(_ project: Project, interruption: Interruption, listener: any BuildListener) {
        self.project = project
        self.interruption = interruption
        self.listener = listener
    }

    /// What a build did.
    package struct Outcome: Sendable {
        package var results: Results
        /// How many steps the plan has, or the part of it that was asked for.
        package var stepCount: Int
        /// The first page; nil where nothing was to be rendered.
        package var page: String?
        /// What the pages show, by directive id; empty where the published report is up to date, and without parts where an
        /// earlier publication drew them.
        package var exhibits: [String: Exhibit] = [:]
        /// What differs from the report before; nil where there was none, or nothing differs.
        package var changes: Changes?
    }

    /// - Throws: `BuildFailed` after the listener has heard why; `Interrupted`, where what was finished is kept; other
    ///   errors of files. The report that is published stays as it is then.
    package func run() throws -> Outcome {
        let checked = try told(CheckedBook(project))
        if let remark = checked.trustRemark { listener.remark(remark) }
        let steps = try self.steps(of: checked.plan)
        let early = isEarly ? EarlyPages(checked, project, listener) : nil
        let results = try execute(checked, steps, early)
        var outcome = Outcome(results: results, stepCount: steps.count, page: nil)
        do {
            if results.hasFailure, !keepsGoing { throw BuildFailed() }
            guard only == nil else { return outcome }
            outcome.page = project.output + "/index.html"
            if let (rendering, changes) = try publish(checked, results) {
                (outcome.exhibits, outcome.changes) = (rendering.report.exhibits, changes)
            }
        } catch {
            try? early?.publishEnd(results)
            throw error
        }
        return outcome
    }

    /// Puts the whole report into its place, unless it stands there already.
    ///
    /// - Returns: what its pages show, and what differs from the report before; nil where they stand already.
    private func publish(
        _ checked: CheckedBook, _ results: Results
    ) throws -> (rendering: Rendering, changes: Changes?)? {
        let origin = checked.origin(results: { results[$0] }, isSingleFile: isSingleFile)
        if let origin, Site.isPublished(from: origin, in: project.output) { return nil }
        try interruption.check()
        let published = PublishedReports(project)
        let rendering = try Rendering(checked, results, for: project, against: published)
        let problems = try told(rendering.problems(checked, strict: isStrict), checked)
        try interruption.check()
        let changes = try rendering.publish(
            checked, in: project, beside: published, origin: problems.isEmpty ? origin : nil,
            isSingleFile: isSingleFile, listener: listener)
        return (rendering, changes)
    }

    private func steps(of plan: Plan) throws -> [PlannedStep] {
        for id in rerun.sorted() + [only].compactMap(\.self) where plan[id] == nil {
            throw UnknownID(id: id, known: plan.steps.map(\.id))
        }
        guard let only else { return plan.steps }
        let steps = plan.reaching([only])
        let ids = Set(steps.map(\.id))
        for id in rerun.sorted() where !ids.contains(id) { throw UnusedRerun(id: id, only: only) }
        return steps
    }

    /// - Parameter early: what publishes pages meanwhile.
    private func execute(
        _ checked: CheckedBook, _ steps: [PlannedStep], _ early: EarlyPages?
    ) throws -> Results {
        if only == nil { try project.tryOutput(of: checked.book, beside: steps) }
        let executor = Executor(
            store: project.store, rerun: rerun, keepGoing: keepsGoing, interruption: interruption, watch: early?.watch,
            ranks: ranks, events: listener.event)
        let results: Results
        do {
            defer { listener.stepsEnded() }
            early?.start()
            defer { early?.stop() }
            results = try executor.run(steps)
        } catch {
            try? early?.publishEnd(nil)
            throw error
        }
        listener.problems(checked.diagnostics + results.failures, sources: checked.sources)
        return results
    }

    /// Whether pages are published while results arrive: where no whole report would be replaced by them.
    private var isEarly: Bool {
        publishesEarly && only == nil && !isSingleFile && !Site.isWhole(in: project.output)
    }

    /// The book, unless it holds errors.
    private func told(_ checked: CheckedBook) throws -> CheckedBook {
        guard checked.hasErrors else { return checked }
        listener.problems(checked.diagnostics, sources: checked.sources)
        throw BuildFailed()
    }

    /// The diagnostics, unless they hold errors.
    private func told(_ diagnostics: [Diagnostic], _ checked: CheckedBook) throws -> [Diagnostic] {
        if !diagnostics.isEmpty { listener.problems(diagnostics, sources: checked.sources) }
        if diagnostics.contains(where: { $0.severity == .error }) { throw BuildFailed() }
        return diagnostics
    }
}
