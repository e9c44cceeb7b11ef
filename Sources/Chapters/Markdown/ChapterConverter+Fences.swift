import Diagnostics

// Fenced blocks with the place of every line of their bodies.

extension ChapterConverter {
    mutating func fence(_ node: CommonMark.Node) -> Fence {
        let lines = FenceLines(node, in: table)
        let opening = table.content(ofLine: lines.first)
        var start = min(opening.lowerBound + max(0, node.startColumn - 1), opening.upperBound)
        while start < opening.upperBound, table.bytes[start].isBlank { start += 1 }
        var info = start
        while info < opening.upperBound, table.bytes[info] == table.bytes[start] { info += 1 }
        let marks = start..<info
        var infoEnd = opening.upperBound
        while info < infoEnd, table.bytes[info].isBlank { info += 1 }
        while info < infoEnd, table.bytes[infoEnd - 1].isBlank { infoEnd -= 1 }

        let body = Token.restore(node.literal, markers)
        let columns = bodyColumns(body, lines: lines.body, fallback: start - opening.lowerBound + 1)
        let end = table.content(ofLine: lines.last).upperBound
        let fence = Fence(
            info: String(decoding: table.bytes[info..<infoEnd], as: UTF8.self),
            infoRange: table.range(info..<infoEnd, in: path), body: body,
            bodyStart: Position(
                line: lines.first + 1, column: max(1, columns.first ?? start - opening.lowerBound + 1)),
            range: table.range(start..<max(start, end), in: path), bodyColumns: columns)
        if !lines.isClosed {
            diagnostics.append(
                .warning(
                    "unclosed-fence",
                    "this fence is not closed; end it with a line of \(String(decoding: table.bytes[marks], as: UTF8.self))",
                    at: table.range(start..<max(infoEnd, marks.upperBound), in: path)))
        }
        return fence
    }

    /// The column at which each line of a body starts in the chapter: what containers and indentation take away.
    private func bodyColumns(_ body: String, lines: Range<Int>, fallback: Int) -> [Int] {
        let text = LineTable(body)
        return lines.enumerated().map { index, line in
            let written = table.line(line)
            let inner = text.line(index + 1)
            // A tab that a container takes a part of comes back as blanks: then a column may lie before the line.
            return written.ends(with: inner.drop { $0 == 0x20 || $0 == 0x09 })
                ? written.count - inner.count + 1 : min(fallback, written.count + 1)
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate func ends(with other: ArraySlice<UInt8>) -> Bool { suffix(other.count).elementsEqual(other) }
}
