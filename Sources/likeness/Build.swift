import ArgumentParser
import Diagnostics
import Directives
import Execution
import Files
import Foundation
import Imaging
import Pages

/// `likeness build`: check, execute what is stale, render.
struct Build: ParsableCommand {
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

    @Flag(help: "Tells what would run, and why, without running it.")
    var dryRun = false

    @Flag(help: "Fails, and leaves the report as it was, when a claim does not hold.")
    var strict = false

    @Flag(help: "Renders one page that carries everything it shows, for sending it to somebody.")
    var singleFile = false

    @Option(help: "Progress as text on standard error, or as JSON lines on standard output: text or json.")
    var format = Format.text

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    func validate() throws {
        guard !dryRun || rerun.isEmpty else {
            throw ValidationError(
                "--dry-run tells what is stale; what --rerun names runs in any case, so name one of them")
        }
        guard only == nil || (!singleFile && !strict) else {
            throw ValidationError(
                "--only renders nothing, so --single-file and --strict have no effect; leave them out")
        }
    }

    func run() throws {
        let workspace = try Workspace(book)
        if only == nil, !dryRun { try tryOutput(beside: workspace.plan.steps) }
        for id in rerun + [only].compactMap({ $0 }) where workspace.plan[id] == nil {
            throw Console.fail(UnknownID(id: id, known: workspace.plan.steps.map(\.id)))
        }
        if dryRun {
            do {
                try Workspace.store.checkReadable()
                return try Status.print(Workspace.store.status(of: workspace.plan.steps))
            } catch {
                throw Console.fail(error)
            }
        }
        let signals = Signals()
        let reporter = Reporter()
        let steps = only.map { workspace.plan.reaching([$0]) } ?? workspace.plan.steps
        let executor = Executor(
            store: Workspace.store, rerun: Set(rerun), keepGoing: keepGoing, interruption: signals.interruption,
            events: format == .json ? EventLines.print : reporter.receive)
        let results: Results
        do {
            results = try executor.run(steps)
        } catch is Interrupted {
            reporter.close()
            Console.say("interrupted; what was finished is kept — run the same command again to go on")
            throw ExitCode(signals.exitStatus)
        } catch {
            reporter.close()
            throw Console.fail(error)
        }
        reporter.close()
        if !(workspace.warnings + results.failures).isEmpty {
            Console.print(workspace.warnings + results.failures, sources: workspace.sources)
        }
        if results.hasFailure, !keepGoing { throw ExitCode(1) }
        guard only == nil else { return }

        let rendered = try render(workspace, results)
        Console.say(summary(results, steps: steps.count, pages: rendered))
        if results.hasFailure { throw ExitCode(1) }
    }

    /// What would keep the report from being published is told before hours of work.
    private func tryOutput(beside steps: [PlannedStep]) throws {
        do {
            // Pictures of a report among photographs would be taken for some of them at the next build.
            let place = Files.resolvedPlace(output)
            for step in steps {
                for source in step.work.data {
                    guard let folder = Files.resolved(source.path), place == folder || Files.lies(place, below: folder)
                    else {
                        continue
                    }
                    throw FileError(
                        .unwritable, output, "lies in \(source.path), which '\(step.id)' reads; name another folder")
                }
            }
            try Site.tryPlace(output)
        } catch {
            throw Console.fail(error)
        }
    }

    /// Renders and publishes the site.
    ///
    /// - Returns: the path of the first page.
    private func render(_ workspace: Workspace, _ results: Results) throws -> String {
        do {
            let origin = try origin(of: workspace, { results[$0] }, singleFile: singleFile)
            if let origin, Site.isPublished(from: origin, in: output) { return output + "/index.html" }
            let memory = RenderingMemory(folder: ".likeness/rendered", output: output)
            let exhibits = try exhibits(
                of: workspace.plan, results: results, store: Workspace.store, settings: workspace.book.settings,
                memory: program().map(memory.exhibits))
            let claims = claimDiagnostics(of: workspace.plan, exhibits, strict: strict)
            if !claims.isEmpty { Console.print(claims, sources: workspace.sources) }
            if claims.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
            let site = try Site(
                book: workspace.book, exhibits: exhibits, directives: workspace.plan.directives,
                attachments: workspace.attachments,
                facts: sources(of: workspace.plan, results: results), memory: memory.figures, encode: encode)
            memory.sweep()
            // What needs no result has been said before anything ran.
            let told = Set(workspace.warnings)
            let remarks = site.diagnostics.filter { !told.contains($0) }
            if !remarks.isEmpty { Console.print(remarks, sources: workspace.sources) }
            if remarks.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
            // Remarks are made at every build, so a site with remarks is rendered again.
            try (singleFile ? site.inOneFile() : site).publish(
                to: output, origin: (remarks + claims).isEmpty ? origin : nil)
            return output + "/index.html"
        } catch {
            throw Console.fail(error)
        }
    }

    /// Photographs as JPEG, drawings as PNG.
    private func encode(_ image: Image, _ medium: Medium) throws -> EncodedPicture {
        switch medium {
        case .photograph: EncodedPicture(bytes: try image.jpeg(quality: 90), fileExtension: "jpg")
        case .drawing: EncodedPicture(bytes: try image.png(), fileExtension: "png")
        }
    }

    private func summary(_ results: Results, steps: Int, pages: String) -> String {
        let executed = results.executedCount
        let work =
            executed == 0
            ? "nothing to execute: all \(steps) results are fresh" : "executed \(executed) of \(steps) steps"
        return "\(work); report in \(pages)"
    }
}

/// An id on the command line that no directive has.
struct UnknownID: Error, CustomStringConvertible {
    let id: String
    let known: [String]

    var description: String {
        let hint = suggestion(for: id, among: known)
        return "no directive has the id '\(id)'\(hint.isEmpty ? "; known are \(known.joined(separator: ", "))" : hint)"
    }
}
