import Diagnostics

/// Where running text and where verbatim lines stand: what must be known before anything is marked.
struct Outline {
    var leaves: [Leaf] = []
    /// Lines of code and raw HTML, which nothing is looked for in.
    var verbatim: [ClosedRange<Int>] = []

    init(_ root: CommonMark.Node, in table: LineTable) {
        var found: [(kind: Leaf.Kind, lines: ClosedRange<Int>, column: Int)] = []
        var verbatim: [ClosedRange<Int>] = []
        func add(_ kind: Leaf.Kind, _ lines: ClosedRange<Int>, column: Int) { found.append((kind, lines, column)) }
        root.visit { node in
            let start = node.startLine
            guard start >= 1, start <= table.count else { return true }
            switch node.kind {
            case .paragraph:
                if node.endLine >= start { add(.paragraph, start...node.endLine, column: node.startColumn) }
                return false
            case .heading:
                add(.heading, start...Outline.lastLine(ofHeading: node, in: table), column: node.startColumn)
                return false
            case .tableRow:
                add(.tableRow, start...start, column: node.startColumn)
                return false
            case .fence:
                verbatim.append(start...max(start, FenceLines(node, in: table).last))
                return false
            case .indentedCode, .htmlBlock:
                if node.endLine >= start { verbatim.append(start...node.endLine) }
                return false
            default: return true
            }
        }
        // The library puts footnotes last, wherever they are written. Neighbours never overlap, whatever it says.
        var lastLine = 0
        for (kind, lines, column) in found.sorted(by: { $0.lines.lowerBound < $1.lines.lowerBound }) {
            guard lines.lowerBound > lastLine, lines.upperBound <= table.count else { continue }
            lastLine = lines.upperBound
            leaves.append(Leaf(kind: kind, lines: lines, column: column, in: table))
        }
        self.verbatim = verbatim.sorted { $0.lowerBound < $1.lowerBound }
    }

    /// The last line of a heading's text: its only one after `#`, else the one above the underline.
    static func lastLine(ofHeading node: CommonMark.Node, in table: LineTable) -> Int {
        let start = node.startLine
        let first = table.line(start).dropFirst(max(0, node.startColumn - 1))
        let hashes = first.prefix { $0 == UInt8(ascii: "#") }
        if !hashes.isEmpty, first.dropFirst(hashes.count).first.map({ $0 == 0x20 || $0 == 0x09 }) ?? true {
            return start
        }
        var line = start + 1
        while line <= min(table.count, max(start, node.endLine)) {
            let content = table.line(line).filter { $0 != 0x20 && $0 != 0x09 && $0 != UInt8(ascii: ">") }
            if let mark = content.first, mark == UInt8(ascii: "=") || mark == UInt8(ascii: "-"),
                content.allSatisfy({ $0 == mark })
            {
                return line - 1
            }
            line += 1
        }
        return start
    }
}

/// The lines of a fenced block, counted from its content: the library's own end line is one too far in some containers.
struct FenceLines {
    let first: Int
    let body: Range<Int>
    let isClosed: Bool
    /// The closing fence, or the last line of the body.
    var last: Int { isClosed ? body.upperBound : body.upperBound - 1 }

    init(_ node: CommonMark.Node, in table: LineTable) {
        let start = node.startLine
        let content = LineTable(node.literal)
        // The content ends with a line break unless it is empty.
        let end = min(start + 1 + content.count - 1, table.count + 1)
        first = start
        body = start + 1..<max(start + 1, end)
        guard case .fence(let length, let character) = node.kind, body.upperBound <= table.count else {
            isClosed = false
            return
        }
        let closing = table.line(body.upperBound).drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ">") }
        let run = closing.prefix { $0 == character }
        isClosed = run.count >= length && closing.dropFirst(run.count).allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }
}
