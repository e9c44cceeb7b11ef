import Markup

/// A table of results as HTML: hairlines, spanning groups, numerals aligned at the right.
///
/// Every cell carries its plain value for sorting and CSV; the page's script adds the controls.
enum TableView {
    static func html(_ table: Table, name: String, words: Words) -> String {
        var out = "<div class=\"scroll\"><table class=\"data\" data-name=\"\(HTML.escape(name))\">\n<thead>\n"
        out += head(table)
        out += "</thead>\n<tbody>\n"
        for (index, row) in table.rows.enumerated() {
            out += table.summaryRows.contains(index) ? "<tr class=\"summary\">" : "<tr>"
            for (column, cell) in row.enumerated() { out += self.cell(cell, first: column == 0) }
            out += "</tr>\n"
        }
        out += "</tbody>\n</table></div>\n"
        guard !table.notes.isEmpty else { return out }
        return out + "<ul class=\"table-notes\">" + table.notes.map { "<li>\(Caption.html($0))</li>" }.joined()
            + "</ul>\n"
    }

    /// Behind a line that opens it.
    static func folded(_ table: Table, title: String, name: String, words: Words) -> String {
        "<details class=\"folded\"><summary>\(HTML.escape(title))</summary>\n"
            + html(table, name: name, words: words) + "</details>\n"
    }

    private static func head(_ table: Table) -> String {
        let columns = table.columns
        var out = ""
        if columns.contains(where: { $0.group != nil }) {
            out += "<tr class=\"groups\">"
            var start = 0
            while start < columns.count {
                var end = start + 1
                while end < columns.count, columns[end].group == columns[start].group { end += 1 }
                if let group = columns[start].group {
                    out += "<th colspan=\"\(end - start)\" scope=\"colgroup\">\(Caption.html(group))</th>"
                } else {
                    out += "<td colspan=\"\(end - start)\"></td>"
                }
                start = end
            }
            out += "</tr>\n"
        }
        out += "<tr>"
        for (index, column) in columns.enumerated() {
            let numeric = table.isNumeric(column: index) ? " class=\"number\"" : ""
            let group = column.group.map { " data-group=\"\(HTML.escape($0))\"" } ?? ""
            out += "<th scope=\"col\"\(numeric)\(group)>\(Caption.html(column.title))</th>"
        }
        return out + "</tr>\n"
    }

    private static func cell(_ cell: Table.Cell, first: Bool) -> String {
        func number(_ plain: String, _ text: String) -> String {
            "<td class=\"number\" data-value=\"\(plain)\">\(HTML.escape(text))</td>"
        }
        switch cell {
        case .text(let text):
            return first ? "<th scope=\"row\">\(Caption.html(text))</th>" : "<td>\(Caption.html(text))</td>"
        case .number(let value, let digits, let suffix):
            let plain = value.isFinite ? String(value) : ""
            return number(plain, Numeral.fixed(value, digits: digits, grouped: abs(value) >= 10000) + suffix)
        case .count(let value): return number(String(value), Numeral.count(value))
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
