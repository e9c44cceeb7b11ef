import Chapters

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
        case .image(_, _, let alternative, _): of(alternative)
        case .softBreak, .lineBreak: " "
        case .math(let math): TeXReader.read(math.tex).formula.plainText
        case .value(let reference): value(reference)
        case .reference(let reference): numbering.text(of: reference, words) ?? ""
        case .footnote, .html: ""
        }
    }

    private func value(_ reference: ValueReference) -> String {
        guard let value = exhibits[reference.id]?.values[reference.path.joined(separator: ".")] else { return "–" }
        return reference.format.flatMap { ValueFormat($0)?.text(of: value) } ?? ValueFormat.text(of: value)
    }
}

extension Formula {
    /// In one line, as one would say it in a message: `α`, `L_t`, `1/2`.
    var plainText: String {
        switch self {
        case .row(let items): items.map(\.plainText).joined()
        case .identifier(let text, _), .number(let text), .symbol(let text, _), .delimiter(let text, _, _), .large(let text),
            .named(let text, _), .text(let text), .failure(let text):
            text
        case .fenced(let open, let body, let close): open + body.plainText + close
        case .fraction(let above, let below, let line): above.plainText + (line ? "/" : " ") + below.plainText
        case .root(let body, _): "√(\(body.plainText))"
        case .scripts(let base, let below, let above):
            base.plainText + (below.map { "_" + $0.plainText } ?? "") + (above.map { "^" + $0.plainText } ?? "")
        case .accent(_, let base, _, _), .stacked(let base, _), .styled(let base, _): base.plainText
        case .space: " "
        case .table(let rows, _): rows.map { $0.map(\.plainText).joined(separator: " ") }.joined(separator: "; ")
        }
    }
}
