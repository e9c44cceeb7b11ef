import Chapters
import Diagnostics

/// One kind of directive as the executor sees it: a name, typed options, and the step they ask for.
package protocol Directive: Sendable {
    /// The word after the fence: `train`.
    static var kind: String { get }
    /// One sentence for the reference page.
    static var summary: String { get }
    /// All that it takes beside `id` and `caption`.
    static var options: Declarations { get }
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
    package func options(of id: DirectiveID, as directive: any Directive.Type) -> Options? {
        guard let options = planned[id.id], options.kind.value == directive.kind else { return nil }
        return options
    }

    /// Makes what `inner` names in the directive that `option` names an input too.
    package mutating func use(_ inner: Option<DirectiveID>, of option: Option<DirectiveID>) -> InheritedInput {
        let input = InheritedInput(name: "\(option.name).\(inner.name)")
        inherit(inner.name, of: option.name, as: input)
        return input
    }

    /// The same for an option that need not be given; nil where it is not.
    package mutating func use(_ inner: Option<DirectiveID>, of option: Option<DirectiveID?>) -> InheritedInput? {
        let input = InheritedInput(name: "\(option.name).\(inner.name)")
        return inherit(inner.name, of: option.name, as: input) ? input : nil
    }

    /// The same for a list, of the first directive that it names: for what all of them share.
    package mutating func use(_ inner: Option<DirectiveID>, of option: Option<[DirectiveID]>) -> InheritedInput {
        let input = InheritedInput(name: "\(option.name).\(inner.name)")
        inherit(inner.name, of: option.name, as: input)
        return input
    }

    /// The same one step further: of a directive that is used by way of another one.
    package mutating func use(_ inner: Option<DirectiveID>, of middle: InheritedInput) -> InheritedInput {
        let input = InheritedInput(name: "\(middle.name).\(inner.name)")
        let used = inherited.last { $0.name == middle.name }.flatMap { planned[$0.id] }
        if let id = used?.references.first(where: { $0.name == inner.name })?.id {
            inherited.append((name: input.name, id: id))
        }
        return input
    }

    @discardableResult
    private mutating func inherit(_ inner: String, of option: String, as input: InheritedInput) -> Bool {
        guard let id = references[option]?[inner] else { return false }
        inherited.append((name: input.name, id: id))
        return true
    }
}

/// What a step reads and does. The closure is the only part that runs.
package struct StepWork: Sendable {
    /// Files and folders whose content the result depends on: name in the key → path.
    package var data: [(name: String, path: String)]
    /// Further facts that decide the result: `weights` = `random`.
    package var facts: [(name: String, value: String)]
    /// The option whose growth continues a shorter run: such a step is given the longest result that it can go on from.
    package var growing: Option<Int>?
    /// What it has to do; nil where nothing is counted. Asked for only where something is computed or projected.
    package var workload: @Sendable () -> Workload?
    package var run: @Sendable (StepContext) throws -> Outcome

    package init(
        data: [(name: String, path: String)] = [], facts: [(name: String, value: String)] = [],
        growing: Option<Int>? = nil, workload: @autoclosure @escaping @Sendable () -> Workload? = nil,
        run: @escaping @Sendable (StepContext) throws -> Outcome
    ) {
        self.data = data
        self.facts = facts
        self.growing = growing
        self.workload = workload
        self.run = run
    }
}

extension Option<DirectiveID> {
    /// The id of a directive of one kind.
    package static func reference(_ name: String, to directive: any Directive.Type, _ help: String) -> Option {
        reference(name, to: [directive.kind], help)
    }
}
