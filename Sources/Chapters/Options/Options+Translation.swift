import Diagnostics

extension Options {
    /// The same options with the words of a translation, which gives its id and what is read: captions and names.
    ///
    /// - Returns: nil where there is a mistake; all are listed.
    package func translated(
        by block: DirectiveBlock, parameters: [String: Settings.Parameter]
    ) -> (options: Options?, diagnostics: [Diagnostic]) {
        let words = declarations.filter { $0.isWords || $0.name == Self.id.name }
        let names = words.map(\.name)
        var diagnostics: [Diagnostic] = []
        for entry in block.entries
        where !names.contains(entry.key.value) && declarations.contains(where: { $0.name == entry.key.value }) {
            diagnostics.append(
                .error(
                    "not-translated",
                    "'\(entry.key.value)' is said once, where the original has \(kind.value) '\(id)'; a translation gives "
                        + names.joined(separator: ", "), at: entry.key.range,
                    notes: [.init("the original stands here", at: range)]))
        }
        let refused = Set(diagnostics.compactMap(\.range))
        let own = DirectiveBlock(
            kind: block.kind, entries: block.entries.filter { !refused.contains($0.key.range) }, range: block.range)
        var reader = OptionReader(own, declarations: words, parameters: parameters)
        let read = reader.read()
        diagnostics += reader.diagnostics
        guard let read, !diagnostics.contains(where: { $0.severity == .error }) else { return (nil, diagnostics) }
        return (saying(read), diagnostics)
    }
}

extension Declaration {
    /// Whether an option is said in the language of the chapter.
    fileprivate var isWords: Bool {
        guard role == .presentation else { return false }
        switch kind {
        case .text, .prose: return true
        case .list(.text, _): return true
        default: return false
        }
    }
}
