import Chapters
import Diagnostics
import Markup

extension PageWriter {
    mutating func block(_ block: Block) -> String {
        switch block {
        case .heading(let level, let text, let id, let range): heading(level, text, id, range)
        case .paragraph(let text): "<p>\(inlines(text))</p>\n"
        case .list(let list): self.list(list)
        case .quote(let blocks): "<blockquote>\n\(nested(blocks))</blockquote>\n"
        case .fence(let fence): self.fence(fence)
        case .table(let table): textTable(table)
        case .math(let math, let label): displayMath(math, label)
        case .rule: "<hr>\n"
        case .html(let html):
            book.settings.trust ? html + "\n" : "<pre class=\"raw\"><code>\(HTML.escape(html))</code></pre>\n"
        }
    }

    mutating func nested(_ blocks: [Block]) -> String {
        nesting += 1
        defer { nesting -= 1 }
        return blocks.map { block($0) }.joined()
    }

    private mutating func heading(_ level: Int, _ text: [Inline], _ name: String, _ range: SourceRange) -> String {
        if numbering.taken[chapter.page]?.contains(name) == true {
            report(
                .error(
                    "duplicate-label",
                    "the label '\(name)' is that of a figure, table, claim or equation of this chapter; rename it",
                    at: range))
        }
        let element = "h\(max(1, min(level, 6)))"
        let isTitle =
            level == 1 && chapter.slug == book.chapters.first?.slug && "\(chapter.title)" == "\(book.settings.title)"
        // The title block says it already; the anchor stays.
        if isTitle { return "<span id=\"\(id(name))\"></span>\n" }
        let number = numbering.headings[chapter.page]?[name] ?? ""
        let id = id(name)
        return """
            <\(element) id="\(id)"><span class="number">\(number)</span> \(inlines(text)) \
            <a class="anchor" href="#\(id)" aria-label="\(HTML.escape(words.linkHere))">#</a></\(element)>

            """
    }

    private mutating func list(_ list: List) -> String {
        let tasks = list.items.contains { $0.task != nil }
        let classes = [list.tight ? "tight" : nil, tasks ? "tasks" : nil].compactMap { $0 }.joined(separator: " ")
        var attributes = classes.isEmpty ? "" : " class=\"\(classes)\""
        if let start = list.start, start != 1 { attributes += " start=\"\(start)\"" }
        let element = list.start == nil ? "ul" : "ol"
        var out = "<\(element)\(attributes)>\n"
        for item in list.items { out += "<li>\(self.item(item, tight: list.tight))</li>\n" }
        return out + "</\(element)>\n"
    }

    private mutating func item(_ item: List.Item, tight: Bool) -> String {
        var out = item.task.map { "<input type=\"checkbox\" disabled\($0 ? " checked" : "")> " } ?? ""
        nesting += 1
        defer { nesting -= 1 }
        for block in item.blocks {
            if tight, case .paragraph(let text) = block {
                out += inlines(text)
            } else {
                out += self.block(block)
            }
        }
        return out
    }

    private mutating func fence(_ fence: Fence) -> String {
        if let id = directives[fence.range] { return directive(id, fence) }
        let language = fence.info.split(separator: " ").first.map(String.init) ?? ""
        let attribute = language.isEmpty ? "" : " class=\"language-\(HTML.escape(language))\""
        return "<pre class=\"code\" tabindex=\"0\"><code\(attribute)>\(HTML.escape(fence.body))</code></pre>\n"
    }

    private mutating func textTable(_ table: TextTable) -> String {
        func style(_ column: Int) -> String {
            guard column < table.alignments.count else { return "" }
            switch table.alignments[column] {
            case .natural: return ""
            case .left: return " class=\"left\""
            case .center: return " class=\"center\""
            case .right: return " class=\"right\""
            }
        }
        var out = "<div class=\"scroll\"><table class=\"written\">\n<thead><tr>"
        for (column, cell) in table.header.enumerated() {
            out += "<th scope=\"col\"\(style(column))>\(inlines(cell))</th>"
        }
        out += "</tr></thead>\n<tbody>\n"
        for row in table.rows {
            out += "<tr>"
            for (column, cell) in row.enumerated() { out += "<td\(style(column))>\(inlines(cell))</td>" }
            out += "</tr>\n"
        }
        return out + "</tbody></table></div>\n"
    }

    private mutating func displayMath(_ math: Math, _ label: String?) -> String {
        let equation = Equation(math, display: true)
        diagnostics += equation.diagnostics
        guard let label, let place = numbering.equations[Numbering.bare(label)] else {
            return "<div class=\"equation\"><div class=\"formula\">\(equation.markup)</div></div>\n"
        }
        let anchor = HTML.escape(place.anchor)
        return """
            <div class="equation numbered" id="\(id(place.anchor))"><div class="formula">\(equation.markup)</div>\
            <a class="equation-number" href="#\(anchor)">(\(place.number))</a></div>

            """
    }

    // MARK: Footnotes

    /// The notes mentioned in the block just written: in the margin on a wide page, below the block on a narrow one.
    mutating func marginNotes() -> String {
        var out = ""
        var next = 0
        defer { pendingFootnotes = [] }
        // A note may mention another one.
        while next < pendingFootnotes.count {
            let label = pendingFootnotes[next]
            next += 1
            guard let note = footnotes[label] else { continue }
            let number = footnoteNumber(label)
            let back = HTML.escape(words.back)
            out += "<aside class=\"margin-note\" id=\"\(id(PageID.note(number)))\" role=\"note\">"
            out += "<a class=\"note-number\" href=\"#\(PageID.mention(number))\" aria-label=\"\(back)\">\(number)</a> "
            out += nested(note.blocks) + "</aside>\n"
        }
        return out
    }

    mutating func footnoteNumber(_ label: String) -> Int {
        if let number = footnoteNumbers[label] { return number }
        let number = footnoteNumbers.count + 1
        footnoteNumbers[label] = number
        return number
    }
}
