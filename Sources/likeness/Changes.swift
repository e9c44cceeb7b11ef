import ArgumentParser
import Diagnostics
import Directives
import Pages

/// `likeness changes`: what the numbers of the report became, and why.
struct Changes: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists every value, claim and rank that differs from an earlier report, and which inputs differ.",
        discussion: """
            Without an option, the earlier report is the last one that was published here with other numbers. The present one is \
            made of the results that are in the store; a build shows the same on a page of its own.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, json }

    @OptionGroup var book: BookOptions

    @Option(help: "The folder of the rendered report.")
    var output = "output"

    @Option(
        help: ArgumentHelp(
            "Compares with the report of a date (2026-01-23, UTC) or of a commit: as the commit holds it in output/results, or the last one published here by then.",
            valueName: "commit|date"))
    var since: String?

    @Option(
        help: ArgumentHelp("Compares with another report: its folder, or its folder of results.", valueName: "folder"))
    var against: String?

    @Option(help: "text; markdown, for the summary of a pull request; json, for programs.")
    var format = Format.text

    func validate() throws {
        if since != nil, against != nil {
            throw ValidationError("--since and --against name two earlier reports; leave one out")
        }
    }

    func run() throws {
        let project = book.project(output: output)
        let checked = try CheckedBook.orExit(project)
        do {
            let found = try ResultFiles(checked, project)
            let numbers = found.files.map { ResultNumbers($0) }
            let missing = checked.plan.steps.count - numbers.count
            if missing > 0 {
                Console.say(
                    "\(missing) of \(checked.plan.steps.count) results are not computed yet and count as gone; 'likeness build' computes them"
                )
            }
            guard let earlier = try earlier(than: numbers, project) else {
                let hasReports = !PublishedReports(project).names.isEmpty
                Console.say(
                    hasReports
                        ? "nothing differs from the reports that were published from here"
                        : "no report was published from here yet")
                return
            }
            let changes = Pages.Changes(from: earlier.numbers, to: numbers, since: earlier.name)
            switch format {
            case .text: try Console.results.print(lines: changes.text)
            case .markdown: try Console.results.print(lines: changes.markdown)
            case .json: try Console.results.print(lines: changes.json, harmless: DisplayText.escaped(json:))
            }
        } catch {
            throw Console.fail(error)
        }
    }

    private func earlier(than numbers: [ResultNumbers], _ project: Project) throws -> EarlierReport? {
        if let since { return try EarlierReport(since: since, in: project) }
        if let against { return try EarlierReport(in: against) }
        return EarlierReport(before: numbers, among: PublishedReports(project))
    }
}
