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
    /// The steps that each one uses, by position.
    private let uses: [[Int]]

    private enum Progress { case waiting, running, over }

    init(_ steps: [PlannedStep], keepGoing: Bool, events: EventOrder) {
        self.steps = steps
        self.keepGoing = keepGoing
        self.events = events
        progress = Array(repeating: .waiting, count: steps.count)
        states = Array(repeating: nil, count: steps.count)
        let positions = Dictionary(steps.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        uses = steps.map { step in step.uses.compactMap { positions[$0.id] } }
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
                guard uses[position].allSatisfy({ progress[$0] == .over }) else {
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
        return steps[position].uses.map(\.id).first { results[$0] == nil }.map { "it uses '\($0)', which has no result" }
    }

    /// The caller holds the lock.
    private func end(_ position: Int, _ state: Results.State) {
        progress[position] = .over
        states[position] = state
        results.set(state, of: steps[position].id)
        var stopsHere = false
        if case .failed = state {
            firstFailure = min(firstFailure, position)
            stopsHere = !keepGoing
        }
        events.end(position, stopsHere: stopsHere)
        condition.broadcast()
    }
}
