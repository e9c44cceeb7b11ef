/// A table of results.
package struct Table: Sendable {
    package struct Column: Sendable {
        package var title: String
        /// Neighbouring columns with the same group share a spanning header: `ResNet-50`.
        package var group: String?

        package init(_ title: Phrase, group: Phrase? = nil) {
            self.title = title.text
            self.group = group?.text
        }
    }

    package enum Cell: Sendable, Hashable {
        case text(Phrase)
        /// Right-aligned, tabular; `digits` after the point; `suffix` such as ` %`.
        case number(Double, digits: Int, suffix: Phrase = "")
        case count(Int)
        /// A probability: three digits, and `< 0.001` below them instead of a zero.
        case probability(Double, suffix: Phrase = "")
        /// Shown as an en dash: there is no such value (and the table's notes say why).
        case missing
    }

    package var columns: [Column]
    package var rows: [[Cell]]
    /// Indices of rows set apart: totals, averages.
    package var summaryRows: Set<Int>
    package var notes: [Phrase]

    package init(columns: [Column], rows: [[Cell]], summaryRows: Set<Int> = [], notes: [Phrase] = []) {
        self.columns = columns
        self.rows = rows
        self.summaryRows = summaryRows
        self.notes = notes
    }
}
