import Diagnostics
import Files
import Foundation
import Ranks

/// Runs what is stale and serves the rest: the only place that decides what runs, when and beside what.
package struct Executor {
    package var store: Store
    /// Ids to run even where a result exists (`--rerun`).
    package var rerun: Set<String> = []
    /// Go on with what does not depend on a failed step.
    package var keepGoing = false
    package var events: @Sendable (BuildEvent) -> Void
    package var interruption: Interruption
    /// Who sees meanwhile how the build stands.
    package var watch: BuildWatch?
    /// Who shares the work of heavy steps; this is the first of them.
    package var ranks: Ranks

    package init(
        store: Store, rerun: Set<String> = [], keepGoing: Bool = false, interruption: Interruption,
        watch: BuildWatch? = nil, ranks: Ranks = .alone, events: @escaping @Sendable (BuildEvent) -> Void
    ) {
        self.store = store
        self.rerun = rerun
        self.keepGoing = keepGoing
        self.interruption = interruption
        self.watch = watch
        self.ranks = ranks
        self.events = events
    }

    /// The results of `steps`, in order; each is served from the store or computed.
    ///
    /// Heavy steps run on the calling thread, one at a time; light ones on threads of their own beside them.
    ///
    /// - Throws: `Interrupted` when the build was asked to stop; what was finished until then is kept.
    package func run(_ steps: [PlannedStep]) throws -> Results {
        try interruption.check()
        try Files.makeFolder(store.folder, with: store.operations)
        try store.sweep()
        let lock = try store.lockForBuild(whileWaiting: interruption.check)
        defer { withExtendedLifetime(lock) {} }
        let events = EventOrder(count: steps.count, tell: events)
        let schedule = Schedule(steps, keepGoing: keepGoing, events: events, watch: watch)
        let memory = Memory(data: DataDigests(for: store), objects: VerifiedObjects(of: store))
        defer { memory.objects.save() }
        let work = { @Sendable (heavy: Bool) in
            while let (index, results) = schedule.next(heavy: heavy) {
                let position = BuildEvent.Position(number: index + 1, count: steps.count, title: steps[index].title)
                let tell = { @Sendable in events.receive($0, from: index) }
                do {
                    try interruption.check()
                    schedule.finish(index, try run(steps[index], at: position, results, memory, tell))
                } catch {
                    schedule.stop(error)
                }
            }
        }
        let lightCount = steps.count { !$0.directive.isHeavy }
        let threads = WorkerThreads(min(lightCount, ProcessInfo.processInfo.activeProcessorCount)) { work(false) }
        work(true)
        threads.join()
        return try schedule.outcome()
    }

    /// What the steps of one build find out for each other about files.
    private struct Memory: Sendable {
        let data: DataDigests
        let objects: VerifiedObjects
    }

    private func run(
        _ step: PlannedStep, at position: BuildEvent.Position, _ results: Results, _ memory: Memory,
        _ tell: @escaping @Sendable (BuildEvent) -> Void
    ) throws -> Results.State {
        var known: Key?
        do {
            let key = try Key(of: step, results: results, data: memory.data)
            known = key
            let (stored, damage) = try hit(step, key, memory.objects)
            if let damage { tell(.damage(position, damage)) }
            if let stored {
                tell(.hit(position, stored))
                return .done(stored, executed: false)
            }
            var hasTold = false
            let lock = try store.lock(key.digest) {
                if !hasTold { tell(.waiting(position)) }
                hasTold = true
                try interruption.check()
            }
            defer { withExtendedLifetime(lock) {} }
            // Whoever held the lock until now has done the work.
            if let stored = try hit(step, key, memory.objects).result {
                tell(.hit(position, stored))
                return .done(stored, executed: false)
            }
            watch?.began(step.id)
            tell(.started(position))
            let result = try compute(step, key, at: position, results, memory.data, tell)
            tell(.finished(position, result))
            return .done(result, executed: true)
        } catch let error as Interrupted {
            throw error
        } catch {
            return fail(step, at: position, error, key: known, tell)
        }
    }

    /// The stored result, which the directive then stands on, or what is wrong with it.
    private func hit(
        _ step: PlannedStep, _ key: Key, _ objects: VerifiedObjects
    ) throws -> (result: StepResult?, damage: String?) {
        let (hit, damage) = store.result(for: key.digest, verified: objects)
        guard let hit, !rerun.contains(step.id) else { return (nil, damage) }
        try store.remember(hit, for: step.id)
        return (hit, nil)
    }

    /// Runs the step and keeps what it yields, unless somebody touched its data meanwhile.
    private func compute(
        _ step: PlannedStep, _ key: Key, at position: BuildEvent.Position, _ results: Results, _ data: DataDigests,
        _ tell: @escaping @Sendable (BuildEvent) -> Void
    ) throws -> StepResult {
        let scratch = Scratch(of: key.digest, in: store)
        // What is asked for again begins anew.
        if rerun.contains(step.id) { try scratch.remove() }
        let stamps = try step.work.data.map { "\(try data.stamps(of: $0.path).hex)\n" }.joined()
        if try scratch.begin(stamps: stamps) {
            tell(.damage(position, "its data were touched after the interrupted run; the step begins anew"))
        }
        let goesOn = Files.exists(scratch.folder)
        let grows = rerun.contains(step.id) ? nil : step.work.growing
        let context = StepContext(
            inputs: step.uses.compactMap { use in results[use.id].map { (use.name, $0.read(beside: step.data)) } },
            scratch: scratch.folder,
            progress: { [watch] in
                watch?.progressed(step.id, $0)
                tell(.progress(position, $0))
            }, checkInterruption: interruption.check,
            shorter: try grows.flatMap { try store.shorterRun(of: key, growing: $0) },
            ranks: step.directive.isHeavy ? ranks : .alone,
            fingerprint: { [work = step.work] name in
                guard let path = work.data.first(where: { $0.name == name })?.path else {
                    preconditionFailure("the step reads no '\(name)'")
                }
                return try data.fingerprint(of: path)
            })
        if step.directive.isHeavy { ProcessMemory.resetPeak() }
        let start = DispatchTime.now().uptimeNanoseconds
        var outcome = try step.work.run(context)
        for (name, path) in step.work.data where try !data.isUnchanged(path) {
            try scratch.remove()
            throw StoreError(
                path: path, message: "changed while \(step.title) read it as '\(name)'; run the build again")
        }
        let inherited = step.uses.flatMap { results[$0.id]?.marks ?? [] }
        for mark in inherited where !outcome.marks.contains(mark) { outcome.marks.append(mark) }
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
        let result = try store.publish(
            outcome, id: step.id, key: key,
            environment: .current(
                now: store.now(), seconds: seconds,
                work: goesOn || context.shorter != nil ? nil : step.workload.amounts))
        try scratch.remove()
        return result
    }

    private func fail(
        _ step: PlannedStep, at position: BuildEvent.Position, _ error: any Error, key: Key?,
        _ tell: (BuildEvent) -> Void
    ) -> Results.State {
        let diagnostic = Diagnostic(failure: error, of: step)
        if let key { try? store.recordFailure(diagnostic.message, id: step.id, key: key) }
        tell(.failed(position, diagnostic))
        return .failed(diagnostic)
    }
}

extension Diagnostic {
    /// A step's failure, at the option it names or at the directive.
    init(failure error: any Error, of step: PlannedStep) {
        if let problem = error as? OptionProblem {
            self = .error(
                problem.code, problem.message, at: step.options.range(of: problem.option) ?? step.range.firstLine)
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
        var components = Self.settings(of: step)
        for use in step.uses {
            guard let result = results[use.id] else { continue }
            components.append(.init(.step, use.name, .text(result.output.hex)))
        }
        for (name, path) in step.work.data {
            components.append(.init(.data, name, .text(try data.digest(of: path).hex)))
        }
        self.init(components)
    }

    /// What of a key needs no result and no data: the directive's version, its options and the facts that it found out.
    static func settings(of step: PlannedStep) -> [Component] {
        [Component(.kind, step.directive.kind, .text("version \(step.directive.version)"))]
            + step.options.computation.map { Component(.option, $0.name, .option($0.value)) }
            + step.work.facts.map { Component(.option, $0.name, .text($0.value)) }
    }
}
