import Diagnostics

/// What would be a value, a parameter or a reference in running text and stands in a block of raw HTML, which is passed
/// through as it is.
enum RawMarkers {
    static func all(in node: CommonMark.Node, _ table: LineTable, path: String) -> [Located<String>] {
        guard BuriedFence.Container(ofHTML: node.literal) == .html else { return [] }
        let first = max(1, node.startLine)
        let last = min(table.count, max(first, node.endLine))
        return (first...last).flatMap { line in
            let content = table.content(ofLine: line)
            return starts(in: table.bytes[content]).map { span in
                Located(String(decoding: table.bytes[span], as: UTF8.self), at: table.range(span, in: path))
            }
        }
    }

    private static func starts(in line: ArraySlice<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = line.startIndex
        while index < line.endIndex {
            let end =
                switch line[index] {
                case UInt8(ascii: "$"): parameter(line, index)
                case UInt8(ascii: "`"): value(line, index)
                case UInt8(ascii: "@"): reference(line, index)
                default: nil as Int?
                }
            if let end { found.append(index..<end) }
            index = end ?? index + 1
        }
        return found
    }

    /// `${name}`
    private static func parameter(_ line: ArraySlice<UInt8>, _ start: Int) -> Int? {
        guard line[start...].starts(with: "${".utf8), line.startIndex == start || line[start - 1] != UInt8(ascii: "\\")
        else { return nil }
        let name = line[(start + 2)...].prefix { $0.isLetter || $0.isDigit || $0 == 0x2D || $0 == 0x5F }
        guard !name.isEmpty, name.endIndex < line.endIndex, line[name.endIndex] == UInt8(ascii: "}") else { return nil }
        return name.endIndex + 1
    }

    /// `` `=id.path` ``
    private static func value(_ line: ArraySlice<UInt8>, _ start: Int) -> Int? {
        guard line[start...].starts(with: "`=".utf8), let end = line[(start + 2)...].firstIndex(of: UInt8(ascii: "`")),
            line[start + 2].isLetter || line[start + 2].isDigit
        else { return nil }
        return end + 1
    }

    /// `@fig-name`
    private static func reference(_ line: ArraySlice<UInt8>, _ start: Int) -> Int? {
        for kind in CrossReference.Kind.allCases {
            let prefix = Array("@\(kind.rawValue)-".utf8)
            guard line[start...].starts(with: prefix) else { continue }
            let name = line[(start + prefix.count)...].prefix { $0.isLetter || $0.isDigit || "-_".utf8.contains($0) }
            return name.isEmpty ? nil : name.endIndex
        }
        return nil
    }
}
