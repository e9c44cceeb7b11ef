import Diagnostics

extension DirectiveBlock {
    /// Reads a fence whose first word names a directive.
    ///
    /// Nil after an error in the body; an empty body has no entries. Whether the kind exists and its options fit is not asked here.
    package static func read(_ fence: Fence) -> (block: DirectiveBlock?, diagnostics: [Diagnostic]) {
        let path = fence.range.path
        var diagnostics: [Diagnostic] = []
        let name = String(fence.info.prefix { $0 != " " && $0 != "\t" })
        let start = fence.infoRange.start
        let end = Position(line: start.line, column: start.column + name.utf8.count)
        let kind = Located(name, at: SourceRange(path: path, start: start, end: end))
        let rest = fence.info.dropFirst(name.count)
        let words = trimmed(rest)
        if !words.isEmpty {
            let column = fence.infoRange.end.column - words.utf8.count
            diagnostics.append(
                .error(
                    "directive-words",
                    "nothing may follow the name '\(name)'; options stand below, one 'name: value' a line",
                    at: SourceRange(
                        path: path, start: Position(line: start.line, column: column), end: fence.infoRange.end)))
        }
        let body = LineTable(fence.body)
        var reader = YAMLReader(fence.body, path: path) { fence.position(of: $0, in: body) }
        let root = reader.read()
        diagnostics.append(contentsOf: reader.diagnostics)
        var entries: [OptionValue.Entry] = []
        switch root?.value {
        case nil: break
        case .mapping(let found): entries = found
        default:
            diagnostics.append(
                .error(
                    "not-a-mapping", "the options of '\(name)' are lines of 'name: value'",
                    at: root?.range ?? fence.range))
        }
        guard !diagnostics.contains(where: { $0.severity == .error }) else { return (nil, diagnostics) }
        return (DirectiveBlock(kind: kind, entries: entries, range: fence.range), diagnostics)
    }
}

extension Fence {
    /// The place in the chapter of a byte of the body; for the end of the body, the end of its last text.
    func position(of offset: Int, in body: LineTable) -> Position {
        var offset = offset
        if offset >= body.bytes.count {
            while offset > 0, body.bytes[min(offset, body.bytes.count) - 1].isBlank { offset -= 1 }
        }
        let inner = body.position(of: offset)
        let index = inner.line - 1
        let column = bodyColumns.indices.contains(index) ? bodyColumns[index] : bodyStart.column
        return Position(line: bodyStart.line + index, column: max(1, column + inner.column - 1))
    }
}
