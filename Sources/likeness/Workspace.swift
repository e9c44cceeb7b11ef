import ArgumentParser
import Chapters
import Diagnostics
import Directives
import Execution
import Foundation

/// A book that has been read and planned, or the problems that prevent it.
struct Workspace {
    let book: Book
    let plan: Plan
    let warnings: [Diagnostic]
    /// The text of every file, for excerpts in messages.
    let sources: [String: String]
    /// Where results live: beside the place where the command is run.
    static let store = Store(folder: ".likeness/store")

    /// Reads and plans.
    ///
    /// - Throws: `ExitCode(1)` after every problem has been printed.
    init(_ options: BookOptions) throws {
        let loaded = Book.load(
            contentsOf: options.chapters, profile: options.profile, set: options.assignments)
        var diagnostics = loaded.diagnostics
        do throws(Problems) {
            let plan = try Plan(loaded.book, directives: allDirectives, data: options.data)
            guard !diagnostics.contains(where: { $0.severity == .error }) else { throw Problems([]) }
            self.book = loaded.book
            self.plan = plan
            warnings = diagnostics
            sources = loaded.sources
        } catch {
            diagnostics += error.diagnostics
            Console.print(diagnostics, sources: loaded.sources)
            throw ExitCode(1)
        }
    }
}
