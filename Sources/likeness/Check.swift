import ArgumentParser

/// `likeness check`: everything that can be wrong without executing.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists everything that can be wrong without executing anything.")

    @OptionGroup var book: BookOptions

    func run() throws {
        let workspace = try Workspace(book)
        if !workspace.warnings.isEmpty { Console.print(workspace.warnings, sources: workspace.sources) }
        try Console.results.print(
            "\(workspace.book.chapters.count) chapters, \(workspace.plan.steps.count) directives: no problems")
    }
}
