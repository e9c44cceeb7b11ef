import Chapters
import Diagnostics
import Markup

extension PageWriter {
    mutating func inlines(_ inlines: [Inline]) -> String {
        var out = ""
        var index = 0
        while index < inlines.count {
            let item = inlines[index]
            index += 1
            // A line may not break between a formula and the comma after it.
            if case .math = item, index < inlines.count, case .text(let text) = inlines[index],
                let first = text.first, ".,;:!?)".contains(first)
            {
                let mark = text.prefix { ".,;:!?)".contains($0) }
                out += "<span class=\"nowrap\">\(inline(item))\(mark)</span>"
                out += HTML.escape(String(text.dropFirst(mark.count)))
                index += 1
            } else {
                out += inline(item)
            }
        }
        return out
    }

    private mutating func inline(_ inline: Inline) -> String {
        switch inline {
        case .text(let text): HTML.escape(text)
        case .code(let code): "<code>\(HTML.escape(code))</code>"
        case .emphasis(let text): "<em>\(inlines(text))</em>"
        case .strong(let text): "<strong>\(inlines(text))</strong>"
        case .strikethrough(let text): "<del>\(inlines(text))</del>"
        case .link(let destination, let title, let text, let range): link(destination, title, text, at: range)
        case .image(let source, let title, let alternative, let range):
            image(source, title, self.alternative(alternative), at: range)
        case .softBreak: "\n"
        case .lineBreak: "<br>\n"
        case .math(let math): inlineMath(math)
        case .value(let reference): value(reference)
        case .reference(let reference): self.reference(reference)
        case .footnote(let label): footnote(label)
        case .html(let html): book.settings.trust ? html : HTML.escape(html)
        }
    }

    /// What is said in place of a picture: plain text, whose references and values are checked as they are elsewhere.
    private mutating func alternative(_ prose: Prose) -> String {
        for inline in prose.inlines {
            inline.visit { inner in
                switch inner {
                case .reference(let reference): _ = self.reference(reference)
                case .value(let value): _ = self.value(value)
                default: break
                }
            }
        }
        return plain(prose.inlines)
    }

    private mutating func inlineMath(_ math: Math) -> String {
        let equation = Equation(math, display: false)
        diagnostics += equation.diagnostics
        return equation.markup
    }

    private mutating func footnote(_ label: String) -> String {
        guard footnotes[label] != nil else {
            report(.error("unknown-footnote", "there is no footnote '\(label)'", at: place(of: "[^\(label)]")))
            return "<span class=\"missing\">\(HTML.escape(label))</span>"
        }
        let isFirst = footnoteNumbers[label] == nil
        let number = footnoteNumber(label)
        if isFirst { pendingFootnotes.append(label) }
        let anchor = isFirst ? " id=\"\(id(PageID.mention(number)))\"" : ""
        // A link holds no other one: where a mention stands in one, its number leads where the link does.
        let mark = isInsideLink ? "\(number)" : "<a href=\"#\(PageID.note(number))\">\(number)</a>"
        return "<sup class=\"mention\"\(anchor)>\(mark)</sup>"
    }
}
