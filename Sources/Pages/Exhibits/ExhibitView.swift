import Chapters
import Files
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
        return remembered(exhibit)
    }

    /// The figure as an earlier build drew it, or drawn now.
    private mutating func remembered(_ exhibit: Exhibit) -> String {
        // Written first: it may quote other results and point at other places.
        let caption = exhibit.caption.map { inlines($0.inlines) } ?? ""
        guard let key = key(of: exhibit, caption) else { return figure(exhibit, caption) }
        if let known = memory.figure(key) {
            for picture in known.pictures { images.add(picture) }
            used.formUnion(known.pictures.map(\.path))
            return known.html
        }
        let (others, problems) = (used, diagnostics.count)
        used = []
        let html = figure(exhibit, caption)
        if diagnostics.count == problems, images.failure == nil {
            memory.remember(key, RenderedFigure(html: html, pictures: images.files.filter { used.contains($0.path) }))
        }
        used.formUnion(others)
        return html
    }

    /// The digest of everything that a figure's markup is made from.
    private func key(of exhibit: Exhibit, _ caption: String) -> Digest? {
        guard let origin = exhibit.origin else { return nil }
        let number = numbering.exhibits[exhibit.id]?.place.number ?? ""
        let parts = [
            origin.hex, exhibit.id, number, exhibit.numbering.word(words), caption, nesting > 0 ? "nested" : "",
        ]
        return Digest(of: Array(parts.map { "\($0.utf8.count) \($0)\n" }.joined().utf8))
    }

    private mutating func figure(_ exhibit: Exhibit, _ captionText: String) -> String {
        var exhibit = exhibit
        do {
            if let parts = exhibit.deferredParts { exhibit.parts += try parts() }
        } catch {
            images.fail(error)
        }
        let number = numbering.exhibits[exhibit.id]?.place.number ?? ""
        let anchor = HTML.escape(exhibit.numbering.prefix + exhibit.id)
        let word = exhibit.numbering.word(words)
        var classes = ["exhibit", "\(exhibit.numbering)"]
        if exhibit.isWide { classes.append("wide") }
        if nesting > 0 { classes.append("nested") }

        var caption = "<figcaption>\n<p class=\"caption\"><a class=\"label\" href=\"#\(anchor)\">\(word) \(number)</a>"
        if !captionText.isEmpty { caption += " " + captionText }
        caption += "</p>\n"
        if !exhibit.marks.isEmpty { caption += marks(exhibit.marks) }
        if let provenance = exhibit.provenance { caption += self.provenance(provenance) }
        caption += "</figcaption>\n"

        let content = "<div class=\"content\">\n\(exhibit.parts.map { part($0, of: exhibit) }.joined())</div>\n"
        let parts = exhibit.numbering == .table ? caption + content : content + caption
        return "<figure class=\"\(classes.joined(separator: " "))\" id=\"\(anchor)\">\n\(parts)</figure>\n"
    }

    private mutating func part(_ part: Exhibit.Part, of exhibit: Exhibit) -> String {
        switch part {
        case .table(let table): TableView.html(table, name: exhibit.id, words: words)
        case .foldedTable(let title, let table): TableView.folded(table, title: title, name: exhibit.id, words: words)
        case .plot(let plot): self.plot(plot, name: exhibit.id)
        case .bars(let chart): bars(chart, name: exhibit.id)
        case .heatMap(let map): heatMap(map, name: exhibit.id)
        case .scatter(let plot): scatter(plot, name: exhibit.id)
        case .retrieval(let grid): retrieval(grid)
        case .gallery(let gallery): self.gallery(gallery)
        case .frames(let frames): self.frames(frames)
        case .tree(let diagram): tree(diagram)
        case .treeExplorer(let explorer): self.explorer(explorer)
        case .architecture(let diagram): architecture(diagram)
        case .claim(let claim): self.claim(claim)
        case .note(let text): "<p class=\"note\">\(Caption.html(text))</p>\n"
        case .failure(let text):
            """
            <div class="failure" role="note"><strong>✗ \(HTML.escape(words.failed)).</strong> \
            \(Caption.html(text))</div>

            """
        }
    }

    /// `✓ holds: after.map 0.812 > before.map 0.745`.
    private func claim(_ claim: StatedClaim) -> String {
        let verdict = claim.holds ? "✓ \(words.holds)" : "✗ \(words.fails)"
        return """
            <p class="claim \(claim.holds ? "holds" : "fails")"><strong>\(HTML.escape(verdict)):</strong> \
            \(HTML.escape(claim.left)) \(HTML.escape(claim.sign)) \(HTML.escape(claim.right))</p>

            """
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
