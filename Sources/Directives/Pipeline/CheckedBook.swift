import Chapters
import Diagnostics
import Execution
import Pages

/// A book that has been read, planned and proofread, with everything that is wrong with it as far as no result is needed to
/// know it.
package struct CheckedBook: Sendable {
    package let book: Book
    package let plan: Plan
    /// The pictures and files that chapters name.
    package let attachments: Attachments
    package let diagnostics: [Diagnostic]
    /// The text of every file, for excerpts in messages.
    package let sources: [String: String]

    package init(_ project: Project) {
        let loaded = Book.load(contentsOf: project.chapters, profile: project.profile, set: project.assignments)
        let (plan, planning) = Plan.load(loaded.book, directives: allDirectives, data: project.data)
        let captions = plan.steps.compactMap(\.options.caption)
        let attachments = Attachments.read(for: loaded.book, captions: captions, in: project.chapters)
        book = loaded.book
        sources = loaded.sources
        self.plan = plan
        self.attachments = attachments
        diagnostics = loaded.diagnostics + planning + problems(in: loaded.book, plan, attachments)
    }

    /// Whether nothing may run.
    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
