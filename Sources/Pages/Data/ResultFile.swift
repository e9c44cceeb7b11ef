import Foundation

/// A result as programs read it: `results/<id>.json`, and each of its tables as CSV. docs/results.md describes the form.
package struct ResultFile: Sendable {
    package let id: String
    let record: ResultRecord
    let caption: String?
    let marks: [Exhibit.Mark]
    let values: [String: Quotable]
    package let tables: [DataTable]

    /// Where results lie in a site.
    static let folder = "results"
    static let format = "likeness-result 1"
    /// The tables of query grids and of claims.
    static let ranks = "ranks"
    static let verdict = "verdict"

    /// - Returns: nil for an exhibit without a current result.
    package init?(_ exhibit: Exhibit) {
        guard let record = exhibit.record, exhibit.pending == nil, !exhibit.hasFailed else { return nil }
        id = exhibit.id
        self.record = record
        caption = exhibit.caption?.description
        (marks, values) = (exhibit.marks, exhibit.values)
        tables = exhibit.dataTables
    }

    package var kind: String { record.kind }
    package var valueCount: Int { values.count }

    var path: String { Self.path(of: id) }

    static func path(of id: String) -> String { "\(folder)/\(id).json" }

    /// `results/top.csv`; further tables have their names in it: `results/top.plot.csv`.
    static func path(of id: String, table: String) -> String {
        table == "table" ? "\(folder)/\(id).csv" : "\(folder)/\(id).\(table).csv"
    }

    var files: [Site.File] {
        [Site.File(path: path, bytes: Array(json.utf8))]
            + tables.map { Site.File(path: Self.path(of: id, table: $0.name), bytes: Array($0.csv.utf8)) }
    }

    /// One member, value or row a line, in a fixed order, so that a difference of two files shows what changed.
    package var json: String {
        let values = values.map { name, value in
            (name, JSONText.object([("value", value.plain.json), ("unit", Self.unit(of: name).map(JSONText.string))]))
        }
        let members: [(String, String?)] = [
            ("format", JSONText.string(Self.format)),
            ("id", JSONText.string(id)),
            ("kind", JSONText.string(record.kind)),
            ("engine", JSONText.string(record.engine)),
            ("caption", caption.map(JSONText.string) ?? "null"),
            ("key", JSONText.string(record.key)),
            ("output", JSONText.string(record.output)),
            ("finished", JSONText.string(date)),
            ("seconds", JSONText.number(record.seconds)),
            ("processor", JSONText.string(record.processor)),
            ("cores", "\(record.cores)"),
            ("version", JSONText.string(record.version)),
            ("options", JSONText.lines(record.options)),
            ("uses", JSONText.lines(record.uses)),
            ("data", JSONText.lines(record.data)),
            (
                "marks",
                JSONText.lines(
                    marks.map {
                        JSONText.object([
                            ("label", JSONText.string($0.label)), ("explanation", JSONText.string($0.explanation)),
                        ])
                    })
            ),
            ("warnings", JSONText.lines(record.warnings.map(JSONText.string))),
            ("values", JSONText.lines(values.sorted { $0.0 < $1.0 })),
            ("tables", JSONText.lines(tables.map(\.json))),
        ]
        return JSONText.lines(members.map { ($0, $1 ?? "null") }) + "\n"
    }

    /// Values are counts, shares between 0 and 1, or in the unit that their directive's page names; times are in seconds.
    static func unit(of name: String) -> String? {
        name.split(separator: ".").last == "seconds" ? "s" : nil
    }

    private var date: String {
        Date(timeIntervalSince1970: record.finished.rounded()).formatted(.iso8601)
    }
}

extension DataTable {
    fileprivate var json: String {
        JSONText.lines([
            ("name", JSONText.string(name)),
            ("title", title.map(JSONText.string) ?? "null"),
            (
                "columns",
                JSONText.lines(
                    columns.map { column in
                        JSONText.object([
                            ("title", JSONText.string(column.title)), ("group", column.group.map(JSONText.string)),
                            ("unit", column.unit.map(JSONText.string)),
                        ])
                    })
            ),
            ("rows", JSONText.lines(rows.map(Self.json))),
            ("notes", JSONText.lines(notes.map(JSONText.string))),
        ])
    }

    private static func json(_ row: [Cell]) -> String {
        var text = "["
        for (place, cell) in row.enumerated() {
            if place > 0 { text += ", " }
            text += cell.json
        }
        return text + "]"
    }
}

extension DataTable.Cell {
    var json: String {
        switch self {
        case .number(let value): JSONText.number(value)
        case .text(let text): JSONText.string(text)
        case .missing: "null"
        }
    }
}

extension Quotable {
    /// The value as a table for programs has it.
    var plain: DataTable.Cell {
        switch self {
        case .number(let value): value.isFinite ? .number(value) : .missing
        case .count(let value): .number(Double(value))
        case .text(let text): .text(text.text)
        }
    }
}
