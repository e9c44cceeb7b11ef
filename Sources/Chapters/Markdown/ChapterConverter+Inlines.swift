import Diagnostics

// Running text, with the markers put back.

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
    mutating func inlines(in parent: CommonMark.Node, depth: Int, insideLink: Bool) -> [Inline] {
        InlinePiece.flattened(inlinePieces(in: parent, depth: depth, insideLink: insideLink))
    }

    mutating func inlinePieces(in parent: CommonMark.Node, depth: Int, insideLink: Bool) -> [InlinePiece] {
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
                case .reference(let reference): result.append(.inline(.reference(reference)))
                case .anchor(let name): result.append(.anchor(name))
                case .parameter(let value): result.append(.inline(.text(value)))
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
            let alternative = inlines(in: node, depth: depth, insideLink: true)
            let source = Token.restore(node.destination, markers)
            return .image(
                source: source, title: Token.restore(node.title, markers), alternative: Prose(alternative),
                range: place(of: source, node))
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
        return .link(
            destination: destination, title: Token.restore(node.title, markers), text: text,
            range: place(of: destination, node))
    }

    /// Where an address is written: in the line of its link, from where the last one was found; else the line itself.
    ///
    /// The library's columns are not to be trusted, and an address may be written with entities or stand elsewhere.
    private mutating func place(of destination: String, _ node: CommonMark.Node) -> SourceRange {
        let line = max(1, min(node.startLine, table.count))
        let content = table.content(ofLine: line)
        if line != linkCursor.line { linkCursor = (line, content.lowerBound) }
        let wanted = Array(destination.utf8)
        // Far enough for any link, and a bound for lines of a megabyte.
        let end = min(content.upperBound, linkCursor.offset + 4096)
        guard !wanted.isEmpty, linkCursor.offset + wanted.count <= end else { return table.range(content, in: path) }
        let starts = (linkCursor.offset...(end - wanted.count)).lazy.filter { [table] start in
            table.bytes[start] == wanted[0] && table.bytes[start..<(start + wanted.count)].elementsEqual(wanted)
        }
        // The same words may stand in the text before the link.
        let bracketed = starts.first { [table] in $0 > 0 && "(<".utf8.contains(table.bytes[$0 - 1]) }
        guard let start = bracketed ?? starts.first else { return table.range(content, in: path) }
        linkCursor.offset = start + wanted.count
        return table.range(start..<(start + wanted.count), in: path)
    }
}
