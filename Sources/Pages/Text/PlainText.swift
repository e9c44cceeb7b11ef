import Chapters
import Math

/// Running text without its markup: for the page list, the search index, titles of windows and alternatives of pictures.
struct PlainText {
    let exhibits: [String: Exhibit]
    let numbering: Numbering
    let words: Words

    func of(_ prose: Prose) -> String { of(prose.inlines) }

    func of(_ inlines: [Inline]) -> String { inlines.map(of).joined() }

    private func of(_ inline: Inline) -> String {
        switch inline {
        case .text(let text), .code(let text): text
        case .emphasis(let text), .strong(let text), .strikethrough(let text), .link(_, _, let text, _): of(text)
        case .image(_, _, let alternative, _, _): of(alternative)
        case .softBreak, .lineBreak: " "
        case .math(let math): TeXReader.read(math.tex).formula.plainText
        case .value(let reference): value(reference)
        case .reference(let reference): numbering.text(of: reference, words) ?? ""
        case .footnote, .html: ""
        }
    }

    private func value(_ reference: ValueReference) -> String {
        let exhibit = exhibits[reference.id]
        guard let value = exhibit?.values[reference.path.joined(separator: ".")] else {
            return exhibit?.pending == nil ? "–" : "…"
        }
        return reference.format.flatMap { ValueFormat($0)?.text(of: value) } ?? ValueFormat.text(of: value)
    }
}
