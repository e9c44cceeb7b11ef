import Chapters
import Diagnostics

/// One kind of directive as the executor sees it: a name, typed options, and the step they ask for.
package protocol Directive: Sendable {
    /// The word after the fence: `train`.
    static var kind: String { get }
    /// One sentence for the reference page.
    static var summary: String { get }
    static var options: [Declaration] { get }
    /// Raised whenever the same options and inputs would yield another result than before.
    static var version: Int { get }
    /// Whether its steps want the whole machine. One heavy step runs at a time, on the build's own thread; others run
    /// beside it and each other, on any thread.
    static var isHeavy: Bool { get }
    /// The ids that its options name: by default those of the options that are references.
    static func references(in options: Options) -> [Options.Reference]

    /// The step for checked options; problems that need no execution are added to `context`.
    static func step(for options: Options, in context: inout PlanningContext) -> StepWork
}

extension Directive {
    package static var isHeavy: Bool { true }
    package static func references(in options: Options) -> [Options.Reference] { options.references }
}

/// What a directive may ask while it is planned.
package struct PlanningContext {
    /// The folder of datasets and weights (`--data`).
    package let data: String
    package let id: String
    /// Where the directive stands.
    package let range: SourceRange
    package private(set) var diagnostics: [Diagnostic] = []
    /// Steps used by way of another: `evaluate.data` is the `data` of the step that the option `evaluate` names.
    private(set) var inherited: [(name: String, id: String)] = []
    /// What the directives that this one refers to refer to in turn, by option name.
    let references: [String: [String: String]]
    /// The options of every directive that could be read, by id.
    private let planned: [String: Options]

    init(
        data: String, id: String, range: SourceRange, references: [String: [String: String]],
        planned: [String: Options]
    ) {
        self.planned = planned
        self.data = data
        self.id = id
        self.range = range
        self.references = references
    }

    package mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    /// The options of another directive of the book; nil where the id is none of that kind, which is told elsewhere.
    package func options(of id: String, as directive: any Directive.Type) -> Options? {
        guard let options = planned[id], options.kind.value == directive.kind else { return nil }
        return options
    }

    /// Makes the step named by `option`'s own option `inner` an input too, under the name `option.inner`.
    package mutating func use(_ inner: String, of option: String) {
        guard let id = references[option]?[inner] else { return }
        inherited.append((name: "\(option).\(inner)", id: id))
    }
}

/// What a step reads and does. The closure is the only part that runs.
package struct StepWork: Sendable {
    /// Files and folders whose content the result depends on: name in the key → path.
    package var data: [(name: String, path: String)]
    /// Further facts that decide the result: `weights` = `random`.
    package var facts: [(name: String, value: String)]
    /// The option whose growth continues a shorter run: such a step is given the longest result that it can go on from.
    package var growing: String?
    package var run: @Sendable (StepContext) throws -> Outcome

    package init(
        data: [(name: String, path: String)] = [], facts: [(name: String, value: String)] = [], growing: String? = nil,
        run: @escaping @Sendable (StepContext) throws -> Outcome
    ) {
        self.data = data
        self.facts = facts
        self.growing = growing
        self.run = run
    }
}

/// What a running step is given.
package struct StepContext: Sendable {
    /// The results this step refers to, by option name: `data`, `train`.
    package let inputs: [String: StepResult]
    /// A folder of this step's own, by its key; not there until the step creates it. What an interrupted run left in it
    /// is found again by a run with the same key; after success it is removed.
    package let scratch: String
    /// The same for options that are lists of ids, in their order.
    package let lists: [String: [StepResult]]
    /// Tells how far the step is; may be called from any thread.
    package let progress: @Sendable (StepProgress) -> Void
    /// Throws `Interrupted` once the build should stop.
    package let checkInterruption: @Sendable () throws -> Void
    /// Where the step grows: the longest run with otherwise equal inputs. The outcome must not depend on its being there.
    package internal(set) var shorter: StepResult? = nil
}

/// A moment of a long step.
package struct StepProgress: Sendable {
    /// `epoch 2/3`; empty where there is just one part.
    package var part: String
    package var done: Int
    package var total: Int
    /// What is counted: `images`.
    package var unit: String
    /// More to say: `loss 0.21`.
    package var remark: String

    package init(part: String = "", done: Int, total: Int, unit: String, remark: String = "") {
        self.part = part
        self.done = done
        self.total = total
        self.unit = unit
        self.remark = remark
    }
}

/// What a step yields.
package struct Outcome: Sendable {
    /// Named bytes that make up the result: their digests decide what runs next.
    package var artifacts: [String: [UInt8]]
    /// Named bytes that differ from run to run, such as times: kept, never part of a digest.
    package var measurements: [String: [UInt8]]
    package var warnings: [String]
    /// What a reader must know before believing the numbers; steps that use this one inherit it.
    package var marks: [ResultMark]

    package init(
        artifacts: [String: [UInt8]], measurements: [String: [UInt8]] = [:], warnings: [String] = [],
        marks: [ResultMark] = []
    ) {
        self.artifacts = artifacts
        self.measurements = measurements
        self.warnings = warnings
        self.marks = marks
    }
}

/// `random weights`, with the sentence that explains it.
package struct ResultMark: Sendable, Hashable, Codable {
    package var label: String
    package var explanation: String

    package init(label: String, explanation: String) {
        self.label = label
        self.explanation = explanation
    }
}

/// A step's refusal that belongs to one of its options: `k: 1000` where the gallery holds 72.
package struct OptionProblem: Error, Sendable {
    package var option: String
    package var code: String
    package var message: String

    package init(option: String, code: String, message: String) {
        self.option = option
        self.code = code
        self.message = message
    }
}

/// The build was asked to stop.
package struct Interrupted: Error, Sendable {
    package init() {}
}
