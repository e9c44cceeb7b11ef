import Chapters

/// Running text without its markup, for the search index and the page list.
enum PlainText {
    static func of(_ inlines: [Inline]) -> String { inlines.map(of).joined() }

    private static func of(_ inline: Inline) -> String {
        switch inline {
        case .text(let text), .code(let text): text
        case .emphasis(let text), .strong(let text), .strikethrough(let text): of(text)
        case .link(_, _, let text, _): of(text)
        case .image(_, _, let alternative, _): alternative
        case .softBreak, .lineBreak: " "
        case .math(let math): math.tex.contains("\\") ? "" : math.tex
        case .value, .reference, .footnote, .html: ""
        }
    }
}
