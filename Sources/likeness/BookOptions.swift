import ArgumentParser
import Directives

/// The flags that say which book is meant.
struct BookOptions: ParsableArguments {
    @Option(help: "The folder of Markdown chapters and report.yml.")
    var chapters = "chapters"

    @Option(help: "The folder of datasets and weights.")
    var data = "data"

    @Option(help: "A profile of report.yml, such as quick or full.")
    var profile: String?

    @Option(help: ArgumentHelp("Overrides a parameter of report.yml; may be repeated.", valueName: "name=value"))
    var set: [String] = []

    func validate() throws {
        for assignment in set where !assignment.contains("=") || assignment.hasPrefix("=") {
            throw ValidationError("'--set \(assignment)' is not of the form name=value")
        }
    }

    /// Results live beside the place where the command is run.
    func project(output: String = "output") -> Project {
        Project(chapters: chapters, data: data, output: output, profile: profile, assignments: assignments)
    }

    private var assignments: [(name: String, value: String)] {
        self.set.map { assignment in
            let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(parts[0]), value: String(parts[1]))
        }
    }
}

extension CheckedBook {
    /// The book, or the end of the command after every problem has been printed.
    static func orExit(_ project: Project, _ format: Format = .text) throws -> CheckedBook {
        let checked = CheckedBook(project)
        guard !checked.hasErrors else {
            format.publish(checked.diagnostics)
            Console.print(checked.diagnostics, sources: checked.sources)
            throw ExitCode(1)
        }
        return checked
    }
}
