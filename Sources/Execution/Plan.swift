import Chapters
import Diagnostics

/// The book's directives as typed steps in an order that respects what they use.
///
/// A plan exists only when nothing is wrong with any directive; otherwise all problems are known at once.
package struct Plan: Sendable {
    /// In execution order: every step after those it uses; otherwise in the order of the text.
    package let steps: [PlannedStep]
    /// Fences that are directives, by their range: for the page to know which to replace. Those with mistakes too, as far
    /// as their ids can be read.
    package let directives: [SourceRange: String]

    package subscript(id: String) -> PlannedStep? { steps.first { $0.id == id } }
}

/// One directive, checked.
package struct PlannedStep: Sendable {
    package let id: String
    package let directive: any Directive.Type
    package let options: Options
    /// The steps it uses: option name → id.
    package let uses: [(name: String, id: String)]
    package let work: StepWork
    package let range: SourceRange
    /// The folder of datasets and weights.
    let data: String

    package var title: String { "\(directive.kind) \(id)" }

    /// What it has to do.
    package var workload: Workload { work.workload() ?? .once(directive.kind) }

    /// The same step shown in other words.
    func with(_ options: Options) -> PlannedStep {
        PlannedStep(
            id: id, directive: directive, options: options, uses: uses, work: work, range: range, data: data)
    }
}

extension Plan {
    /// Plans every directive of the book.
    ///
    /// - Throws: `Problems` with everything that is wrong: unknown directives, options and ids, wrong types, equal
    ///   ids, cycles. Nothing has been executed by then. O(directives + references).
    package init(_ book: Book, directives kinds: [any Directive.Type], data: String) throws(Problems) {
        let (plan, diagnostics) = Plan.load(book, directives: kinds, data: data)
        guard !diagnostics.contains(where: { $0.severity == .error }) else { throw Problems(diagnostics) }
        self = plan
    }

    /// As much of a plan as can be made, and everything that is wrong with it; to be run only where nothing is.
    package static func load(
        _ book: Book, directives kinds: [any Directive.Type], data: String
    ) -> (plan: Plan, diagnostics: [Diagnostic]) {
        var reading = Reading(kinds: kinds, parameters: book.settings.parameters)
        for chapter in book.chapters { reading.read(chapter) }
        reading.resolveReferences()
        let ordered = reading.ordered()
        var steps: [PlannedStep] = []
        let planned = Dictionary(ordered.map { ($0.id, $0.options) }, uniquingKeysWith: { first, _ in first })
        for draft in ordered { steps.append(reading.step(draft, data: data, among: planned)) }
        // What is missing outside the text is one cause, however many directives need it.
        reading.diagnostics += merged(reading.missing)
        return (Plan(steps: steps, directives: reading.directives), reading.diagnostics)
    }

    /// The steps that `ids` need, themselves included, in order.
    package func reaching(_ ids: Set<String>) -> [PlannedStep] {
        var wanted = ids
        for step in steps.reversed() where wanted.contains(step.id) {
            wanted.formUnion(step.uses.map(\.id))
        }
        return steps.filter { wanted.contains($0.id) }
    }
}

/// A directive with options read but nothing resolved.
private struct Draft {
    let directive: any Directive.Type
    let options: Options
    let range: SourceRange
    let references: [Options.Reference]

    init(directive: any Directive.Type, options: Options, range: SourceRange) {
        self.directive = directive
        self.options = options
        self.range = range
        references = directive.references(in: options)
    }

    var id: String { options.id }
    var idRange: SourceRange { options.range(of: "id") ?? range }
}

/// Collects directives and problems while a plan is made.
private struct Reading {
    let kinds: [String: any Directive.Type]
    let parameters: [String: Settings.Parameter]
    var drafts: [Draft] = []
    var indexByID: [String: Int] = [:]
    /// Ids of directives whose options were refused: known, so that references to them are not reported again.
    var refusedIDs: Set<String> = []
    /// Ranges and ids of all directives, refused ones too.
    var directives: [SourceRange: String] = [:]
    var diagnostics: [Diagnostic] = []
    /// What directives said when they were planned.
    var missing: [Diagnostic] = []

    init(kinds: [any Directive.Type], parameters: [String: Settings.Parameter]) {
        self.kinds = Dictionary(kinds.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        self.parameters = parameters
    }

    mutating func read(_ chapter: Chapter) {
        chapter.forEachFence { read($0) }
        for fence in chapter.buried { tell(fence) }
    }

    /// A directive that Markdown takes for part of something else: nobody meant that, except in a comment or as code.
    private mutating func tell(_ fence: BuriedFence) {
        guard let word = fence.info.split(separator: " ").first.map(String.init), kinds[word] != nil else { return }
        let place = "line \(fence.start.line)"
        let (severity, reason): (Diagnostic.Severity, String) =
            switch fence.container {
            case .comment: (.warning, "it stands in the comment that begins in \(place) and is not run")
            case .verbatim:
                (.warning, "it stands in the HTML of \(place), where nothing is read as Markdown, and is not run")
            case .html:
                (
                    .error,
                    "it is taken for a part of the HTML of \(place), which ends with an empty line; put one before it"
                )
            case .paragraph:
                (
                    .error,
                    "it goes on a paragraph; put an empty line before it, and begin it with three backticks at the left"
                )
            case .indentation:
                (
                    .error,
                    "four blanks or more make a line code; begin it farther left, below the text that it belongs to"
                )
            }
        diagnostics.append(
            Diagnostic(severity, "buried-directive", "this '\(word)' is no directive: \(reason)", at: fence.range))
    }

    private mutating func read(_ fence: Fence) {
        guard let directive = directive(of: fence) else { return }
        let (block, bodyProblems) = DirectiveBlock.read(fence)
        diagnostics += bodyProblems
        guard let block else {
            // Known as far as the id can be guessed, so that nothing else is blamed for not finding it.
            let line = fence.body.split(whereSeparator: \.isNewline).first { $0.hasPrefix("id:") }
            if let id = line?.dropFirst(3).split(separator: " ").first.map(String.init), indexByID[id] == nil {
                refusedIDs.insert(id)
                directives[fence.range] = id
            }
            return
        }
        let (options, problems) = Options.read(
            block, declarations: directive.options, parameters: parameters)
        diagnostics += problems
        guard let options else {
            for case (let key, .scalar(let id, _)) in block.entries.map({ ($0.key.value, $0.value.value) })
            where key == "id" {
                refusedIDs.insert(id)
                directives[fence.range] = id
            }
            return
        }
        let draft = Draft(directive: directive, options: options, range: fence.range)
        if let first = indexByID[draft.id] {
            diagnostics.append(
                .error(
                    "duplicate-id", "the id '\(draft.id)' is taken; choose another", at: draft.idRange,
                    notes: [.init("first used here", at: drafts[first].idRange)]))
            return
        }
        indexByID[draft.id] = drafts.count
        directives[draft.range] = draft.id
        drafts.append(draft)
    }

    /// The kind that a fence names, with a word for the author where it nearly names one.
    private mutating func directive(of fence: Fence) -> (any Directive.Type)? {
        let words = fence.info.split(separator: " ").map(String.init)
        guard let word = words.first else { return nil }
        if fence.info.hasPrefix("{") { tellBraces(fence) }
        if let directive = kinds[word] {
            guard words.count == 1 else {
                diagnostics.append(
                    .error(
                        "directive-argument",
                        "'\(word)' takes nothing after its name; write options as 'name: value' lines in the body",
                        at: fence.infoRange))
                return nil
            }
            return directive
        }
        if let meant = nearest(to: word, among: kinds.keys.sorted()), words.count == 1 {
            diagnostics.append(
                .error(
                    "unknown-directive", "unknown directive '\(word)'; did you mean '\(meant)'?", at: fence.infoRange))
        }
        return nil
    }

    /// ```` ```{ .train #id } ````, as other programs mark blocks.
    private mutating func tellBraces(_ fence: Fence) {
        let classes = fence.info.split(whereSeparator: { "{} ,".contains($0) }).map { $0.drop { ".=".contains($0) } }
        guard let word = classes.first.map(String.init), let meant = nearest(to: word, among: kinds.keys.sorted()),
            // What `directive(of:)` tells itself.
            fence.info.contains(" ") || nearest(to: fence.info, among: kinds.keys.sorted()) == nil
        else { return }
        diagnostics.append(
            .error(
                "unknown-directive",
                "'\(fence.info)' marks a block of code; write '\(meant)' alone, and options in the body",
                at: fence.infoRange))
    }

    mutating func resolveReferences() {
        let ids = drafts.map(\.id)
        let hints = Hints(ids.sorted())
        for draft in drafts {
            for reference in draft.references {
                guard let index = indexByID[reference.id] else {
                    if refusedIDs.contains(reference.id) { continue }
                    diagnostics.append(unknownID(reference.id, at: reference.range, hints))
                    continue
                }
                let kind = drafts[index].directive.kind
                if !reference.kinds.isEmpty, !reference.kinds.contains(kind) {
                    let wanted = reference.kinds.map { "'\($0)'" }.joined(separator: " or ")
                    diagnostics.append(
                        .error(
                            "wrong-kind",
                            "'\(reference.name)' expects the id of a \(wanted), but '\(reference.id)' is a '\(kind)'",
                            at: reference.range,
                            notes: [.init("'\(reference.id)' is defined here", at: drafts[index].idRange)]))
                }
            }
        }
    }

    private func unknownID(_ id: String, at range: SourceRange, _ hints: Hints) -> Diagnostic {
        .error("unknown-id", "no directive has the id '\(id)'\(hints.hint(for: id))", at: range)
    }

    /// Depth-first in text order; a cycle is reported at the value that closes it.
    mutating func ordered() -> [Draft] {
        var order: [Draft] = []
        var state = [State](repeating: .unseen, count: drafts.count)
        for root in drafts.indices where state[root] == .unseen {
            // An explicit stack: a chain of ten thousand steps is no reason to overflow ours.
            var stack: [(draft: Int, next: Int)] = [(root, 0)]
            state[root] = .open
            while let (draft, next) = stack.last {
                let references = drafts[draft].references
                guard next < references.count else {
                    state[draft] = .done
                    order.append(drafts[draft])
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                guard let target = indexByID[references[next].id] else { continue }
                switch state[target] {
                case .done: continue
                case .unseen:
                    state[target] = .open
                    stack.append((target, 0))
                case .open:
                    let start = stack.firstIndex { $0.draft == target } ?? 0
                    let path = stack[start...].map { drafts[$0.draft].id } + [drafts[target].id]
                    diagnostics.append(
                        .error(
                            "cycle", "these directives use each other in a circle: \(path.joined(separator: " → "))",
                            at: references[next].range))
                }
            }
        }
        return order
    }

    private enum State { case unseen, open, done }

    mutating func step(_ draft: Draft, data: String, among planned: [String: Options]) -> PlannedStep {
        let direct = draft.references.map { (name: $0.name, id: $0.id) }
        let inner = direct.map { use in
            let references = indexByID[use.id].map { drafts[$0].references } ?? []
            return (use.name, Dictionary(references.map { ($0.name, $0.id) }, uniquingKeysWith: { first, _ in first }))
        }
        var context = PlanningContext(
            data: data, id: draft.id, range: draft.range,
            references: Dictionary(inner, uniquingKeysWith: { first, _ in first }), planned: planned)
        let work = draft.directive.step(for: draft.options, in: &context)
        missing += context.diagnostics
        return PlannedStep(
            id: draft.id, directive: draft.directive, options: draft.options, uses: direct + context.inherited,
            work: work, range: draft.range, data: data)
    }
}
