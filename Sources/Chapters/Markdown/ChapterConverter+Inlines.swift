import Diagnostics

// Running text, with the markers put back.

/// A piece of running text, or what a paragraph or heading takes out of it.
enum InlinePiece {
    case inline(Inline)
    case display(Math, label: String?)
    case anchor(String)
    /// Of the picture just before it, or of a table whose caption it ends.
    case label(Located<String>, CrossReference.Kind)
}

extension ChapterConverter {
    mutating func inlines(in parent: CommonMark.Node, depth: Int, insideLink: Bool) -> [Inline] {
        flattened(inlinePieces(in: parent, depth: depth, insideLink: insideLink))
    }

    /// Where there is no room for a displayed formula, it stands in the line; where there is none for a figure or a
    /// table's caption, their labels are mistakes.
    mutating func flattened(_ pieces: [InlinePiece]) -> [Inline] {
        var result: [Inline] = []
        for piece in pieces {
            switch piece {
            case .inline(let inline): result.append(inline)
            case .display(let math, _): result.append(.math(math))
            case .anchor: break
            case .label(let label, let kind): diagnostics.append(Self.misplaced(label, kind))
            }
        }
        return result
    }

    private static func misplaced(_ label: Located<String>, _ kind: CrossReference.Kind) -> Diagnostic {
        .error(
            "misplaced-label",
            "nothing is numbered by '\(kind.rawValue)-\(label.value)': "
                + (kind == .table
                    ? "no table of its own stands directly before or behind this caption"
                    : "a figure is a picture alone in its paragraph; put empty lines around it, or leave the label out"),
            at: label.range)
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
                case .attributes(let attributes): append(attributes, marker, to: &result)
                case .parameter(let value): result.append(.inline(.text(value)))
                }
            }
        }
    }

    /// Gives the picture before them its width; where Markdown has read none, they are text.
    private func append(_ attributes: BracedAttributes, _ marker: Marker, to result: inout [InlinePiece]) {
        if case .inline(.image(let source, let title, let alternative, _, let range))? = result.last {
            result[result.count - 1] = .inline(
                .image(
                    source: source, title: title, alternative: alternative, width: attributes.width, range: range))
        } else if attributes.kind == .figure {
            return result.append(.inline(.text(marker.written)))
        }
        if let label = attributes.label { result.append(.label(label, attributes.kind)) }
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
