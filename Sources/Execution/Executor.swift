import Diagnostics
import Files
import Foundation

/// Runs what is stale and serves the rest: the only place that meets the store, the clock and threads.
package struct Executor {
    package var store: Store
    /// Ids to run even where a result exists (`--rerun`).
    package var rerun: Set<String> = []
    /// Go on with what does not depend on a failed step.
    package var keepGoing = false
    package var events: @Sendable (BuildEvent) -> Void
    package var interruption: Interruption

    package init(
        store: Store, rerun: Set<String> = [], keepGoing: Bool = false, interruption: Interruption,
        events: @escaping @Sendable (BuildEvent) -> Void
    ) {
        self.store = store
        self.rerun = rerun
        self.keepGoing = keepGoing
        self.interruption = interruption
        self.events = events
    }

    /// The results of `steps`, in order; each is served from the store or computed.
    ///
    /// - Throws: `Interrupted` when the build was asked to stop; what was finished until then is kept.
    package func run(_ steps: [PlannedStep]) throws -> Results {
        try interruption.check()
        let lock = try lockStore()
        defer { withExtendedLifetime(lock) {} }
        var results = Results()
        let data = DataDigests(cache: store.digestCache)
        for (index, step) in steps.enumerated() {
            try interruption.check()
            let position = BuildEvent.Position(number: index + 1, count: steps.count, title: step.title)
            if !keepGoing, results.hasFailure {
                results.states[step.id] = .skipped(because: "an earlier step failed")
                continue
            }
            if let failed = step.uses.map(\.id).first(where: { results[$0] == nil }) {
                results.states[step.id] = .skipped(because: "it uses '\(failed)', which has no result")
                continue
            }
            results.states[step.id] = try run(step, at: position, results, data)
        }
        return results
    }

    /// One build at a time: another one waits here, then finds the work done.
    private func lockStore() throws -> FileLock {
        try Files.makeFolder(store.folder)
        var told = false
        return try FileLock(store.folder + "/lock") {
            if !told { events(.waitingForAnotherBuild) }
            told = true
            try interruption.check()
        }
    }

    private func run(
        _ step: PlannedStep, at position: BuildEvent.Position, _ results: Results, _ data: DataDigests
    ) throws -> Results.State {
        let key: Key
        do {
            key = try Key(of: step, results: results, data: data)
        } catch {
            return fail(step, at: position, error, key: nil)
        }
        let (hit, damage) = store.result(for: key.digest)
        if let damage { events(.damage(position, damage)) }
        if let hit, !rerun.contains(step.id) {
            try? store.remember(hit, for: step.id)
            events(.hit(position, hit))
            return .done(hit, executed: false)
        }
        events(.started(position))
        // What is asked for again begins anew.
        if rerun.contains(step.id) { try? FileManager.default.removeItem(atPath: store.scratchFolder(key.digest)) }
        let start = DispatchTime.now().uptimeNanoseconds
        do {
            var context = StepContext(
                inputs: Dictionary(
                    step.uses.compactMap { use in results[use.id].map { (use.name, $0) } },
                    uniquingKeysWith: { first, _ in first }),
                scratch: store.scratchFolder(key.digest),
                lists: Dictionary(grouping: step.uses, by: \.name).mapValues { uses in uses.compactMap { results[$0.id] } },
                progress: { events(.progress(position, $0)) }, checkInterruption: interruption.check)
            if !rerun.contains(step.id) {
                context.shorter = step.work.growing.flatMap { store.shorterRun(of: key, growing: $0) }
            }
            var outcome = try step.work.run(context)
            for (name, path) in step.work.data where try !data.isUnchanged(path) {
                throw StoreError(
                    path: path, message: "changed while \(step.title) read it as '\(name)'; run the build again")
            }
            let inherited = step.uses.flatMap { results[$0.id]?.marks ?? [] }
            for mark in inherited where !outcome.marks.contains(mark) { outcome.marks.append(mark) }
            let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
            let result = try store.publish(
                outcome, id: step.id, key: key, environment: .current(seconds: seconds))
            try? FileManager.default.removeItem(atPath: store.scratchFolder(key.digest))
            events(.finished(position, result))
            return .done(result, executed: true)
        } catch let error as Interrupted {
            throw error
        } catch {
            return fail(step, at: position, error, key: key)
        }
    }

    private func fail(
        _ step: PlannedStep, at position: BuildEvent.Position, _ error: any Error, key: Key?
    ) -> Results.State {
        let diagnostic = Diagnostic(failure: error, of: step)
        if let key { try? store.recordFailure(diagnostic.message, id: step.id, key: key) }
        events(.failed(position, diagnostic))
        return .failed(diagnostic)
    }
}

extension Diagnostic {
    /// A step's failure, at the option it names or at the directive.
    init(failure error: any Error, of step: PlannedStep) {
        if let problem = error as? OptionProblem {
            self = .error(problem.code, problem.message, at: step.options.range(of: problem.option) ?? step.range.firstLine)
        } else {
            self = .error("step-failed", "\(step.title): \(error)", at: step.range.firstLine)
        }
    }
}

extension SourceRange {
    /// The range's first line only: enough to point at a directive.
    var firstLine: SourceRange {
        start.line == end.line
            ? self : SourceRange(path: path, start: start, end: Position(line: start.line, column: start.column + 3))
    }
}

extension Key {
    /// The key of a planned step, once what it uses has results.
    init(of step: PlannedStep, results: Results, data: DataDigests) throws {
        var components = [Component(.kind, step.directive.kind, "version \(step.directive.version)")]
        for (name, value) in step.options.computation { components.append(.init(.option, name, value.keyText)) }
        for (name, value) in step.work.facts { components.append(.init(.option, name, value)) }
        for use in step.uses {
            guard let result = results[use.id] else { continue }
            components.append(.init(.step, use.name, result.output.hex))
        }
        for (name, path) in step.work.data {
            components.append(.init(.data, name, try data.digest(of: path).hex))
        }
        self.init(components)
    }
}
