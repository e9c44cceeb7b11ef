import Chapters
import Markup

extension PageWriter {
    /// What a directive shows: its exhibit, or a note in its place that there is none.
    mutating func directive(_ id: String, _ fence: Fence) -> String {
        if promises != nil {
            // Its caption is read where it stands; the rest is there when it has run.
            if let caption = captions[id] { _ = inlines(caption.inlines) }
            return ""
        }
        let exhibit =
            exhibits[id]
            ?? Exhibit(id: id, numbering: .figure, caption: nil, parts: [.failure(words.noResult)])
        if exhibits[id] == nil {
            report(.warning("missing-result", "'\(id)' has no result to show", at: fence.range))
        }
        return figure(exhibit)
    }

    private mutating func figure(_ exhibit: Exhibit) -> String {
        let text = exhibit.caption.map { inlines($0.inlines) } ?? ""
        let markup: ExhibitMarkup
        if let known = exhibit.markup {
            markup = known
            figures.add(known)
        } else {
            markup = figures.markup(of: exhibit)
            markups[exhibit.id] = markup
        }
        let number = numbering.exhibits[exhibit.id]?.place.number ?? ""
        let anchor = HTML.escape(exhibit.numbering.prefix + exhibit.id)
        let word = exhibit.numbering.word(words)
        var classes = ["exhibit", "\(exhibit.numbering)"]
        if markup.isWide { classes.append("wide") }
        if nesting > 0 { classes.append("nested") }

        var caption = "<figcaption>\n<p class=\"caption\"><a class=\"label\" href=\"#\(anchor)\">\(word) \(number)</a>"
        if !text.isEmpty { caption += " " + text }
        caption += "</p>\n"
        if !exhibit.marks.isEmpty { caption += marks(exhibit.marks) }
        if let provenance = exhibit.provenance { caption += self.provenance(provenance) }
        caption += "</figcaption>\n"

        let content = "<div class=\"content\">\n\(markup.html)</div>\n"
        let parts = exhibit.numbering == .table ? caption + content : content + caption
        return "<figure class=\"\(classes.joined(separator: " "))\" id=\"\(anchor)\">\n\(parts)</figure>\n"
    }

    private func marks(_ marks: [Exhibit.Mark]) -> String {
        let badges = marks.map { mark in
            """
            <span class="mark" tabindex="0">⚠ \(HTML.escape(mark.label))\
            <span class="explanation">\(HTML.escape(mark.explanation))</span></span>
            """
        }
        return "<p class=\"marks\">\(badges.joined(separator: " "))</p>\n"
    }

    private func provenance(_ provenance: Provenance) -> String {
        var out = "<details class=\"provenance\"><summary>\(HTML.escape(provenance.summary))</summary>\n<dl>\n"
        for fact in provenance.facts {
            out += "<div><dt>\(HTML.escape(fact.name))</dt><dd>\(HTML.escape(fact.value))</dd></div>\n"
        }
        return out + "</dl></details>\n"
    }
}

extension Exhibit {
    /// Whether it steps out over the margin column; its caption then stands above or below it.
    var isWide: Bool {
        parts.contains { part in
            switch part {
            case .table(let table): table.columns.count > 6
            case .plot(let plot): plot.panels.count > 1
            case .scatter(let plot): plot.panels.count > 1
            case .retrieval, .tree: true
            case .gallery(let gallery): gallery.groups.reduce(0) { $0 + $1.items.count } > 6
            case .frames, .bars, .heatMap, .foldedTable, .claim, .note, .failure, .treeExplorer, .architecture: false
            }
        }
    }
}
