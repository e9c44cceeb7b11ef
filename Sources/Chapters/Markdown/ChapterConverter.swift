import Foundation
import Diagnostics

/// Turns the library's tree into a chapter's blocks.
struct ChapterConverter {
    let path: String
    let table: LineTable
    let markers: [Marker]
    private(set) var diagnostics: [Diagnostic] = []
    private var anchors = Anchors()
    private var footnoteLabels: [String] = []
    private var reportedDepth = false

    /// Deeper than any text that people read, and shallow enough for every stack.
    private static let deepest = 64

    init(path: String, table: LineTable, markers: [Marker]) {
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
        let blocks = blocks(in: root, depth: 0)
        let footnotes = zip(definitions, footnoteLabels).map { Footnote(label: $1, blocks: self.blocks(in: $0, depth: 1)) }
        return (blocks, footnotes)
    }

    // MARK: - Blocks

    private mutating func blocks(in parent: CommonMark.Node, depth: Int) -> [Block] {
        guard fits(parent, depth) else { return [] }
        var result: [Block] = []
        for node in parent.children { result.append(contentsOf: block(node, depth: depth + 1)) }
        return result
    }

    private mutating func block(_ node: CommonMark.Node, depth: Int) -> [Block] {
        switch node.kind {
        case .paragraph: return paragraph(node, depth: depth)
        case .heading(let level): return [heading(node, level: level, depth: depth)]
        case .quote: return [.quote(blocks(in: node, depth: depth))]
        case .list(let start, let tight):
            var list = List(start: start, tight: tight, items: [])
            for item in node.children {
                guard case .item(let task) = item.kind else { continue }
                list.items.append(List.Item(blocks: blocks(in: item, depth: depth + 1), task: task))
            }
            return [.list(list)]
        case .fence: return [.fence(fence(node))]
        case .indentedCode:
            let start = Position(line: node.startLine, column: node.startColumn)
            let end = table.position(of: table.content(ofLine: node.endLine).upperBound)
            let range = SourceRange(path: path, start: start, end: max(start, end))
            return [
                .fence(
                    Fence(
                        info: "", infoRange: SourceRange(path: path, start: start, end: start),
                        body: Token.restore(node.literal, markers), bodyStart: start, range: range))
            ]
        case .htmlBlock: return [.html(Token.restore(node.literal, markers))]
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
        let text = InlinePiece.flattened(pieces).trimmed()
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

    /// A paragraph, cut wherever a displayed formula stands in it.
    private mutating func paragraph(_ node: CommonMark.Node, depth: Int) -> [Block] {
        var result: [Block] = []
        var text: [InlinePiece] = []
        func flush() {
            let inlines = InlinePiece.flattened(text).trimmed()
            if !inlines.isEmpty { result.append(.paragraph(inlines)) }
            text = []
        }
        for piece in inlinePieces(in: node, depth: depth, insideLink: false) {
            if case .display(let math, let label) = piece {
                flush()
                result.append(.math(math, label: label))
            } else {
                text.append(piece)
            }
        }
        flush()
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
        return result
    }

    private func footnoteLabel(_ node: CommonMark.Node) -> String? {
        // The library keeps the label to itself; the source has it just before the definition's text.
        let line = table.line(node.startLine).prefix(max(0, node.startColumn - 1))
        let text = String(decoding: line, as: UTF8.self)
        guard let open = text.range(of: "[^"), let close = text.range(of: "]:", range: open.upperBound..<text.endIndex)
        else { return nil }
        return String(text[open.upperBound..<close.lowerBound])
    }

    /// Reports nesting that is too deep, once.
    private mutating func fits(_ node: CommonMark.Node, _ depth: Int) -> Bool {
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

// MARK: - Fences

extension ChapterConverter {
    private mutating func fence(_ node: CommonMark.Node) -> Fence {
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

// MARK: - Inlines

/// A piece of running text, or what a paragraph or heading takes out of it.
enum InlinePiece {
    case inline(Inline)
    case display(Math, label: String?)
    case anchor(String)

    /// Where there is no room for a displayed formula, it stands in the line.
    static func flattened(_ pieces: [InlinePiece]) -> [Inline] {
        pieces.compactMap { piece in
            switch piece {
            case .inline(let inline): inline
            case .display(let math, _): .math(math)
            case .anchor: nil
            }
        }
    }
}

extension ChapterConverter {
    private mutating func inlines(in parent: CommonMark.Node, depth: Int, insideLink: Bool) -> [Inline] {
        InlinePiece.flattened(inlinePieces(in: parent, depth: depth, insideLink: insideLink))
    }

    private mutating func inlinePieces(in parent: CommonMark.Node, depth: Int, insideLink: Bool) -> [InlinePiece] {
        guard fits(parent, depth) else { return [] }
        var result: [InlinePiece] = []
        var text = ""
        func flush() {
            append(text, to: &result, insideLink: insideLink)
            text = ""
        }
        for node in parent.children {
            if case .text = node.kind {
                text += node.literal
                continue
            }
            flush()
            if let inline = inline(node, depth: depth + 1, insideLink: insideLink) { result.append(.inline(inline)) }
        }
        flush()
        return result
    }

    /// Adds text that the library has read, with its markers put back.
    private func append(_ text: String, to result: inout [InlinePiece], insideLink: Bool) {
        for part in Token.split(text, markers) {
            switch part {
            case .text(let text): result.append(.inline(.text(text)))
            case .continuation:
                if case .inline(.softBreak)? = result.last { result.removeLast() }
            case .marker(let marker):
                switch marker.content {
                case .math(let math, display: true, let label): result.append(.display(math, label: label))
                case .math(let math, display: false, _): result.append(.inline(.math(math)))
                case .value(let value): result.append(.inline(.value(value)))
                // A link cannot hold another one.
                case .reference where insideLink: result.append(.inline(.text(marker.written)))
                case .reference(let reference): result.append(.inline(.reference(reference)))
                case .anchor(let name): result.append(.anchor(name))
                }
            }
        }
    }

    private mutating func inline(_ node: CommonMark.Node, depth: Int, insideLink: Bool) -> Inline? {
        switch node.kind {
        case .softBreak: return .softBreak
        case .lineBreak: return .lineBreak
        case .code: return .code(Token.restore(node.literal, markers))
        case .htmlInline: return .html(Token.restore(node.literal, markers))
        case .emphasis: return .emphasis(inlines(in: node, depth: depth, insideLink: insideLink))
        case .strong: return .strong(inlines(in: node, depth: depth, insideLink: insideLink))
        case .strikethrough: return .strikethrough(inlines(in: node, depth: depth, insideLink: insideLink))
        case .footnoteReference:
            let index = Int(node.literal).map { $0 - 1 } ?? -1
            return .footnote(label: footnoteLabels.indices.contains(index) ? footnoteLabels[index] : node.literal)
        case .link: return link(node, depth: depth)
        case .image:
            let alternative = inlines(in: node, depth: depth, insideLink: true).plainText
            return .image(
                source: safe(Token.restore(node.destination, markers), node),
                title: Token.restore(node.title, markers), alternative: alternative)
        default:
            let inner = inlines(in: node, depth: depth, insideLink: insideLink)
            return inner.isEmpty ? nil : .text(inner.plainText)
        }
    }

    private mutating func link(_ node: CommonMark.Node, depth: Int) -> Inline {
        let destination = Token.restore(node.destination, markers)
        var text = inlines(in: node, depth: depth, insideLink: true)
        // An address written as text is not searched for formulas.
        let children = node.children
        if children.count == 1, let only = children.first, case .text = only.kind {
            let written = Token.restore(only.literal, markers)
            if destination.hasSuffix(written) { text = [.text(written)] }
        }
        return .link(destination: safe(destination, node), title: Token.restore(node.title, markers), text: text)
    }

    /// The destination, or an empty one where following it would run code.
    private mutating func safe(_ destination: String, _ node: CommonMark.Node) -> String {
        let scheme = destination.unicodeScalars.filter { $0.value > 0x20 }.prefix { $0 != ":" && $0 != "/" }
        let name = String(String.UnicodeScalarView(scheme)).lowercased()
        guard destination.contains(":"), ["javascript", "vbscript", "data", "file"].contains(name) else {
            return destination
        }
        let line = max(1, node.startLine)
        let content = table.content(ofLine: line)
        diagnostics.append(
            .warning(
                "unsafe-link", "links to '\(name):' addresses are left out", at: table.range(content, in: path)))
        return ""
    }
}

extension ArraySlice<UInt8> {
    fileprivate func ends(with other: ArraySlice<UInt8>) -> Bool { suffix(other.count).elementsEqual(other) }
}
