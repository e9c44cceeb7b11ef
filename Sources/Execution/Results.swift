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

    package mutating func set(_ state: State, of id: String) {
        if states.updateValue(state, forKey: id) == nil { order.append(id) }
    }

    /// The result of a step, where it has one.
    package subscript(id: String) -> StepResult? {
        guard case .done(let result, _) = states[id] else { return nil }
        return result
    }

    package var hasFailure: Bool { failedCount > 0 }

    /// What failed. Steps that stopped for one cause outside the text tell it once.
    package var failures: [Diagnostic] {
        var told: [Diagnostic] = []
        var first: [Substring: Int] = [:]
        for id in order {
            guard case .failed(let diagnostic) = states[id] else { continue }
            // `preprocess faces: data/x: …`: what comes after the step's title.
            let parts = diagnostic.message.split(separator: ": ", maxSplits: 1)
            guard diagnostic.code == "step-failed", parts.count == 2 else {
                told.append(diagnostic)
                continue
            }
            if let index = first[parts[1]] {
                told[index].notes.append(.init("\(parts[0]) fails of the same", at: diagnostic.range))
            } else {
                first[parts[1]] = told.count
                told.append(diagnostic)
            }
        }
        return told
    }

    package var failedCount: Int {
        states.values.count { state in
            guard case .failed = state else { return false }
            return true
        }
    }

    package var skippedCount: Int {
        states.values.count { state in
            guard case .skipped = state else { return false }
            return true
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
