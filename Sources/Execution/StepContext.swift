import Chapters
import Ranks

/// What a running step is given.
///
///     let faces = try step[data][Preprocess.faces]
package struct StepContext: Sendable {
    /// The results this step refers to, with the options that name them, in their order.
    let inputs: [(option: String, result: StepResult)]
    /// A folder of this step's own, by its key; not there until the step creates it. What an interrupted run left in it
    /// is found again by a run with the same key; after success it is removed.
    package let scratch: String
    /// Tells how far the step is; may be called from any thread.
    package let progress: @Sendable (StepProgress) -> Void
    /// Throws `Interrupted` once the build should stop.
    package let checkInterruption: @Sendable () throws -> Void
    /// Where the step grows: the longest run with otherwise equal inputs. The outcome must not depend on its being there.
    package let shorter: StepResult?
    /// Who may share the step's work; one where nobody started more.
    package let ranks: Ranks
    /// What other ranks hold their own data against, by the name in `StepWork.data`.
    package let fingerprint: @Sendable (String) throws -> DataFingerprint

    private func results(of option: String) -> [StepResult] { inputs.filter { $0.option == option }.map(\.result) }

    /// The result of the directive that `option` names.
    package subscript(option: Option<DirectiveID>) -> StepResult {
        get throws { try input(option.name) }
    }

    /// The same for an option that need not be given.
    package subscript(option: Option<DirectiveID?>) -> StepResult? { results(of: option.name).first }

    /// The results that a list names, in its order.
    package subscript(option: Option<[DirectiveID]>) -> [StepResult] { results(of: option.name) }

    /// The same for a list that need not be given.
    package subscript(option: Option<[DirectiveID]?>) -> [StepResult]? {
        let results = results(of: option.name)
        return results.isEmpty ? nil : results
    }

    /// The result of a directive that is used by way of another.
    package subscript(inherited: InheritedInput) -> StepResult {
        get throws { try input(inherited.name) }
    }

    private func input(_ name: String) throws -> StepResult {
        guard let result = results(of: name).first else { throw MissingInput(option: name) }
        return result
    }
}

/// A step used by way of another, as `PlanningContext.use` yields it: the `data` of the directive that `evaluate` names.
package struct InheritedInput: Sendable {
    /// `evaluate.data`.
    let name: String
}

/// A step looked for the result of an option that it does not have, or that names nothing.
struct MissingInput: Error, CustomStringConvertible {
    let option: String

    var description: String { "nothing is named by the option '\(option)'" }
}

/// A moment of a long step.
package struct StepProgress: Sendable {
    /// `epoch 2/3`; empty where there is just one part.
    package var part: String
    package var done: Int
    package var total: Int
    /// How many more there will be in parts after this one, as far as that is known.
    package var later: Int
    /// What is counted: `images`.
    package var unit: String
    /// More to say: `loss 0.21`.
    package var remark: String
    /// What a curve of the step grows by: the loss of a batch.
    package var measured: Double?

    package init(
        part: String = "", done: Int, total: Int, later: Int = 0, unit: String, remark: String = "",
        measured: Double? = nil
    ) {
        self.part = part
        self.done = done
        self.total = total
        self.later = later
        self.unit = unit
        self.remark = remark
        self.measured = measured
    }
}

/// A step's refusal that belongs to one of its options: `k: 1000` where the gallery holds 72.
package struct OptionProblem: Error, Sendable {
    package var option: String
    package var code: String
    package var message: String

    package init<Value>(_ option: Option<Value>, _ code: String, _ message: String) {
        self.option = option.name
        self.code = code
        self.message = message
    }
}

/// The build was asked to stop.
package struct Interrupted: Error, Sendable {
    package init() {}
}
