import Chapters
import Diagnostics
import Markup

extension PageWriter {
    mutating func inlines(_ inlines: [Inline]) -> HTML {
        var nodes: [HTML] = []
        var index = 0
        while index < inlines.count {
            let item = inlines[index]
            index += 1
            // A line may not break between a formula and the comma after it.
            if case .math = item, index < inlines.count, case .text(let text) = inlines[index],
                let first = text.first, ".,;:!?)".contains(first)
            {
                let mark = text.prefix { ".,;:!?)".contains($0) }
                nodes.append(.element("span", ["class": "nowrap"], inline(item), .text(String(mark))))
                nodes.append(.text(String(text.dropFirst(mark.count))))
                index += 1
            } else {
                nodes.append(inline(item))
            }
        }
        return .group(nodes)
    }

    private mutating func inline(_ inline: Inline) -> HTML {
        switch inline {
        case .text(let text): .text(text)
        case .code(let code): .element("code", .text(code))
        case .emphasis(let text): .element("em", inlines(text))
        case .strong(let text): .element("strong", inlines(text))
        case .strikethrough(let text): .element("del", inlines(text))
        case .link(let destination, let title, let text, let range): link(destination, title, text, at: range)
        case .image(let source, let title, let alternative, let width, let range):
            image(source, title, self.alternative(alternative), width: width, at: range)
        case .softBreak: "\n"
        case .lineBreak: .line("br")
        case .math(let math): inlineMath(math)
        case .value(let reference): value(reference)
        case .reference(let reference): self.reference(reference)
        case .footnote(let label): footnote(label)
        case .html(let html): book.settings.trust ? .raw(html) : .text(html)
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

    private mutating func inlineMath(_ math: Math) -> HTML {
        let equation = Equation(math, display: false)
        diagnostics += equation.diagnostics
        return equation.markup
    }

    private mutating func footnote(_ label: String) -> HTML {
        guard footnotes[label] != nil else {
            report(.error("unknown-footnote", "there is no footnote '\(label)'", at: place(of: "[^\(label)]")))
            return missing(label)
        }
        let isFirst = footnoteNumbers[label] == nil
        let number = footnoteNumber(label)
        if isFirst { pendingFootnotes.append(label) }
        let id = isFirst ? id(PageID.mention(number)) : nil
        // A link holds no other one: where a mention stands in one, its number leads where the link does.
        let mark: HTML =
            isInsideLink ? "\(number)" : .element("a", ["href": "#\(PageID.note(number))"], "\(number)")
        return .element("sup", ["class": "mention", "id": id], mark)
    }

    /// What stands in place of something that is not there.
    func missing(_ text: String) -> HTML { .element("span", ["class": "missing"], .text(text)) }
}
