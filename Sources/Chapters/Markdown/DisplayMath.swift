import Diagnostics

/// Finds `$$` blocks that span lines, before Markdown takes a line such as `+ b` inside them for a list.
enum DisplayMath {
    /// The source with the lines of such formulas filled with letters; every byte keeps its place.
    ///
    /// A formula starts a line (after quote marks and list bullets), ends with the next `$$`, and has no blank line.
    static func masked(_ table: LineTable, outline: Outline) -> [UInt8] {
        var bytes = table.bytes
        var verbatim = outline.verbatim[...]
        var line = 1
        while line <= table.count {
            while let next = verbatim.first, next.upperBound < line { verbatim = verbatim.dropFirst() }
            if let code = verbatim.first, code.contains(line) {
                line = code.upperBound + 1
                continue
            }
            let content = table.content(ofLine: line)
            let start = skipContainers(content, in: table.bytes)
            guard table.bytes[start...].starts(with: [0x24, 0x24]), start < content.upperBound,
                let end = lastLine(from: line, start: start, table, verbatim.first?.lowerBound ?? Int.max), end > line
            else {
                line += 1
                continue
            }
            let quotes = table.bytes[content.lowerBound..<start].count { $0 == UInt8(ascii: ">") }
            for inner in line...end {
                let text =
                    inner == line
                    ? start..<content.upperBound
                    : Leaf.skipPrefix(table.content(ofLine: inner), in: table.bytes, quotes: quotes)
                for index in text { bytes[index] = UInt8(ascii: "x") }
            }
            line = end + 1
        }
        return bytes
    }

    private static func lastLine(from line: Int, start: Int, _ table: LineTable, _ limit: Int) -> Int? {
        if closes(start + 2..<table.content(ofLine: line).upperBound, in: table.bytes) { return line }
        var next = line + 1
        while next <= table.count, next < limit {
            let content = Leaf.skipPrefix(table.content(ofLine: next), in: table.bytes, quotes: Int.max)
            if content.isEmpty { return nil }
            if closes(content, in: table.bytes) { return next }
            next += 1
        }
        return nil
    }

    private static func closes(_ range: Range<Int>, in bytes: [UInt8]) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == 0x24, index + 1 < range.upperBound, bytes[index + 1] == 0x24 { return true }
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return false
    }

    /// Skips blanks, quote marks, bullets and ordinals at the start of a line.
    static func skipContainers(_ content: Range<Int>, in bytes: [UInt8]) -> Int {
        var index = content.lowerBound
        while index < content.upperBound {
            let byte = bytes[index]
            if byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: ">") {
                index += 1
                continue
            }
            var end = index
            if "-*+".utf8.contains(byte) {
                end += 1
            } else {
                while end < content.upperBound, bytes[end].isDigit, end - index < 9 { end += 1 }
                guard end > index, end < content.upperBound, ".)".utf8.contains(bytes[end]) else { return index }
                end += 1
            }
            guard end < content.upperBound, bytes[end] == 0x20 || bytes[end] == 0x09 else { return index }
            index = end
        }
        return index
    }
}
