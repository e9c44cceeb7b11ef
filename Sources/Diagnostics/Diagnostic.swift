/// A place in a source file: 1-based line, 1-based column counted in UTF-8 bytes.
package struct Position: Sendable, Hashable, Comparable, Codable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (a: Position, b: Position) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

/// A stretch of one source file; `end` is exclusive.
package struct SourceRange: Sendable, Hashable, Codable {
    package var path: String
    package var start: Position
    package var end: Position

    package init(path: String, start: Position, end: Position) {
        self.path = path
        self.start = start
        self.end = end
    }
}

/// One problem (or remark) an author can act on: what, where, what to do.
package struct Diagnostic: Sendable, Hashable {
    package enum Severity: String, Sendable, Codable { case error, warning, note }

    package var severity: Severity
    /// A stable kebab-case name, printed in brackets: `unknown-option`.
    package var code: String
    /// One sentence without a full stop; ends with what to do where that is known.
    package var message: String
    package var range: SourceRange?
    /// Further places that explain this one, such as the first of two equal ids.
    package var notes: [Note]

    package struct Note: Sendable, Hashable {
        package var message: String
        package var range: SourceRange?

        package init(_ message: String, at range: SourceRange? = nil) {
            self.message = message
            self.range = range
        }
    }

    package init(
        _ severity: Severity, _ code: String, _ message: String, at range: SourceRange? = nil, notes: [Note] = []
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.range = range
        self.notes = notes
    }

    package static func error(
        _ code: String, _ message: String, at range: SourceRange? = nil, notes: [Note] = []
    ) -> Diagnostic {
        Diagnostic(.error, code, message, at: range, notes: notes)
    }

    package static func warning(
        _ code: String, _ message: String, at range: SourceRange? = nil, notes: [Note] = []
    ) -> Diagnostic {
        Diagnostic(.warning, code, message, at: range, notes: notes)
    }
}

/// The author's mistakes, thrown when a stage cannot yield its value.
package struct Problems: Error, Sendable {
    package var diagnostics: [Diagnostic]

    package init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}
