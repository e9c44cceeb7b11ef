import ArgumentParser
import Chapters
import Diagnostics
import Directives
import Execution
import Foundation
import Pages

/// A book that has been read and planned, or the problems that prevent it.
struct Workspace {
    let book: Book
    let plan: Plan
    /// The pictures and files that chapters name.
    let attachments: Attachments
    let warnings: [Diagnostic]
    /// The text of every file, for excerpts in messages.
    let sources: [String: String]
    /// Where results live: beside the place where the command is run.
    static let store = Store(folder: ".likeness/store")

    /// Reads, plans and proofreads: whatever needs no result is checked here, before anything runs.
    ///
    /// - Throws: `ExitCode(1)` after every problem has been printed.
    init(_ options: BookOptions) throws {
        let loaded = Book.load(
            contentsOf: options.chapters, profile: options.profile, set: options.assignments)
        let (plan, planning) = Plan.load(loaded.book, directives: allDirectives, data: options.data)
        let attachments = Attachments.read(
            for: loaded.book, captions: plan.steps.compactMap(\.options.caption), in: options.chapters)
        let diagnostics = loaded.diagnostics + planning + problems(in: loaded.book, plan, attachments)
        guard !diagnostics.contains(where: { $0.severity == .error }) else {
            Console.print(diagnostics, sources: loaded.sources)
            throw ExitCode(1)
        }
        book = loaded.book
        self.plan = plan
        self.attachments = attachments
        warnings = diagnostics
        sources = loaded.sources
    }
}

/// Standard error: diagnostics and remarks.
enum Console {
    static func print(_ diagnostics: [Diagnostic], sources: [String: String]) {
        let formatter = DiagnosticFormatter(sources: sources, color: Terminal.standardError.allowsColor)
        say(formatter.format(diagnostics))
    }

    static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    /// The world's refusal, as every command prints it.
    static func fail(_ error: any Error) -> ExitCode {
        say("error: \(error)")
        return ExitCode(1)
    }
}
