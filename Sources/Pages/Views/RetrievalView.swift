import Markup

extension FigureWriter {
    /// Queries apart on the left, their ranks in reading order beside them.
    ///
    /// Whether a hit is the same person is told by its mark and by its border's style, never by colour alone. The
    /// toggle works without a script: it is a check box that the style sheet looks at.
    mutating func retrieval(_ grid: RetrievalGrid) -> HTML {
        let longest = grid.rows.map(\.hits.count).max() ?? 0
        let hasMisses = grid.rows.contains { $0.hits.contains { !$0.isSamePerson } }
        let toggle = HTML.line(
            "label", ["class": "toggle"], .element("input", ["type": "checkbox", "class": "misses-only"]),
            " \(words.missesOnly)")
        return .block(
            "div", ["class": "retrieval columns-\(max(1, min(longest, StyleSheet.mostColumns)))"],
            hasMisses ? toggle : .empty, .group(grid.rows.map { row($0) }))
    }

    private mutating func row(_ row: RetrievalGrid.Row) -> HTML {
        let query = HTML.line(
            "div", ["class": "query"], .element("span", ["class": "title"], .text(words.query)),
            photograph(row.query.picture), .element("span", ["class": "identity"], .text(row.query.identity)))
        func moment(_ word: String) -> HTML { .line("p", ["class": "moment"], .text(word)) }
        let before = row.before.map { HTML.group([moment(words.before), list($0), moment(words.after)]) } ?? .empty
        return .block(
            "div", ["class": "retrieval-row"], query, .block("div", ["class": "answers"], before, list(row.hits)))
    }

    private mutating func list(_ hits: [RetrievalGrid.Hit]) -> HTML {
        .block("ol", ["class": "hits"], .group(hits.map { hit($0) }))
    }

    private mutating func hit(_ hit: RetrievalGrid.Hit) -> HTML {
        .line(
            "li", ["class": hit.isSamePerson ? "hit same" : "hit other", "value": hit.rank],
            photograph(hit.face.picture), verdict(on: hit),
            .element("span", ["class": "identity"], .text(hit.face.identity)), matching(hit), movement(of: hit))
    }

    private func span(_ name: String, _ text: String, title: String) -> HTML {
        .element("span", ["class": name, "title": title], .text(text))
    }

    private func verdict(on hit: RetrievalGrid.Hit) -> HTML {
        let verdict = hit.isSamePerson ? words.samePerson : words.otherPerson
        return .element(
            "span", ["class": "verdict"],
            .element(
                "span", ["class": "tick", "role": "img", "aria-label": verdict, "title": verdict],
                hit.isSamePerson ? "✓" : "✗"), " ",
            span("rank", String(hit.rank), title: words.rank),
            span("distance", Numeral.fixed(hit.distance, digits: 3), title: words.distance))
    }

    private func matching(_ hit: RetrievalGrid.Hit) -> HTML {
        guard let matching = hit.matching else { return .empty }
        let text = "\(matching.same)/\(matching.of)"
        guard !hit.differing.isEmpty else { return span("matching", text, title: words.matching) }
        let names = hit.differing.joined(separator: ", ").replacing("_", with: " ")
        return .element(
            "span", ["class": "matching", "tabindex": 0], .text(text),
            .element("span", ["class": "differing"], "≠ \(names)"))
    }

    private func movement(of hit: RetrievalGrid.Hit) -> HTML {
        guard let former = hit.formerRank, former != hit.rank else { return .empty }
        let arrow = former > hit.rank ? "↑" : "↓"
        return .element("span", ["class": "movement"], "\(arrow) \(words.fromRank) \(former)")
    }
}
