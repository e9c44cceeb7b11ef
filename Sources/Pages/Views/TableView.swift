import Markup

/// A table of results as HTML: hairlines, spanning groups, numerals aligned at the right.
///
/// Every cell carries its plain value for sorting and CSV; the page's script adds the controls.
enum TableView {
    static func html(_ table: Table, name: String, words: Words) -> HTML {
        let rows = table.rows.enumerated().map { index, row in
            let cells = row.enumerated().map { cell($1, first: $0 == 0) }
            return HTML.line("tr", ["class": table.summaryRows.contains(index) ? "summary" : nil], .group(cells))
        }
        let notes = table.notes.map { HTML.element("li", Caption.html($0.text)) }
        return .group([
            .line(
                "div", ["class": "scroll"],
                .element(
                    "table", ["class": "data", "data-name": name], "\n", .block("thead", head(table)),
                    .block("tbody", .group(rows)))),
            notes.isEmpty ? .empty : .line("ul", ["class": "table-notes"], .group(notes)),
        ])
    }

    /// Behind a line that opens it. On paper it stands open, unless it is long.
    static func folded(_ table: Table, title: String, name: String, words: Words) -> HTML {
        let isLong = table.rows.count > mostPrinted
        let onScreen = HTML.element("span", ["class": "for-paper"], " (\(words.onScreen))")
        return .line(
            "details", ["class": isLong ? "folded long" : "folded"],
            .line("summary", .text(title), isLong ? onScreen : .empty), html(table, name: name, words: words))
    }

    /// The numbers behind a plot: on screen alone.
    static func data(_ table: Table, name: String, words: Words) -> HTML {
        .line(
            "details", ["class": "folded data"], .line("summary", .text(words.data)),
            html(table, name: name, words: words))
    }

    /// Rows of a folded table that are worth the paper.
    private static let mostPrinted = 60

    private static func head(_ table: Table) -> HTML {
        let titles = table.columns.enumerated().map { index, column in
            // A heading without words heads nothing.
            HTML.element(
                column.title.isEmpty ? "td" : "th",
                [
                    "scope": column.title.isEmpty ? nil : "col",
                    "class": table.isNumeric(column: index) ? "number" : nil,
                    "data-group": column.group,
                ], Caption.html(column.title))
        }
        return .group([groups(table.columns), .line("tr", .group(titles))])
    }

    private static func groups(_ columns: [Table.Column]) -> HTML {
        guard columns.contains(where: { $0.group != nil }) else { return .empty }
        var cells: [HTML] = []
        var start = 0
        while start < columns.count {
            var end = start + 1
            while end < columns.count, columns[end].group == columns[start].group { end += 1 }
            if let group = columns[start].group {
                cells.append(
                    .element("th", ["colspan": end - start, "scope": "colgroup"], Caption.html(group)))
            } else {
                cells.append(.element("td", ["colspan": end - start]))
            }
            start = end
        }
        return .line("tr", ["class": "groups"], .group(cells))
    }

    private static func cell(_ cell: Table.Cell, first: Bool) -> HTML {
        func number(_ plain: String, _ text: String) -> HTML {
            .element("td", ["class": "number", "data-value": plain], .text(text))
        }
        switch cell {
        case .text(let text):
            return first
                ? .element("th", ["scope": "row"], Caption.html(text.text)) : .element("td", Caption.html(text.text))
        case .number(let value, let digits, let suffix):
            let plain = value.isFinite ? String(value) : ""
            return number(plain, Numeral.fixed(value, digits: digits, grouped: abs(value) >= 10000) + suffix.text)
        case .count(let value): return number(String(value), Numeral.count(value))
        case .probability(let value, let suffix):
            let text = value < 0.001 ? "< \(Numeral.fixed(0.001, digits: 3))" : Numeral.fixed(value, digits: 3)
            return number(value.isFinite ? String(value) : "", text + suffix.text)
        case .missing: return number("", "–")
        }
    }
}

extension Table {
    /// Whether a column's title stands at the right, above numerals.
    func isNumeric(column: Int) -> Bool {
        let cells = rows.compactMap { column < $0.count ? $0[column] : nil }
        guard !cells.isEmpty else { return false }
        return cells.allSatisfy { if case .text = $0 { false } else { true } }
    }
}
