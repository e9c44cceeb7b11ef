/// A table for programs: what a page shows as a table, or behind a plot, with plain numbers.
package struct DataTable: Sendable, Hashable, Codable {
    package struct Column: Sendable, Hashable, Codable {
        package var title: String
        /// What neighbouring columns have in common: `ResNet-50`.
        package var group: String?
        /// `%`, `ms`; nil for counts, shares and text.
        package var unit: String?
    }

    package enum Cell: Sendable, Hashable {
        case number(Double)
        case text(String)
        /// There is no such value.
        case missing
    }

    /// Of its own among the tables of a result: `table`, `plot-2`.
    package var name: String
    /// The line that opens it on the page; nil for a table that stands open.
    package var title: String?
    package var columns: [Column]
    package var rows: [[Cell]]
    package var notes: [String]

    init(_ table: Table, name: String, title: String? = nil) {
        self.name = name
        self.title = title
        columns = table.columns.enumerated().map { place, column in
            Column(column, suffix: table.suffix(ofColumn: place))
        }
        rows = table.rows.map { $0.map(Cell.init) }
        notes = table.notes.map(\.text)
    }

    init(name: String, title: String?, columns: [Column], rows: [[Cell]], notes: [String]) {
        (self.name, self.title) = (name, title)
        (self.columns, self.rows, self.notes) = (columns, rows, notes)
    }
}

extension DataTable.Column {
    /// Takes a unit from a title such as `mAP (%)`, or from what stands behind every number.
    fileprivate init(_ column: Table.Column, suffix: String?) {
        (title, group, unit) = (column.title, column.group, suffix)
        guard column.title.hasSuffix(")"), let open = column.title.range(of: " (", options: .backwards) else { return }
        let inside = column.title[open.upperBound...].dropLast()
        guard Self.units.contains(String(inside)) else { return }
        (title, unit) = (String(column.title[..<open.lowerBound]), String(inside))
    }

    private static let units: Set = ["%", "s", "ms", "µs", "MB", "px"]
}

extension Table {
    /// What stands behind all numbers of a column; nil where there is nothing, or not the same.
    fileprivate func suffix(ofColumn place: Int) -> String? {
        var found: String?
        for case .number(_, _, let suffix) in rows.compactMap({ place < $0.count ? $0[place] : nil }) {
            let unit = suffix.text.trimmingCharacters(in: .whitespaces)
            guard !unit.isEmpty, found == nil || found == unit else { return nil }
            found = unit
        }
        return found
    }
}

extension DataTable.Cell: Codable {
    fileprivate init(_ cell: Table.Cell) {
        switch cell {
        case .text(let text): self = .text(text.text)
        case .count(let value): self = .number(Double(value))
        case .number(let value, _, _), .probability(let value, _): self = value.isFinite ? .number(value) : .missing
        case .missing: self = .missing
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .missing
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let value): try container.encode(value)
        case .text(let text): try container.encode(text)
        case .missing: try container.encodeNil()
        }
    }
}

extension DataTable {
    /// Comma-separated values (RFC 4180, lines ending with a line feed): a line of titles, with group and unit, then the rows.
    /// A value that is missing is an empty field.
    package var csv: String {
        let titles = columns.map { column in
            let title = [column.group, column.title].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
            return column.unit.map { "\(title) (\($0))" } ?? title
        }
        var text = ""
        for line in [titles] + rows.map({ $0.map(\.csv) }) {
            for (place, field) in line.enumerated() {
                if place > 0 { text += "," }
                text += Self.quoted(field)
            }
            text += "\n"
        }
        return text
    }

    private static func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}

extension DataTable.Cell {
    fileprivate var csv: String {
        switch self {
        case .number(let value): JSONText.number(value)
        case .text(let text): text
        case .missing: ""
        }
    }
}

extension Exhibit {
    /// Its tables, and the data behind its plots, in their order.
    var dataTables: [DataTable] { markup?.tables ?? parts.dataTables }
}

extension [Exhibit.Part] {
    fileprivate var dataTables: [DataTable] {
        var counts: [String: Int] = [:]
        func table(_ table: Table, _ kind: String, title: String? = nil) -> DataTable {
            counts[kind, default: 0] += 1
            let number = counts[kind] ?? 1
            return DataTable(table, name: number == 1 ? kind : "\(kind)-\(number)", title: title)
        }
        return compactMap { part in
            switch part {
            case .table(let shown): table(shown, "table")
            case .foldedTable(let title, let shown): table(shown, "table", title: title.text)
            case .data(let name, let kept): table(kept, name)
            case .plot(let plot): table(PlotSummary.table(of: plot), "plot")
            case .bars(let chart): table(chart.table, "plot")
            case .heatMap(let map): table(map.table, "plot")
            case .scatter(let plot): table(plot.table, "plot")
            case .retrieval(let grid): table(grid.table, ResultFile.ranks)
            case .claim(let claim): table(claim.table, ResultFile.verdict)
            case .gallery, .frames, .tree, .treeExplorer, .faceExplorer, .architecture, .diagram, .note, .failure: nil
            }
        }
    }
}
