import Diagnostics

/// What became of every step of a build.
package struct Results: Sendable {
    package enum State: Sendable {
        case done(StepResult, executed: Bool)
        case failed(Diagnostic)
        case skipped(because: String)
    }

    package internal(set) var states: [String: State] = [:]

    package init() {}

    /// The result of a step, where it has one.
    package subscript(id: String) -> StepResult? {
        guard case .done(let result, _) = states[id] else { return nil }
        return result
    }

    package var hasFailure: Bool { !failures.isEmpty }

    package var failures: [Diagnostic] {
        states.values.compactMap { state in
            guard case .failed(let diagnostic) = state else { return nil }
            return diagnostic
        }
    }

    package var executedCount: Int {
        states.values.count { state in
            guard case .done(_, let executed) = state else { return false }
            return executed
        }
    }
}

/// What a build tells while it runs.
package enum BuildEvent: Sendable {
    package struct Position: Sendable {
        package var number: Int
        package var count: Int
        package var title: String
    }

    case waitingForAnotherBuild
    case hit(Position, StepResult)
    case started(Position)
    case progress(Position, StepProgress)
    case finished(Position, StepResult)
    case failed(Position, Diagnostic)
    /// A stored result could not be used and will be computed again.
    case damage(Position, String)
}
