import Diagnostics

/// Bounds the cells of a chapter's tables before Markdown makes them.
///
/// A row may leave cells out, and each is made all the same: a table of 5,000 columns takes two bytes a row.
enum TableLimit {
    static let mostCells = 50_000
    /// The library's time grows with the square of a row's cells.
    static let mostColumns = 1000

    /// Takes the lines below the heads of tables that go beyond the limit for text, and tells where.
    ///
    /// One pass. Rows are counted up to the next empty line: never too few.
    static func hideExcess(in bytes: inout [UInt8], path: String) -> [Diagnostic] {
        let table = LineTable(bytes)
        var cells = 0
        var problems: [Diagnostic] = []
        var line = 1
        // Of the lines since the last empty one, any of which the library may take for a row: the first with most bars.
        var widest = (line: 1, bars: 0)
        func look(_ line: Int) {
            let content = table.line(line)
            let bars = isEmpty(content) ? -1 : content.count { $0 == UInt8(ascii: "|") }
            if bars < 0 { widest = (line + 1, 0) } else if bars > widest.bars { widest = (line, bars) }
        }
        while line <= table.count {
            let content = table.content(ofLine: line)
            let delimiter = line
            guard line > 1, var columns = columns(of: table.bytes[content]) else {
                look(line)
                line += 1
                continue
            }
            var head = line - 1
            var rows = 1
            line += 1
            while line <= table.count, !isEmpty(table.line(line)) {
                look(line)
                rows += 1
                line += 1
            }
            // A row of more bars than cells are allowed costs as much as a table of so many columns, whatever its head has.
            if columns <= mostColumns, widest.bars > mostColumns { (columns, head) = (widest.bars + 1, widest.line) }
            cells += min(columns, mostColumns + 1) * rows
            guard cells > mostCells || columns > mostColumns else { continue }
            // The next such line would be taken for a delimiter in its place.
            for row in delimiter..<line {
                let content = table.content(ofLine: row)
                guard Self.columns(of: table.bytes[content]) != nil else { continue }
                for index in content where bytes[index] == UInt8(ascii: "-") { bytes[index] = UInt8(ascii: "x") }
            }
            if problems.isEmpty {
                problems.append(
                    .error(
                        "table-too-large",
                        columns > mostColumns
                            ? "a table may have \(mostColumns) columns; this one has \(columns)"
                            : "the tables of a chapter may have \(mostCells) cells, empty ones included; with this one there are "
                                + "\(cells): make it smaller, or move it to another chapter",
                        at: table.range(table.content(ofLine: head), in: path)))
            }
        }
        return problems
    }

    /// The columns of a line such as `> |---|:-:|` below a table's head, or nil.
    private static func columns(of line: ArraySlice<UInt8>) -> Int? {
        var bars = 0
        var hyphens = 0
        var colons = 0
        for byte in line {
            switch byte {
            case UInt8(ascii: "|"): bars += 1
            case UInt8(ascii: "-"): hyphens += 1
            case UInt8(ascii: ":"): colons += 1
            case UInt8(ascii: ">"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "."),
                UInt8(ascii: ")"), 0x20, 0x09, 0x0B, 0x0C:
                break
            case let digit where digit.isDigit: break
            default: return nil
            }
        }
        // One column needs no bar where a colon aligns it.
        return (bars > 0 || colons > 0) && hyphens > 0 ? bars + 1 : nil
    }

    private static func isEmpty(_ line: ArraySlice<UInt8>) -> Bool {
        line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ">") }
    }
}
