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
    /// The same in other languages.
    package let translations: [Translation]
    package let diagnostics: [Diagnostic]
    /// The text of every file, for excerpts in messages.
    package let sources: [String: String]

    /// What networks lack that are to start from ImageNet's weights, a sentence each; the book can be built all the same.
    package let missingWeights: [String]

    /// A book in another language, and the plan with its captions; what the steps compute is the original's.
    package struct Translation: Sendable {
        package let book: Book
        package let plan: Plan
        package let attachments: Attachments
    }

    package init(_ project: Project) {
        let loaded = Book.load(contentsOf: project.chapters, profile: project.profile, set: project.assignments)
        let (plan, planning) = Plan.load(loaded.book, directives: allDirectives, data: project.data)
        let captions = plan.steps.compactMap(\.options.caption)
        let attachments = Attachments.read(for: loaded.book, captions: captions, in: project.chapters)
        var found = loaded.diagnostics
        // Where the settings could not be read, nobody knows which parameters there are.
        let areKnown = loaded.book.settings.areParametersKnown
        found += planning.filter { areKnown || $0.code != "unknown-parameter" }
        found += problems(in: loaded.book, plan, attachments)
        translations = loaded.translations.map { book in
            let (translated, mistakes) = plan.translated(by: book, of: loaded.book, directives: allDirectives)
            let captions = translated.steps.compactMap(\.options.caption)
            let attachments = Attachments.read(for: book, captions: captions, in: project.chapters)
            found += mistakes + problems(in: book, translated, attachments)
            return Translation(book: book, plan: translated, attachments: attachments)
        }
        book = loaded.book
        sources = loaded.sources
        self.plan = plan
        missingWeights = plan.missingWeights(data: project.data)
        self.attachments = attachments
        var told: Set<Diagnostic> = []
        diagnostics = found.filter { told.insert($0).inserted }
    }

    /// For whoever makes somebody else's book: what `trust: true` in its settings lets into the pages.
    package var trustRemark: String? {
        guard book.settings.trust else { return nil }
        return
            "this book asks for trust (trust: true in report.yml): raw HTML and scripts of its chapters go into the pages"
    }

    /// Whether nothing may run.
    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
