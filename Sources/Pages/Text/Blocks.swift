import Chapters
import Diagnostics
import Markup

extension PageWriter {
    mutating func block(_ block: Block) -> HTML {
        switch block {
        case .heading(let level, let text, let id, let range): heading(level, text, id, range)
        case .paragraph(let text): .line("p", inlines(text))
        case .list(let list): self.list(list)
        case .quote(let blocks): .block("blockquote", nested(blocks))
        case .callout(let callout): self.callout(callout)
        case .fence(let fence): self.fence(fence)
        case .table(let table): textTable(table)
        case .figure(let figure): self.figure(figure)
        case .math(let math, let label): displayMath(math, label)
        case .rule: .line("hr")
        case .html(let html):
            book.settings.trust
                ? .group([.raw(html), "\n"])
                : .line("pre", ["class": "raw"], .element("code", .text(html)))
        }
    }

    mutating func nested(_ blocks: [Block]) -> HTML {
        nesting += 1
        defer { nesting -= 1 }
        return .group(blocks.map { block($0) })
    }

    private mutating func heading(_ level: Int, _ text: [Inline], _ name: String, _ range: SourceRange) -> HTML {
        if numbering.taken[chapter.page]?.contains(name) == true {
            report(
                .error(
                    "duplicate-label",
                    "the label '\(name)' is that of a figure, table, claim or equation of this chapter; rename it",
                    at: range))
        }
        let isTitle =
            level == 1 && chapter.slug == book.chapters.first?.slug && "\(chapter.title)" == "\(book.settings.title)"
        let id = id(name)
        // The title block says it already; the anchor stays.
        if isTitle { return .line("span", ["id": id]) }
        return .line(
            "h\(max(1, min(level, 6)))", ["id": id],
            .element("span", ["class": "number"], .text(numbering.headings[chapter.page]?[name] ?? "")), " ",
            inlines(text), " ",
            .element("a", ["class": "anchor", "href": "#" + id, "aria-label": words.linkHere], "#"))
    }

    private mutating func list(_ list: List) -> HTML {
        let tasks = list.items.contains { $0.task != nil }
        let classes = [list.tight ? "tight" : nil, tasks ? "tasks" : nil].compactMap { $0 }.joined(separator: " ")
        let items = list.items.map { HTML.line("li", item($0, tight: list.tight)) }
        return .block(
            list.start == nil ? "ul" : "ol",
            ["class": classes.isEmpty ? nil : classes, "start": list.start == 1 ? nil : list.start], .group(items))
    }

    private mutating func item(_ item: List.Item, tight: Bool) -> HTML {
        var nodes: [HTML] = []
        if let isDone = item.task {
            nodes = [.element("input", ["type": "checkbox", "disabled": true, "checked": isDone]), " "]
        }
        nesting += 1
        defer { nesting -= 1 }
        for block in item.blocks {
            if tight, case .paragraph(let text) = block {
                nodes.append(inlines(text))
            } else {
                nodes.append(self.block(block))
            }
        }
        return .group(nodes)
    }

    private mutating func fence(_ fence: Fence) -> HTML {
        if let id = directives[fence.range] { return directive(id, fence) }
        let language = fence.info.split(separator: " ").first.map { "language-\($0)" }
        return .line("pre", ["class": "code", "tabindex": 0], .element("code", ["class": language], .text(fence.body)))
    }

    private mutating func textTable(_ table: TextTable) -> HTML {
        func style(_ column: Int) -> String? {
            guard column < table.alignments.count else { return nil }
            switch table.alignments[column] {
            case .natural: return nil
            case .left: return "left"
            case .center: return "center"
            case .right: return "right"
            }
        }
        let plain = PlainText(exhibits: exhibits, numbering: numbering, words: words)
        let titles = table.header.enumerated().map { column, cell in
            // A heading without words heads nothing; formulas are read aloud by few, so that their text stands beside them.
            guard !cell.isEmpty else { return HTML.element("td", ["class": style(column)]) }
            var content = inlines(cell)
            if cell.hasFormula {
                content = .group([
                    .element("span", ["aria-hidden": "true"], content),
                    .element("span", ["class": "offscreen"], .text(plain.of(cell))),
                ])
            }
            return HTML.element("th", ["scope": "col", "class": style(column)], content)
        }
        let rows = table.rows.map { row in
            let cells = row.enumerated().map { column, cell in
                HTML.element("td", ["class": style(column)], inlines(cell))
            }
            return HTML.line("tr", .group(cells))
        }
        let markup = HTML.line(
            "div", ["class": "scroll"],
            .element(
                "table", ["class": "written"], "\n", .line("thead", .element("tr", .group(titles))),
                .element("tbody", "\n", .group(rows))))
        return table.caption.isEmpty && table.label == nil ? markup : captioned(table, markup)
    }

    private mutating func displayMath(_ math: Math, _ label: String?) -> HTML {
        let equation = Equation(math, display: true)
        diagnostics += equation.diagnostics
        let formula = HTML.element("div", ["class": "formula"], equation.markup)
        guard let label, let place = numbering.equations[Numbering.bare(label)] else {
            return .line("div", ["class": "equation"], formula)
        }
        return .line(
            "div", ["class": "equation numbered", "id": id(place.anchor)], formula,
            .element("a", ["class": "equation-number", "href": "#" + place.anchor], "(\(place.number))"))
    }

    // MARK: Footnotes

    /// The notes mentioned in the block just written: in the margin on a wide page, below the block on a narrow one.
    mutating func marginNotes() -> HTML {
        var notes: [HTML] = []
        var next = 0
        defer { pendingFootnotes = [] }
        // A note may mention another one.
        while next < pendingFootnotes.count {
            let label = pendingFootnotes[next]
            next += 1
            guard let note = footnotes[label] else { continue }
            let number = footnoteNumber(label)
            notes.append(
                .line(
                    "aside", ["class": "margin-note", "id": id(PageID.note(number)), "role": "note"],
                    .element(
                        "a",
                        ["class": "note-number", "href": "#" + PageID.mention(number), "aria-label": words.back],
                        "\(number)"), " ", nested(note.blocks)))
        }
        return .group(notes)
    }

    mutating func footnoteNumber(_ label: String) -> Int {
        if let number = footnoteNumbers[label] { return number }
        let number = footnoteNumbers.count + 1
        footnoteNumbers[label] = number
        return number
    }
}

extension [Inline] {
    fileprivate var hasFormula: Bool {
        var found = false
        for inline in self { inline.visit { if case .math = $0 { found = true } } }
        return found
    }
}
