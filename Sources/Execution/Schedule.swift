import Foundation

/// Which step may run next: what all threads of a build ask, and tell what became of it.
///
/// A step may run once what it uses has results. When one fails and the build does not go on, only steps before it in
/// the plan still run: those that a build of one step after the other would have run.
final class Schedule: @unchecked Sendable {
    // `condition` guards everything that changes.
    private let condition = NSCondition()
    private var progress: [Progress]
    private var results = Results()
    private var states: [Results.State?]
    private var firstFailure = Int.max
    private var error: (any Error)?

    private let steps: [PlannedStep]
    private let keepGoing: Bool
    private let events: EventOrder
    private let watch: BuildWatch?
    /// The steps that each one waits for, by position: those it uses, and an earlier one that does the same work.
    private let predecessors: [[Int]]

    private enum Progress { case waiting, running, over }

    init(_ steps: [PlannedStep], keepGoing: Bool, events: EventOrder, watch: BuildWatch? = nil) {
        self.steps = steps
        self.keepGoing = keepGoing
        self.events = events
        self.watch = watch
        progress = Array(repeating: .waiting, count: steps.count)
        states = Array(repeating: nil, count: steps.count)
        predecessors = Self.predecessors(of: steps)
    }

    private static func predecessors(of steps: [PlannedStep]) -> [[Int]] {
        var positions: [String: Int] = [:]
        var workers: [Work: Int] = [:]
        /// By position, the first step that does the same work.
        var first: [Int] = []
        return steps.enumerated().map { position, step in
            let used = step.uses.compactMap { positions[$0.id] }
            positions[step.id] = position
            let work = Work(step, uses: zip(step.uses.map(\.name), used.map { first[$0] }).map { "\($0) \($1)" })
            let worker = workers[work] ?? position
            workers[work] = worker
            first.append(worker)
            return worker == position ? used : used + [worker]
        }
    }

    /// What steps have in common that will have one key: the second one waits, and then takes the first one's result.
    private struct Work: Hashable {
        var kind: String
        var options: [String]
        var uses: [String]
        var data: [String]

        init(_ step: PlannedStep, uses: [String]) {
            kind = step.directive.kind
            options =
                step.options.computation.map { "\($0.name) \($0.value.keyText)" }
                + step.work.facts.map { "\($0.name) \($0.value)" }
            self.uses = uses
            data = step.work.data.map { "\($0.name) \($0.path)" }
        }
    }

    /// The first step of that weight whose time has come, with the results so far; waits for one.
    ///
    /// - Returns: nil when none of that weight is left, or the build ends early.
    func next(heavy: Bool) -> (position: Int, results: Results)? {
        condition.lock()
        defer { condition.unlock() }
        while error == nil {
            var isOneLeft = false
            for position in steps.indices
            where progress[position] == .waiting && steps[position].directive.isHeavy == heavy {
                guard predecessors[position].allSatisfy({ progress[$0] == .over }) else {
                    isOneLeft = true
                    continue
                }
                if let reason = obstacle(to: position) {
                    end(position, .skipped(because: reason))
                } else {
                    progress[position] = .running
                    return (position, results)
                }
            }
            guard isOneLeft else { return nil }
            condition.wait()
        }
        return nil
    }

    func finish(_ position: Int, _ state: Results.State) {
        condition.withLock { end(position, state) }
    }

    /// Ends the build: no step begins any more.
    func stop(_ error: any Error) {
        condition.withLock {
            if self.error == nil { self.error = error }
            condition.broadcast()
        }
    }

    /// What became of every step, in order, once all threads are done.
    func outcome() throws -> Results {
        try condition.withLock {
            if let error { throw error }
            var ordered = Results()
            for (position, step) in steps.enumerated() {
                // A step that ran beside the one that failed has its result in the store; this build stops before it.
                let isPast = !keepGoing && position > firstFailure
                guard let state = isPast ? Self.stopped : states[position] else { continue }
                ordered.set(state, of: step.id)
            }
            return ordered
        }
    }

    private static let stopped = Results.State.skipped(because: "an earlier step failed")

    private func obstacle(to position: Int) -> String? {
        if !keepGoing, position > firstFailure { return "an earlier step failed" }
        return steps[position].uses.map(\.id).first { results[$0] == nil }.map {
            "it uses '\($0)', which has no result"
        }
    }

    /// The caller holds the lock.
    private func end(_ position: Int, _ state: Results.State) {
        progress[position] = .over
        states[position] = state
        results.set(state, of: steps[position].id)
        watch?.ended(steps[position].id, state)
        var stopsHere = false
        if case .failed = state {
            firstFailure = min(firstFailure, position)
            stopsHere = !keepGoing
        }
        events.end(position, stopsHere: stopsHere)
        condition.broadcast()
    }
}
