extension Chapter {
    /// Visits every fence, in the order of the text, also inside lists and quotes.
    package func forEachFence(_ visit: (Fence) -> Void) {
        forEachBlock { block in
            if case .fence(let fence) = block { visit(fence) }
        }
    }

    /// Visits every inline, outer ones before those inside them, in the order of the text.
    package func forEachInline(_ visit: (Inline) -> Void) {
        forEachBlock { block in
            switch block {
            case .heading(_, let text, _, _), .paragraph(let text): for inline in text { inline.visit(visit) }
            case .table(let table):
                for cell in table.header + table.rows.joined() { for inline in cell { inline.visit(visit) } }
            case .list, .quote, .fence, .math, .rule, .html: break
            }
        }
    }

    private func forEachBlock(_ visit: (Block) -> Void) {
        for block in blocks + footnotes.flatMap(\.blocks) { block.visit(visit) }
    }
}

extension Block {
    fileprivate func visit(_ body: (Block) -> Void) {
        body(self)
        switch self {
        case .list(let list): for block in list.items.flatMap(\.blocks) { block.visit(body) }
        case .quote(let blocks): for block in blocks { block.visit(body) }
        case .heading, .paragraph, .fence, .table, .math, .rule, .html: break
        }
    }
}

extension Inline {
    /// Visits this one and those inside it.
    package func visit(_ body: (Inline) -> Void) {
        body(self)
        switch self {
        case .emphasis(let text), .strong(let text), .strikethrough(let text), .link(_, _, let text, _):
            for inline in text { inline.visit(body) }
        case .image(_, _, let alternative, _): for inline in alternative.inlines { inline.visit(body) }
        case .text, .code, .softBreak, .lineBreak, .math, .value, .reference, .footnote, .html: break
        }
    }
}
