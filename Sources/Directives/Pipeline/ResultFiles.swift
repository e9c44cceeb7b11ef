import Execution
import Pages

/// The numbers of a book's current results, as a build writes them beside its pages.
package struct ResultFiles {
    /// Of the steps that have one, in the plan's order.
    package let files: [ResultFile]
    /// Why the others would run, by id; none is known of what never ran.
    package let missing: [String: [String]]

    package init(_ checked: CheckedBook, _ project: Project) throws {
        try project.store.checkReadable()
        let statuses = try project.store.status(of: checked.plan.steps)
        var results = Results()
        for status in statuses where !status.willRun {
            if let last = status.last { results.set(.done(last, executed: false), of: status.step.id) }
        }
        let report = try Language.of(checked.book.settings.language).speaking {
            try Report(checked.book, checked.plan, results, store: project.store, cache: RenderCache(project))
        }
        files = report.resultFiles(checked.plan.steps.map(\.id))
        missing = Dictionary(
            statuses.filter(\.willRun).map { ($0.step.id, $0.reasons) }, uniquingKeysWith: { first, _ in first })
    }

    package subscript(id: String) -> ResultFile? { files.first { $0.id == id } }
}
