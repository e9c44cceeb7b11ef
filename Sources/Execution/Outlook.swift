/// How long a build will still take: what its steps are expected to need, corrected by what those that are done did need.
package struct Outlook: Sendable {
    /// Of the heavy steps, which run one after the other; light ones run beside them and count for nothing.
    private let expected: [(id: String, seconds: Double)]

    /// Seconds of expectation that weigh as much as what has been seen.
    private static let trust = 5.0

    package init(expected: [(id: String, seconds: Double)]) { self.expected = expected }

    package init(_ steps: [PlannedStep]) {
        self.init(expected: steps.filter { $0.directive.isHeavy }.map { ($0.id, $0.workload.usualSeconds) })
    }

    /// A step that runs: how long what it counts now will still take, where that is known, and since when it runs.
    package struct Running: Sendable {
        package var left: Int?
        package var elapsed: Double

        package init(left: Int?, elapsed: Double) { (self.left, self.elapsed) = (left, elapsed) }
    }

    /// O(steps).
    ///
    /// A step may count one of its parts after the other: it takes what is left of that part at least, and what is expected
    /// of the whole step.
    ///
    /// - Parameters:
    ///   - over: the steps that are done.
    ///   - took: seconds of those that were computed.
    package func secondsLeft(over: Set<String>, took: [String: Double], running: [String: Running]) -> Double {
        var (expectedSoFar, seen) = (Self.trust, Self.trust)
        for (id, seconds) in expected {
            guard let took = took[id] else { continue }
            expectedSoFar += seconds
            seen += took
        }
        let pace = seen / expectedSoFar
        return expected.reduce(0) { sum, step in
            if over.contains(step.id) { return sum }
            guard let running = running[step.id] else { return sum + step.seconds * pace }
            return sum + max(Double(running.left ?? 0), step.seconds * pace - running.elapsed)
        }
    }

    package func secondsLeft(_ moment: BuildMoment) -> Double {
        let took = moment.results.states.compactMapValues { state -> Double? in
            if case .done(let result, executed: true) = state { result.environment.seconds } else { nil }
        }
        return secondsLeft(
            over: Set(moment.results.states.keys), took: took,
            running: moment.running.mapValues { Running(left: $0.secondsLeft, elapsed: $0.elapsed) })
    }
}
