import Diagnostics

/// Turns the library's tree into a chapter's blocks.
struct ChapterConverter {
    let path: String
    let table: LineTable
    let markers: [Marker]
    var diagnostics: [Diagnostic] = []
    private(set) var footnoteLabels: [String] = []
    private(set) var buried: [BuriedFence] = []
    /// Values, parameters and references in blocks of raw HTML.
    private(set) var unread: [Located<String>] = []
    private let title: FrontMatter.Title?
    private var anchors = Anchors()
    private var reportedDepth = false
    /// Where the next link of a line is looked for.
    var linkCursor = (line: 0, offset: 0)

    /// Deeper than any text that people read, and shallow enough for every stack.
    private static let deepest = 64

    /// - Parameter title: of the front matter: the first heading of a chapter without one of the first level.
    init(path: String, table: LineTable, markers: [Marker], title: FrontMatter.Title? = nil) {
        self.title = title
        self.path = path
        self.table = table
        self.markers = markers
        for marker in markers {
            guard case .anchor(let name) = marker.content, let range = marker.labelRange else { continue }
            if let problem = anchors.reserve(name, at: range) { diagnostics.append(problem) }
        }
    }

    mutating func convert(_ root: CommonMark.Node) -> (blocks: [Block], footnotes: [Footnote]) {
        let definitions = root.children.filter { if case .footnoteDefinition = $0.kind { true } else { false } }
        footnoteLabels = definitions.enumerated().map { footnoteLabel($0.element) ?? String($0.offset + 1) }
        var blocks = heading(of: root)
        blocks += self.blocks(in: root, depth: 0)
        let footnotes = zip(definitions, footnoteLabels).map {
            Footnote(label: $1, blocks: self.blocks(in: $0, depth: 1))
        }
        return (blocks, footnotes)
    }

    private mutating func heading(of root: CommonMark.Node) -> [Block] {
        let hasTitle = root.children.contains { if case .heading(level: 1) = $0.kind { true } else { false } }
        guard let title, !hasTitle else { return [] }
        let text = title.prose.inlines
        return [.heading(level: 1, text: text, id: anchors.make(from: text.plainText), range: title.range)]
    }

    // MARK: - Blocks

    mutating func blocks(in parent: CommonMark.Node, depth: Int) -> [Block] {
        guard fits(parent, depth) else { return [] }
        return blocks(of: parent.children, depth: depth)
    }

    mutating func blocks(of nodes: [CommonMark.Node], depth: Int) -> [Block] {
        var result: [Block] = []
        var waiting: TableCaption?
        for node in nodes {
            if let caption = caption(node, depth: depth + 1) {
                if let waiting { result += tell(waiting) }
                waiting = nil
                if !caption.attach(to: &result) { waiting = caption }
                continue
            }
            var blocks = block(node, depth: depth + 1)
            if let caption = waiting, !caption.attach(to: &blocks) { result += tell(caption) }
            waiting = nil
            result += blocks
        }
        if let waiting { result += tell(waiting) }
        return result
    }

    private mutating func block(_ node: CommonMark.Node, depth: Int) -> [Block] {
        switch node.kind {
        case .paragraph: return paragraph(node, depth: depth)
        case .heading(let level): return [heading(node, level: level, depth: depth)]
        case .quote: return [quote(node, depth: depth)]
        case .list(let start, let tight):
            var list = List(start: start, tight: tight, items: [])
            for item in node.children {
                guard case .item(let task) = item.kind else { continue }
                list.items.append(List.Item(blocks: blocks(in: item, depth: depth + 1), task: task))
            }
            return [.list(list)]
        case .fence: return [.fence(fence(node))]
        case .indentedCode:
            buried += BuriedFence.all(in: node, as: .indentation, table, path: path)
            let start = Position(line: node.startLine, column: node.startColumn)
            let end = table.position(of: table.content(ofLine: node.endLine).upperBound)
            let range = SourceRange(path: path, start: start, end: max(start, end))
            return [
                .fence(
                    Fence(
                        info: "", infoRange: SourceRange(path: path, start: start, end: start),
                        body: Token.restore(node.literal, markers), bodyStart: start, range: range))
            ]
        case .htmlBlock:
            buried += BuriedFence.all(in: node, as: .init(ofHTML: node.literal), table, path: path)
            unread += RawMarkers.all(in: node, table, path: path)
            return [.html(Token.restore(node.literal, markers))]
        case .table(let alignments): return [.table(textTable(node, alignments, depth: depth))]
        case .rule: return [.rule]
        case .footnoteDefinition: return []
        default: return blocks(in: node, depth: depth)
        }
    }

    private mutating func heading(_ node: CommonMark.Node, level: Int, depth: Int) -> Block {
        var pieces = inlinePieces(in: node, depth: depth, insideLink: false)
        var id: String?
        pieces.removeAll { piece in
            guard case .anchor(let name) = piece else { return false }
            id = name
            return true
        }
        let text = flattened(pieces).trimmed()
        let last = Outline.lastLine(ofHeading: node, in: table)
        var content = table.content(ofLine: last)
        while content.count > 1, table.bytes[content.upperBound - 1].isBlank {
            content = content.lowerBound..<content.upperBound - 1
        }
        let range = SourceRange(
            path: path, start: Position(line: node.startLine, column: node.startColumn),
            end: Position(line: last, column: content.count + 1))
        return .heading(level: level, text: text, id: id ?? anchors.make(from: text.plainText), range: range)
    }

    private mutating func paragraph(_ node: CommonMark.Node, depth: Int) -> [Block] {
        noteStrayCallout(node)
        let pieces = inlinePieces(in: node, depth: depth, insideLink: false)
        return Self.figure(pieces).map { [.figure($0)] } ?? paragraph(pieces)
    }

    /// A picture with a label, and nothing else.
    private static func figure(_ pieces: [InlinePiece]) -> TextFigure? {
        guard pieces.count == 2, case .inline(let picture) = pieces[0], case .label(let label, .figure) = pieces[1],
            case .image(let source, let title, let caption, let width, let range) = picture
        else { return nil }
        return TextFigure(label: label, source: source, title: title, caption: caption, width: width, range: range)
    }

    /// A paragraph, cut wherever a displayed formula stands in it.
    mutating func paragraph(_ pieces: [InlinePiece]) -> [Block] {
        var result: [Block] = []
        var text: [InlinePiece] = []
        func flush(_ converter: inout ChapterConverter) {
            let inlines = converter.flattened(text).trimmed()
            if !inlines.isEmpty { result.append(.paragraph(inlines)) }
            text = []
        }
        for piece in pieces {
            if case .display(let math, let label) = piece {
                flush(&self)
                result.append(.math(math, label: label))
            } else {
                text.append(piece)
            }
        }
        flush(&self)
        return result
    }

    private mutating func textTable(
        _ node: CommonMark.Node, _ alignments: [TextTable.Alignment], depth: Int
    ) -> TextTable {
        var result = TextTable(alignments: alignments, header: [], rows: [])
        for row in node.children {
            guard case .tableRow(let isHeader) = row.kind else { continue }
            let cells = row.children.map { inlines(in: $0, depth: depth, insideLink: false) }
            if isHeader { result.header = cells } else { result.rows.append(cells) }
        }
        noteCaptions(of: node, result)
        return result
    }

    private func footnoteLabel(_ node: CommonMark.Node) -> String? {
        // The library keeps the label to itself; the source has it just before the definition's text.
        let line = table.line(node.startLine).prefix(max(0, node.startColumn - 1))
        let text = String(decoding: line, as: UTF8.self)
        guard let open = text.firstRange(of: "[^"), let close = text[open.upperBound...].firstRange(of: "]:") else {
            return nil
        }
        return String(text[open.upperBound..<close.lowerBound])
    }

    /// Reports nesting that is too deep, once.
    mutating func fits(_ node: CommonMark.Node, _ depth: Int) -> Bool {
        guard depth > Self.deepest else { return true }
        if !reportedDepth {
            reportedDepth = true
            let place = Position(line: max(1, node.startLine), column: max(1, node.startColumn))
            diagnostics.append(
                .error(
                    "nested-too-deeply", "blocks and emphasis may be nested \(Self.deepest) deep; the rest is left out",
                    at: SourceRange(path: path, start: place, end: place)))
        }
        return false
    }
}
