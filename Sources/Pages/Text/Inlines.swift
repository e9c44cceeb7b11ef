import Chapters
import Diagnostics

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
        case .link(let destination, let title, let text): link(destination, title, text)
        case .image(let source, let title, let alternative): image(source, title, plain(alternative.inlines))
        case .softBreak: "\n"
        case .lineBreak: "<br>\n"
        case .math(let math): inlineMath(math)
        case .value(let reference): value(reference)
        case .reference(let reference): self.reference(reference)
        case .footnote(let label): footnote(label)
        case .html(let html): book.settings.trust ? html : HTML.escape(html)
        }
    }

    private mutating func link(_ destination: String, _ title: String, _ text: [Inline]) -> String {
        let content = inlines(text)
        guard let safe = HTML.safeAddress(destination) else {
            report(
                .warning(
                    "unsafe-link", "the link '\(destination)' is dropped; use http, https, mailto or a chapter's file",
                    at: place(of: destination)))
            return content
        }
        let address = chapterAddress(safe)
        let attribute = title.isEmpty ? "" : " title=\"\(HTML.escape(title))\""
        let outside = HTML.isExternal(address) ? " rel=\"noopener noreferrer\"" : ""
        return "<a href=\"\(HTML.escape(address))\"\(attribute)\(outside)>\(content)</a>"
    }

    /// `03-models.md#layers` as the page it became.
    private mutating func chapterAddress(_ address: String) -> String {
        guard !HTML.isExternal(address) else { return address }
        let parts = address.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        guard let file = parts.first, file.hasSuffix(".md") else { return address }
        let name = file.split(separator: "/").last ?? file
        guard let target = book.chapters.first(where: { $0.path.split(separator: "/").last == name }) else {
            report(.error("unknown-chapter", "there is no chapter '\(name)'", at: place(of: address)))
            return "#"
        }
        return target.page + (parts.count == 2 ? "#" + parts[1] : "")
    }

    private mutating func image(_ source: String, _ title: String, _ alternative: String) -> String {
        guard let image = pictures[source] else {
            let outside = HTML.isExternal(source)
            report(
                .error(
                    outside ? "external-picture" : "unknown-picture",
                    outside
                        ? "the picture '\(source)' lies on the network; keep a copy beside the chapter"
                        : "there is no picture '\(source)'", at: place(of: source)))
            return "<span class=\"missing\">\(HTML.escape(alternative.isEmpty ? source : alternative))</span>"
        }
        let tooltip = title.isEmpty ? "" : " title=\"\(HTML.escape(title))\""
        return zoomable(img(Picture(image: image, alternative: alternative), .photograph, attributes: tooltip))
    }

    private mutating func inlineMath(_ math: Math) -> String {
        let equation = Equation(math, display: false)
        diagnostics += equation.diagnostics
        return equation.markup
    }

    private mutating func footnote(_ label: String) -> String {
        guard chapter.footnotes.contains(where: { $0.label == label }) else {
            report(.error("unknown-footnote", "there is no footnote '\(label)'", at: place(of: "[^\(label)]")))
            return "<span class=\"missing\">\(HTML.escape(label))</span>"
        }
        let isFirst = !footnoteOrder.contains(label)
        let number = footnoteNumber(label)
        if isFirst { pendingFootnotes.append(label) }
        let anchor = isFirst ? " id=\"mention-\(number)\"" : ""
        return "<sup class=\"mention\"\(anchor)><a href=\"#note-\(number)\">\(number)</a></sup>"
    }
}
