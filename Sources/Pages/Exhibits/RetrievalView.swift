import Markup

extension FigureWriter {
    /// Queries apart on the left, their ranks in reading order beside them.
    ///
    /// Whether a hit is the same person is told by its mark and by its border's style, never by colour alone. The
    /// toggle works without a script: it is a check box that the style sheet looks at.
    mutating func retrieval(_ grid: RetrievalGrid) -> String {
        let longest = grid.rows.map(\.hits.count).max() ?? 0
        var out = "<div class=\"retrieval\" style=\"--columns: \(max(1, min(longest, 10)))\">\n"
        if grid.rows.contains(where: { $0.hits.contains { !$0.isSamePerson } }) {
            let label = HTML.escape(words.missesOnly)
            out += "<label class=\"toggle\"><input type=\"checkbox\" class=\"misses-only\"> \(label)</label>\n"
        }
        for row in grid.rows { out += self.row(row) }
        return out + "</div>\n"
    }

    private mutating func row(_ row: RetrievalGrid.Row) -> String {
        let picture = zoomable(img(row.query.picture, .photograph))
        var out = """
            <div class="retrieval-row">
            <div class="query"><span class="title">\(HTML.escape(words.query))</span>\(picture)\
            <span class="identity">\(HTML.escape(row.query.identity))</span></div>
            <div class="answers">

            """
        if let before = row.before {
            out += "<p class=\"moment\">\(HTML.escape(words.before))</p>\n" + list(before)
            out += "<p class=\"moment\">\(HTML.escape(words.after))</p>\n"
        }
        return out + list(row.hits) + "</div>\n</div>\n"
    }

    private mutating func list(_ hits: [RetrievalGrid.Hit]) -> String {
        var out = "<ol class=\"hits\">\n"
        for hit in hits { out += self.hit(hit) }
        return out + "</ol>\n"
    }

    private mutating func hit(_ hit: RetrievalGrid.Hit) -> String {
        func span(_ name: String, _ text: String, title: String) -> String {
            "<span class=\"\(name)\" title=\"\(HTML.escape(title))\">\(HTML.escape(text))</span>"
        }
        let verdict = HTML.escape(hit.isSamePerson ? words.samePerson : words.otherPerson)
        var out = "<li class=\"hit \(hit.isSamePerson ? "same" : "other")\" value=\"\(hit.rank)\">"
        out += zoomable(img(hit.face.picture, .photograph))
        out +=
            "<span class=\"verdict\"><span class=\"tick\" role=\"img\" aria-label=\"\(verdict)\" title=\"\(verdict)\">"
        out += (hit.isSamePerson ? "✓" : "✗") + "</span> "
        out += span("rank", String(hit.rank), title: words.rank)
        out += span("distance", Numeral.fixed(hit.distance, digits: 3), title: words.distance) + "</span>"
        out += "<span class=\"identity\">\(HTML.escape(hit.face.identity))</span>"
        if let matching = hit.matching {
            let text = "\(matching.same)/\(matching.of)"
            if hit.differing.isEmpty {
                out += span("matching", text, title: words.matching)
            } else {
                let names = HTML.escape(hit.differing.joined(separator: ", ").replacing("_", with: " "))
                out +=
                    "<span class=\"matching\" tabindex=\"0\">\(text)<span class=\"differing\">≠ \(names)</span></span>"
            }
        }
        if let former = hit.formerRank, former != hit.rank {
            let arrow = former > hit.rank ? "↑" : "↓"
            out += "<span class=\"movement\">\(arrow) \(HTML.escape(words.fromRank)) \(former)</span>"
        }
        return out + "</li>\n"
    }
}
