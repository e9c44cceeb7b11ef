import ArgumentParser
import Directives

/// `likeness check`: everything that can be wrong without executing.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists everything that can be wrong without executing anything.")

    @OptionGroup var book: BookOptions

    @Option(
        help: """
            Problems as text on standard error, and beside it on standard output as JSON lines or as annotations of a GitHub \
            workflow: text, json or github.
            """)
    var format = Format.text

    func run() throws {
        let checked = try CheckedBook.orExit(book.project(), format)
        format.publish(checked.diagnostics)
        if !checked.diagnostics.isEmpty { Console.print(checked.diagnostics, sources: checked.sources) }
        if let remark = checked.trustRemark { Console.say(remark) }
        for remark in checked.missingWeights { Console.say("note: \(remark)") }
        let found = checked.diagnostics.isEmpty ? "no problems" : "no errors"
        let summary =
            "\(checked.book.chapters.count) chapters, \(checked.plan.steps.count) directives: \(found)"
        if format == .json { Console.say(summary) } else { try Console.results.print(summary) }
    }
}
