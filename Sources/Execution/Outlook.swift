/// How long a build will still take: what its steps are expected to need, corrected by what those that are done did need.
package struct Outlook: Sendable {
    /// Of the heavy steps, which run one after the other; light ones run beside them and count for nothing.
    private let expected: [(id: String, seconds: Double)]

    /// Seconds of expectation that weigh as much as what has been seen.
    private static let trust = 5.0

    package init(expected: [(id: String, seconds: Double)]) { self.expected = expected }

    package init(_ steps: [PlannedStep]) {
        self.init(expected: steps.filter { $0.directive.isHeavy }.map { ($0.id, $0.work.expectedSeconds.value()) })
    }

    /// O(steps).
    ///
    /// - Parameters:
    ///   - over: the steps that are done.
    ///   - took: seconds of those that were computed.
    ///   - running: seconds left of those that run, where that is known; they count with all that is expected elsewhere.
    package func secondsLeft(over: Set<String>, took: [String: Double], running: [String: Int]) -> Double {
        var (expectedSoFar, seen, left) = (Self.trust, Self.trust, 0.0)
        for (id, seconds) in expected {
            if let took = took[id] {
                expectedSoFar += seconds
                seen += took
            } else if !over.contains(id), running[id] == nil {
                left += seconds
            }
        }
        return left * seen / expectedSoFar + Double(running.values.max() ?? 0)
    }

    package func secondsLeft(_ moment: BuildMoment) -> Double {
        let took = moment.results.states.compactMapValues { state -> Double? in
            if case .done(let result, executed: true) = state { result.environment.seconds } else { nil }
        }
        return secondsLeft(
            over: Set(moment.results.states.keys), took: took,
            running: moment.running.compactMapValues(\.secondsLeft))
    }
}
