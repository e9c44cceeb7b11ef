import Chapters
import Diagnostics

extension Plan {
    /// The same steps with the words of a book's translation: whatever a directive computes, the original says.
    ///
    /// - Returns: the plan, and what a translation lacks or says beside its words.
    package func translated(
        by translation: Book, of original: Book, directives kinds: [any Directive.Type]
    ) -> (plan: Plan, diagnostics: [Diagnostic]) {
        var reading = TranslationReading(
            plan: self, kinds: Set(kinds.map { $0.kind }), parameters: original.settings.parameters)
        for (chapter, source) in zip(translation.chapters, original.chapters) where chapter.path != source.path {
            chapter.forEachFence { reading.read($0) }
            source.forEachFence { fence in
                guard let id = directives[fence.range], !reading.seen.contains(id) else { return }
                let start = Position(line: 1, column: 1)
                reading.diagnostics.append(
                    .warning(
                        "untranslated", "'\(id)' of the original is missing here",
                        at: SourceRange(path: chapter.path, start: start, end: start),
                        notes: [.init("it stands here", at: fence.range)]))
            }
        }
        let steps = steps.map { step in
            reading.options[step.id].map { step.with($0) } ?? step
        }
        return (
            Plan(steps: steps, directives: directives.merging(reading.directives) { $1 }), reading.diagnostics
        )
    }
}

private struct TranslationReading {
    let plan: Plan
    let kinds: Set<String>
    let parameters: [String: Settings.Parameter]
    var options: [String: Options] = [:]
    var directives: [SourceRange: String] = [:]
    /// Ids that the translation names, with mistakes or without.
    var seen: Set<String> = []
    var diagnostics: [Diagnostic] = []

    mutating func read(_ fence: Fence) {
        guard let kind = fence.info.split(separator: " ").first.map(String.init), kinds.contains(kind) else { return }
        let (block, problems) = DirectiveBlock.read(fence)
        diagnostics += problems
        guard let block else { return }
        guard let entry = block.entries.first(where: { $0.key.value == Options.id.name }),
            case .scalar(let id, _) = entry.value.value
        else {
            diagnostics.append(
                .error(
                    "missing-option", "a translated \(kind) says which one of the original it is; write its 'id'",
                    at: block.kind.range))
            return
        }
        guard let step = plan[id] else {
            let near = suggestion(for: id, among: plan.steps.map(\.id))
            diagnostics.append(
                .error("unknown-id", "no directive of the original has the id '\(id)'\(near)", at: entry.value.range))
            return
        }
        guard step.directive.kind == kind else {
            diagnostics.append(
                .error(
                    "wrong-kind", "'\(id)' is a '\(step.directive.kind)' in the original, not a '\(kind)'",
                    at: block.kind.range, notes: [.init("it stands here", at: step.range)]))
            return
        }
        guard seen.insert(id).inserted else {
            diagnostics.append(
                .error("duplicate-id", "'\(id)' stands in this translation twice", at: entry.value.range))
            return
        }
        directives[fence.range] = id
        let (translated, mistakes) = step.options.translated(by: block, parameters: parameters)
        diagnostics += mistakes
        options[id] = translated
    }
}
