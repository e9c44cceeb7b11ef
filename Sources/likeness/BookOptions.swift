import ArgumentParser

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

    var assignments: [(name: String, value: String)] {
        self.set.map { assignment in
            let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(parts[0]), value: String(parts[1]))
        }
    }
}
