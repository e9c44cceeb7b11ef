import Diagnostics

/// Running text that stands alone: a caption, a title, what is said in place of a picture.
///
/// Its grammar is that of paragraphs.
package struct Prose: Sendable, Hashable, ExpressibleByStringInterpolation, CustomStringConvertible {
    /// As the author wrote it.
    package let written: String
    package let inlines: [Inline]

    package init(_ inlines: [Inline]) {
        written = inlines.plainText
        self.inlines = inlines
    }

    init(written: String, _ inlines: [Inline]) {
        self.written = written
        self.inlines = inlines
    }

    /// Reads a text of the program's own; mistakes in it stay text.
    package init(stringLiteral text: String) {
        let start = Position(line: 1, column: 1)
        self = ProseReader.read(text, at: SourceRange(path: "", start: start, end: start)).prose
    }

    package var description: String { inlines.plainText }

    package static func == (a: Prose, b: Prose) -> Bool { a.written == b.written }

    package func hash(into hasher: inout Hasher) { hasher.combine(written) }
}

extension Inline {
    /// The same with every place moved.
    func moved(_ move: (SourceRange) -> SourceRange) -> Inline {
        func all(_ text: [Inline]) -> [Inline] { text.map { $0.moved(move) } }
        switch self {
        case .text, .code, .softBreak, .lineBreak, .footnote, .html: return self
        case .emphasis(let text): return .emphasis(all(text))
        case .strong(let text): return .strong(all(text))
        case .strikethrough(let text): return .strikethrough(all(text))
        case .link(let destination, let title, let text, let range):
            return .link(destination: destination, title: title, text: all(text), range: range.map(move))
        case .image(let source, let title, let alternative, let width, let range):
            let moved = Prose(written: alternative.written, all(alternative.inlines))
            return .image(source: source, title: title, alternative: moved, width: width, range: range.map(move))
        case .math(var math):
            math.range = move(math.range)
            return .math(math)
        case .value(var value):
            value.range = move(value.range)
            return .value(value)
        case .reference(var reference):
            reference.range = move(reference.range)
            return .reference(reference)
        }
    }
}
