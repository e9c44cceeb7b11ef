import Diagnostics

/// The running text of one paragraph, heading or table row, with the way back from each byte to the source.
///
/// Lines are joined by `\n`; the prefixes that quotes and lists put before continued lines are left out.
struct Leaf {
    enum Kind { case paragraph, heading, tableRow }

    let kind: Kind
    private(set) var bytes: [UInt8] = []
    /// The source offset of each byte.
    private(set) var offsets: [Int] = []

    /// - Parameters:
    ///   - column: where the first line's text starts, 1-based.
    init(kind: Kind, lines: ClosedRange<Int>, column: Int, in table: LineTable) {
        self.kind = kind
        var quotes = 0
        for line in lines {
            var content = table.content(ofLine: line)
            if line == lines.lowerBound {
                let start = min(content.lowerBound + max(0, column - 1), content.upperBound)
                quotes = table.bytes[content.lowerBound..<start].count { $0 == UInt8(ascii: ">") }
                content = start..<content.upperBound
            } else {
                content = Self.skipPrefix(content, in: table.bytes, quotes: quotes)
                bytes.append(0x0A)
                offsets.append(content.lowerBound)
            }
            bytes.append(contentsOf: table.bytes[content])
            offsets.append(contentsOf: content)
        }
    }

    /// Skips blanks and at most `quotes` quote marks at the start of a continued line.
    static func skipPrefix(_ content: Range<Int>, in bytes: [UInt8], quotes: Int) -> Range<Int> {
        var start = content.lowerBound
        var left = quotes
        while start < content.upperBound {
            let byte = bytes[start]
            if byte == UInt8(ascii: ">"), left > 0 { left -= 1 } else if byte != 0x20, byte != 0x09 { break }
            start += 1
        }
        return start..<content.upperBound
    }

    /// The source bytes behind a stretch of this text, line by line; empty lines are left out.
    func pieces(_ range: Range<Int>) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var start: Int?
        for index in range {
            if bytes[index] == 0x0A {
                if let first = start { result.append(offsets[first]..<offsets[index - 1] + 1) }
                start = nil
            } else if start == nil {
                start = index
            }
        }
        if let first = start { result.append(offsets[first]..<offsets[range.upperBound - 1] + 1) }
        return result
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

extension Leaf {
    /// The same leaf with its bytes taken from another text of the same layout.
    func reading(_ table: LineTable) -> Leaf {
        var copy = self
        for index in copy.bytes.indices where copy.bytes[index] != 0x0A {
            copy.bytes[index] = table.bytes[copy.offsets[index]]
        }
        return copy
    }
}
