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
                for text in table.header + table.rows.joined() + [table.caption] {
                    for inline in text { inline.visit(visit) }
                }
            case .figure(let figure): figure.picture.visit(visit)
            case .callout(let callout): for inline in callout.title { inline.visit(visit) }
            case .list, .quote, .fence, .math, .rule, .html: break
            }
        }
    }

    private func forEachBlock(_ visit: (Block) -> Void) {
        for block in blocks + footnotes.flatMap(\.blocks) { block.visit(visit) }
    }
}

extension Block {
    /// The blocks that stand in this one, in the order of the text.
    package var children: [Block] {
        switch self {
        case .list(let list): list.items.flatMap(\.blocks)
        case .quote(let blocks): blocks
        case .callout(let callout): callout.blocks + callout.answer
        case .heading, .paragraph, .fence, .table, .figure, .math, .rule, .html: []
        }
    }

    fileprivate func visit(_ body: (Block) -> Void) {
        body(self)
        for block in children { block.visit(body) }
    }
}

extension Inline {
    /// Visits this one and those inside it.
    package func visit(_ body: (Inline) -> Void) {
        body(self)
        switch self {
        case .emphasis(let text), .strong(let text), .strikethrough(let text), .link(_, _, let text, _):
            for inline in text { inline.visit(body) }
        case .image(_, _, let alternative, _, _): for inline in alternative.inlines { inline.visit(body) }
        case .text, .code, .softBreak, .lineBreak, .math, .value, .reference, .footnote, .html: break
        }
    }
}
