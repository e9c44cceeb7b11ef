/// A table of results.
package struct Table: Sendable {
    package struct Column: Sendable {
        package var title: String
        /// Neighbouring columns with the same group share a spanning header: `ResNet-50`.
        package var group: String?

        package init(_ title: String, group: String? = nil) {
            self.title = title
            self.group = group
        }
    }

    package enum Cell: Sendable, Hashable {
        case text(String)
        /// Right-aligned, tabular; `digits` after the point; `suffix` such as ` %`.
        case number(Double, digits: Int, suffix: String = "")
        case count(Int)
        /// A probability: three digits, and `< 0.001` below them instead of a zero.
        case probability(Double, suffix: String = "")
        /// Shown as an en dash: there is no such value (and the table's notes say why).
        case missing
    }

    package var columns: [Column]
    package var rows: [[Cell]]
    /// Indices of rows set apart: totals, averages.
    package var summaryRows: Set<Int>
    package var notes: [String]

    package init(columns: [Column], rows: [[Cell]], summaryRows: Set<Int> = [], notes: [String] = []) {
        self.columns = columns
        self.rows = rows
        self.summaryRows = summaryRows
        self.notes = notes
    }
}
