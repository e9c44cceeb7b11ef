import ArgumentParser
import Diagnostics
import Directives
import Execution
import Ranks

/// `likeness build`: check, execute what is stale, render.
struct Build: OnRanks {
    static let configuration = CommandConfiguration(
        abstract: "Checks the chapters, runs what is stale and renders the report.")

    @OptionGroup var book: BookOptions

    @Option(help: "The folder of the rendered report.")
    var output = "output"

    @Option(help: ArgumentHelp("Runs only this directive and those it uses; renders nothing.", valueName: "id"))
    var only: String?

    @Option(help: ArgumentHelp("Runs this directive again even where its result is fresh.", valueName: "id"))
    var rerun: [String] = []

    @Flag(help: "Goes on with what does not depend on a failed step, and renders the rest.")
    var keepGoing = false

    @Flag(help: "Tells what would run, why, and how long it would take, without running it.")
    var dryRun = false

    @Flag(help: "Fails, and leaves the report as it was, when a claim does not hold.")
    var strict = false

    @Flag(help: "Renders one page a language that carries everything it shows, for sending it to somebody.")
    var singleFile = false

    @Flag(help: "Opens the report in the browser as soon as there is a page.")
    var open = false

    @Option(
        help: """
            Progress as text on standard error, or as JSON lines on standard output; or beside the text, problems as \
            annotations of a GitHub workflow: text, json or github.
            """)
    var format = Format.text

    func validate() throws {
        guard !dryRun || !open else {
            throw ValidationError("--dry-run renders nothing, so --open has no effect; leave one of them out")
        }
        guard !dryRun || rerun.isEmpty else {
            throw ValidationError(
                "--dry-run tells what is stale; what --rerun names runs in any case, so name one of them")
        }
        guard !dryRun || format == .text else {
            throw ValidationError("--dry-run tells its steps as text; leave --format \(format.rawValue) out")
        }
        guard only == nil || (!singleFile && !strict && !open) else {
            throw ValidationError(
                "--only renders nothing, so --single-file, --strict and --open have no effect; leave them out")
        }
    }

    func run(on ranks: Ranks) throws {
        let project = book.project(output: output)
        if dryRun { return try tell(project) }
        let signals = Signals(leaving: Self.interrupted)
        let reporter = Reporter(format: format, opens: open)
        var build = Directives.Build(project, interruption: signals.interruption, listener: reporter)
        (build.only, build.rerun, build.keepsGoing) = (only, Set(rerun), keepGoing)
        (build.isStrict, build.isSingleFile) = (strict, singleFile)
        build.ranks = ranks
        do {
            let outcome = try build.run()
            if let page = outcome.page { Console.say(summary(outcome, page)) }
            if let changes = outcome.changes { Console.say(changes.summary.text) }
            reporter.ended(hasFailed: outcome.results.hasFailure, page: outcome.page)
            if outcome.results.hasFailure { throw ExitCode(1) }
        } catch is Interrupted {
            Console.say(Self.interrupted)
            throw ExitCode(signals.exitStatus)
        } catch {
            if !(error is ExitCode) { reporter.stopped(by: error) }
            throw Console.fail(error)
        }
    }

    /// Bytes of data that `--dry-run` reads for telling whether they changed: some tenths of a second's.
    private static let readingLimit: Int64 = 256 << 20

    private static let interrupted = "interrupted; what was finished is kept — run the same command again to go on"

    /// What would run, and how long it would take.
    private func tell(_ project: Project) throws {
        let plan = try CheckedBook.orExit(project).plan
        if let only, plan[only] == nil {
            throw Console.fail(UnknownID(id: only, known: plan.steps.map(\.id)))
        }
        do {
            try project.store.checkReadable()
            let steps = only.map { plan.reaching([$0]) } ?? plan.steps
            let statuses = try project.store.status(of: steps, readingAtMost: Self.readingLimit)
            try Status.print(statuses)
            guard statuses.contains(where: \.willRun) else { return }
            try ProjectionText(project.store, statuses, plan).tell()
        } catch {
            throw Console.fail(error)
        }
    }

    private func summary(_ outcome: Directives.Build.Outcome, _ page: String) -> String {
        let results = outcome.results
        let (executed, failed, skipped) = (results.executedCount, results.failedCount, results.skippedCount)
        var work =
            executed + failed + skipped == 0
            ? "nothing to execute: all \(outcome.stepCount) results are fresh"
            : "executed \(executed) of \(outcome.stepCount) steps"
        if failed > 0 { work += ", \(failed) failed" }
        if skipped > 0 { work += ", \(skipped) could not be tried" }
        return "\(work); report in \(page)"
    }
}
