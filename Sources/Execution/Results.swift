import Diagnostics

/// What became of every step of a build.
package struct Results: Sendable {
    package enum State: Sendable {
        case done(StepResult, executed: Bool)
        case failed(Diagnostic)
        case skipped(because: String)
    }

    package private(set) var states: [String: State] = [:]
    /// Ids in the order in which they were told, which is the plan's.
    package private(set) var order: [String] = []

    package init() {}

    mutating func set(_ state: State, of id: String) {
        if states.updateValue(state, forKey: id) == nil { order.append(id) }
    }

    /// The result of a step, where it has one.
    package subscript(id: String) -> StepResult? {
        guard case .done(let result, _) = states[id] else { return nil }
        return result
    }

    package var hasFailure: Bool { !failures.isEmpty }

    package var failures: [Diagnostic] {
        order.compactMap { id in
            guard case .failed(let diagnostic) = states[id] else { return nil }
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

/// What a build tells while it runs: step after step in the plan's order, whichever ran beside which.
package enum BuildEvent: Sendable {
    package struct Position: Sendable {
        package var number: Int
        package var count: Int
        package var title: String
    }

    /// Another build is computing this step.
    case waiting(Position)
    case hit(Position, StepResult)
    case started(Position)
    case progress(Position, StepProgress)
    case finished(Position, StepResult)
    case failed(Position, Diagnostic)
    /// A stored result could not be used and will be computed again.
    case damage(Position, String)
}
