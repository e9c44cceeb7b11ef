import Diagnostics

/// Reads a text that is no chapter with the inline grammar of chapters.
enum ProseReader {
    struct Result {
        var prose: Prose
        var diagnostics: [Diagnostic]
        /// The parameters it mentions.
        var parameters: Set<String>
    }

    /// - Parameter range: where the text stands. Places are exact where it stands there as it is read, perhaps in
    ///   quotes; otherwise the whole range is named.
    static func read(
        _ text: String, at range: SourceRange, parameters: [String: Settings.Parameter] = [:]
    ) -> Result {
        var reader = ChapterReader(prose: text, path: range.path, parameters: parameters)
        let inlines = reader.readProse()
        let length = range.end.column - range.start.column - text.utf8.count
        let isExact =
            range.start.line == range.end.line && (length == 0 || length == 2)
            && !text.utf8.contains { $0 == 0x0A || $0 == 0x0D }
        func place(_ position: Position) -> Position {
            let column = position.column - ChapterReader.prosePrefix.count - 1 + range.start.column + length / 2
            return Position(line: range.start.line, column: min(max(column, range.start.column), range.end.column))
        }
        func move(_ inner: SourceRange) -> SourceRange {
            isExact ? SourceRange(path: range.path, start: place(inner.start), end: place(inner.end)) : range
        }
        let diagnostics = reader.diagnostics.map { problem in
            var problem = problem
            problem.range = problem.range.map(move)
            return problem
        }
        return Result(
            prose: Prose(written: text, inlines.map { $0.moved(move) }), diagnostics: diagnostics,
            parameters: reader.usedParameters)
    }
}
