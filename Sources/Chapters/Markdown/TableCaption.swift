import Diagnostics

/// A paragraph that begins with `Table: `: the caption of the table before or behind it.
struct TableCaption {
    static let mark = "Table: "

    var text: [Inline]
    var label: Located<String>?
    /// The paragraph's first line.
    var range: SourceRange

    static func begins(_ bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: mark.utf8) }

    /// Captions the last of these blocks, if that is a table that has no caption yet.
    func attach(to blocks: inout [Block]) -> Bool {
        guard case .table(var table)? = blocks.last, table.caption.isEmpty, table.label == nil else { return false }
        (table.caption, table.label) = (text, label)
        blocks[blocks.count - 1] = .table(table)
        return true
    }
}

extension ChapterConverter {
    /// The caption that a paragraph is; nil for every other block.
    mutating func caption(_ node: CommonMark.Node, depth: Int) -> TableCaption? {
        guard case .paragraph = node.kind, (1...table.count).contains(node.startLine) else { return nil }
        let line = table.content(ofLine: node.startLine)
        let start = min(line.lowerBound + max(0, node.startColumn - 1), line.upperBound)
        guard TableCaption.begins(table.bytes[start..<line.upperBound]) else { return nil }
        var pieces = inlinePieces(in: node, depth: depth, insideLink: false)
        guard case .inline(.text(let first))? = pieces.first, first.hasPrefix(TableCaption.mark) else { return nil }
        pieces[0] = .inline(.text(String(first.dropFirst(TableCaption.mark.count))))
        var label: Located<String>?
        pieces.removeAll { piece in
            guard case .label(let found, .table) = piece else { return false }
            label = found
            return true
        }
        return TableCaption(
            text: flattened(pieces).trimmed(), label: label, range: table.range(start..<line.upperBound, in: path))
    }

    /// Tells of a caption beside which no table stands; it stays in the text.
    mutating func tell(_ caption: TableCaption) -> [Block] {
        diagnostics.append(
            Diagnostic(
                caption.label == nil ? .warning : .error, "stray-caption",
                "no table without a caption stands directly before or behind this one, which stays in the text; move it "
                    + "there, or write Table\\: for these very characters", at: caption.range))
        return [.paragraph([.text(TableCaption.mark)] + caption.text)]
    }

    /// A caption in the line below a table is a row of it, and one in the line above is a paragraph whose place the
    /// library does not tell.
    mutating func noteCaptions(of node: CommonMark.Node, _ text: TextTable) {
        var found: [Int] = []
        if (1...table.count).contains(node.startLine), text.header.first.map(Self.isCaption) == false,
            TableCaption.begins(table.line(node.startLine).dropFirst(max(0, node.startColumn - 1)))
        {
            found.append(node.startLine)
        }
        if let row = text.rows.last, let first = row.first, Self.isCaption(first),
            row.dropFirst().allSatisfy(\.isEmpty), let line = node.children.last?.startLine,
            !table.line(line).contains(UInt8(ascii: "|"))
        {
            found.append(line)
        }
        for line in found {
            diagnostics.append(
                .error(
                    "caption-in-table", "this caption touches its table; put an empty line between them",
                    at: table.range(table.content(ofLine: line), in: path)))
        }
    }

    private static func isCaption(_ cell: [Inline]) -> Bool {
        guard case .text(let text)? = cell.first else { return false }
        return text.hasPrefix(TableCaption.mark)
    }
}
