import ArgumentParser
import Diagnostics
import Directives
import Execution
import Files
import Pages

/// `likeness status`: what a build would do, step by step.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tells for every step whether its result is fresh, stale or missing, why, and how long it took.")

    @OptionGroup var book: BookOptions

    @Option(help: "The folder of the rendered report.")
    var output = "output"

    func run() throws {
        let project = book.project(output: output)
        let checked = try CheckedBook.orExit(project)
        do {
            try project.store.checkReadable()
            let statuses = try project.store.status(of: checked.plan.steps)
            try Self.print(statuses)
            if let report = try report(checked, statuses) { try Console.results.print(report) }
        } catch {
            throw Console.fail(error)
        }
    }

    /// Whether the report is what these chapters, their pictures and settings make of the results; nil while steps
    /// would run.
    private func report(_ checked: CheckedBook, _ statuses: [StepStatus]) throws -> String? {
        guard !statuses.contains(where: \.willRun) else { return nil }
        let page = output + "/index.html"
        guard Files.exists(page) else { return "there is no report in \(output) yet" }
        let results = Dictionary(statuses.map { ($0.step.id, $0.last) }, uniquingKeysWith: { first, _ in first })
        let isCurrent = [false, true].contains { singleFile in
            let origin = checked.origin(results: { results[$0] ?? nil }, isSingleFile: singleFile)
            return origin.map { Site.isPublished(from: $0, in: output) } ?? false
        }
        return isCurrent
            ? "\(page) is up to date"
            : "\(page) would be rendered again: chapters, pictures, settings or the report itself changed, or it has remarks"
    }

    static func print(_ statuses: [StepStatus]) throws {
        let width = statuses.map { DisplayText.columns(of: $0.step.title) }.max() ?? 0
        for status in statuses {
            let title = DisplayText.padded(status.step.title, to: width)
            let kind = DisplayText.padded(status.kind.rawValue, to: 11)
            let seconds = status.last.map { duration($0.environment.seconds) } ?? "–"
            let reasons = status.reasons.isEmpty ? "" : "  " + status.reasons.joined(separator: "; ")
            try Console.results.print("\(kind)  \(title)  \(seconds)\(reasons)")
        }
        try Console.results.print(summary(Estimate(statuses), of: statuses.count))
    }

    /// `2 of 14 steps would run; going by their last runs, 3 min 20 s, up to 1.2 GB of memory and 40 MB on disk`.
    private static func summary(_ estimate: Estimate, of count: Int) -> String {
        guard estimate.steps > 0 else { return "all \(count) results are fresh" }
        var text = "\(estimate.steps) of \(count) steps would run"
        if estimate.unknown < estimate.steps {
            text += "; going by their last runs, \(duration(estimate.seconds))"
            text += estimate.memory > 0 ? ", up to \(byteCount(estimate.memory)) of memory" : ""
            text += " and \(byteCount(estimate.disk)) on disk"
        }
        if estimate.unknown > 0 { text += "; \(estimate.unknown) never ran here, so nothing is known of them" }
        return text
    }
}

/// `likeness why ID`: the components of the key that differ from the last result.
struct Why: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tells which components of a step's key differ from its last result.")

    @Argument(help: "The directive's id.")
    var id: String

    @OptionGroup var book: BookOptions

    func run() throws {
        let project = book.project()
        let plan = try CheckedBook.orExit(project).plan
        let steps = plan.reaching([id])
        do {
            try project.store.checkReadable()
            guard let status = try project.store.status(of: steps).first(where: { $0.step.id == id }) else {
                throw UnknownID(id: id, known: plan.steps.map(\.id))
            }
            switch status.kind {
            case .fresh:
                try Console.results.print("\(status.step.title) is fresh: nothing differs from its last result")
            case .missing: try Console.results.print("\(status.step.title) has no result yet")
            case .stale, .interrupted:
                let verb = status.kind == .interrupted ? "was interrupted and would go on" : "would run again"
                try Console.results.print("\(status.step.title) \(verb)\(status.reasons.isEmpty ? "" : ":")")
                for reason in status.reasons { try Console.results.print("  \(reason)") }
            }
        } catch {
            throw Console.fail(error)
        }
    }
}
