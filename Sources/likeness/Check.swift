import ArgumentParser
import Directives

/// `likeness check`: everything that can be wrong without executing.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists everything that can be wrong without executing anything.")

    @OptionGroup var book: BookOptions

    func run() throws {
        let checked = try CheckedBook.orExit(book.project())
        if !checked.diagnostics.isEmpty { Console.print(checked.diagnostics, sources: checked.sources) }
        try Console.results.print(
            "\(checked.book.chapters.count) chapters, \(checked.plan.steps.count) directives: no problems")
    }
}
