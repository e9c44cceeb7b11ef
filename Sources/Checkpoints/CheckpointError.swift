/// Why a file of weights was not read: which file, what is wrong, what to do.
package struct CheckpointError: Error, Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// The file could not be opened or read.
        case unreadable
        /// The bytes contradict their own format: a truncated download, a flipped bit.
        case damaged
        /// The pickle asks for something that is not a tensor; loading it elsewhere could run code.
        case unsafe
        /// Well formed, but in a form that is not read here.
        case unsupported
        /// Read, but its numbers are none that a network can compute with.
        case unsound
    }

    package var path: String
    package var kind: Kind
    /// What is wrong, without a full stop.
    package var problem: String
    /// What to do about it, without a full stop.
    package var advice: String

    package init(_ kind: Kind, path: String, problem: String, advice: String) {
        self.path = path
        self.kind = kind
        self.problem = problem
        self.advice = advice
    }
}

extension CheckpointError: CustomStringConvertible {
    package var description: String { "\(path.printable): \(problem); \(advice)" }
}

extension CheckpointError {
    // The readers below the container know no path: `Checkpoint(decoding:name:)` adds it.

    static func damaged(_ problem: String) -> CheckpointError {
        CheckpointError(.damaged, path: "", problem: "damaged: \(problem)", advice: "fetch the file again")
    }

    static func unsafe(_ problem: String, advice: String) -> CheckpointError {
        CheckpointError(.unsafe, path: "", problem: "refuses to load: \(problem)", advice: advice)
    }

    static func unsupported(_ problem: String, advice: String) -> CheckpointError {
        CheckpointError(.unsupported, path: "", problem: problem, advice: advice)
    }

    static func unsound(_ problem: String) -> CheckpointError {
        CheckpointError(
            .unsound, path: "", problem: "refuses to load: \(problem)",
            advice: "take a checkpoint from before its training diverged, or fetch the file again")
    }

    func at(_ path: String) -> CheckpointError {
        var error = self
        error.path = path
        return error
    }
}
