/// The lines of a text, and the way between byte offsets and positions.
///
/// A line ends with `\n`, `\r\n` or `\r`, as in CommonMark. Building takes one pass; every query is O(log lines) or better.
package struct LineTable: Sendable {
    package let bytes: [UInt8]
    /// The offset of every line's first byte; never empty.
    private let starts: [Int]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == 0x0A {
                starts.append(index)
            } else if byte == 0x0D {
                if index < bytes.count, bytes[index] == 0x0A { index += 1 }
                starts.append(index)
            }
        }
        self.starts = starts
    }

    package init(_ text: String) { self.init(Array(text.utf8)) }

    /// The number of lines; a text that ends with a line break has an empty last one.
    package var count: Int { starts.count }

    /// The offsets of a line's bytes without its line break; empty at the end of the text for a line that does not exist.
    package func content(ofLine line: Int) -> Range<Int> {
        guard line >= 1, line <= starts.count else { return bytes.count..<bytes.count }
        let start = starts[line - 1]
        var end = line < starts.count ? starts[line] : bytes.count
        while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        return start..<end
    }

    /// The bytes of a line without its line break.
    package func line(_ number: Int) -> ArraySlice<UInt8> { bytes[content(ofLine: number)] }

    /// The position of a byte; offsets outside the text are moved to its nearest end.
    package func position(of offset: Int) -> Position {
        let offset = min(max(offset, 0), bytes.count)
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return Position(line: low + 1, column: offset - starts[low] + 1)
    }

    /// The range of the bytes in `offsets`, in the file named `path`.
    package func range(_ offsets: Range<Int>, in path: String) -> SourceRange {
        SourceRange(path: path, start: position(of: offsets.lowerBound), end: position(of: offsets.upperBound))
    }
}
