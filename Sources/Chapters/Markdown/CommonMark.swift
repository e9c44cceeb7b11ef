import CCmarkGFM

/// The one file that speaks to cmark-gfm: parses Markdown and shows the tree as typed, read-only nodes.
enum CommonMark {
    /// Parses Markdown and hands the root to `body`; the tree is freed when `body` returns or throws.
    ///
    /// Nodes must not leave `body`. Nil when the library cannot make a parser (out of memory).
    static func withDocument<Result>(
        _ markdown: [UInt8], _ body: (CommonMark.Node) throws -> Result
    ) rethrows -> Result? {
        _ = extensionsAreRegistered
        guard let parser = cmark_parser_new(CMARK_OPT_FOOTNOTES) else { return nil }
        defer { cmark_parser_free(parser) }
        for name in ["table", "strikethrough", "tasklist", "autolink"] {
            if let found = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, found) }
        }
        markdown.withUnsafeBytes { bytes in
            if let start = bytes.bindMemory(to: CChar.self).baseAddress {
                cmark_parser_feed(parser, start, bytes.count)
            }
        }
        guard let root = cmark_parser_finish(parser) else { return nil }
        defer { cmark_node_free(root) }
        return try body(Node(handle: root))
    }

    /// Registration fills a global table of the library; a static runs it once.
    private static let extensionsAreRegistered: Bool = {
        cmark_gfm_core_extensions_ensure_registered()
        return true
    }()

    /// A node of the tree; valid only inside `withDocument`.
    struct Node {
        enum Kind {
            case document, quote, paragraph, rule, htmlBlock, footnoteDefinition, indentedCode, tableCell
            case heading(level: Int)
            case list(start: Int?, tight: Bool)
            case item(task: Bool?)
            case fence(length: Int, character: UInt8)
            case table([TextTable.Alignment])
            case tableRow(isHeader: Bool)
            case text, softBreak, lineBreak, code, htmlInline, emphasis, strong, strikethrough, footnoteReference
            case link, image
            case other
        }

        fileprivate let handle: OpaquePointer

        var startLine: Int { Int(cmark_node_get_start_line(handle)) }
        /// In bytes, 1-based; right for blocks, not to be trusted for inlines.
        var startColumn: Int { Int(cmark_node_get_start_column(handle)) }
        /// Right for leaf blocks, except for fences and underlined headings, which may name the line after.
        var endLine: Int { Int(cmark_node_get_end_line(handle)) }
        /// Text, code, raw HTML; for a footnote reference its number.
        var literal: String { string(cmark_node_get_literal(handle)) }
        /// Of a link or image.
        var destination: String { string(cmark_node_get_url(handle)) }
        /// Of a link or image.
        var title: String { string(cmark_node_get_title(handle)) }

        var children: [Node] {
            var result: [Node] = []
            var next = cmark_node_first_child(handle)
            while let child = next {
                result.append(Node(handle: child))
                next = cmark_node_next(child)
            }
            return result
        }

        var kind: Kind {
            switch cmark_node_get_type(handle) {
            case CMARK_NODE_DOCUMENT: .document
            case CMARK_NODE_BLOCK_QUOTE: .quote
            case CMARK_NODE_PARAGRAPH: .paragraph
            case CMARK_NODE_THEMATIC_BREAK: .rule
            case CMARK_NODE_HTML_BLOCK: .htmlBlock
            case CMARK_NODE_FOOTNOTE_DEFINITION: .footnoteDefinition
            case CMARK_NODE_HEADING: .heading(level: Int(cmark_node_get_heading_level(handle)))
            case CMARK_NODE_LIST: listKind
            case CMARK_NODE_ITEM: .item(task: task)
            case CMARK_NODE_CODE_BLOCK: codeKind
            case CMARK_NODE_TEXT: .text
            case CMARK_NODE_SOFTBREAK: .softBreak
            case CMARK_NODE_LINEBREAK: .lineBreak
            case CMARK_NODE_CODE: .code
            case CMARK_NODE_HTML_INLINE: .htmlInline
            case CMARK_NODE_EMPH: .emphasis
            case CMARK_NODE_STRONG: .strong
            case CMARK_NODE_LINK: .link
            case CMARK_NODE_IMAGE: .image
            case CMARK_NODE_FOOTNOTE_REFERENCE: .footnoteReference
            default: extensionKind
            }
        }

        /// Visits this node and everything below it, parents first, without recursion; `false` skips the children.
        func visit(_ body: (Node) -> Bool) {
            var stack = [self]
            while let node = stack.popLast() {
                if body(node) { stack.append(contentsOf: node.children.reversed()) }
            }
        }
    }
}

extension CommonMark.Node {
    private var typeName: String { string(cmark_node_get_type_string(handle)) }

    private var task: Bool? {
        typeName == "tasklist" ? cmark_gfm_extensions_get_tasklist_item_checked(handle) : nil
    }

    private var listKind: Kind {
        let ordered = cmark_node_get_list_type(handle) == CMARK_ORDERED_LIST
        return .list(
            start: ordered ? Int(cmark_node_get_list_start(handle)) : nil,
            tight: cmark_node_get_list_tight(handle) != 0)
    }

    private var codeKind: Kind {
        var length: Int32 = 0
        var offset: Int32 = 0
        var character: CChar = 0
        guard cmark_node_get_fenced(handle, &length, &offset, &character) != 0 else { return .indentedCode }
        return .fence(length: Int(length), character: UInt8(bitPattern: character))
    }

    private var extensionKind: Kind {
        switch typeName {
        case "table": .table(alignments)
        case "table_header": .tableRow(isHeader: true)
        case "table_row": .tableRow(isHeader: cmark_gfm_extensions_get_table_row_is_header(handle) != 0)
        case "table_cell": .tableCell
        case "strikethrough": .strikethrough
        default: .other
        }
    }

    private var alignments: [TextTable.Alignment] {
        let count = Int(cmark_gfm_extensions_get_table_columns(handle))
        guard count > 0, let letters = cmark_gfm_extensions_get_table_alignments(handle) else { return [] }
        return UnsafeBufferPointer(start: letters, count: count).map { letter in
            switch letter {
            case UInt8(ascii: "l"): .left
            case UInt8(ascii: "c"): .center
            case UInt8(ascii: "r"): .right
            default: .natural
            }
        }
    }

    private func string(_ characters: UnsafePointer<CChar>?) -> String {
        characters.map { String(cString: $0) } ?? ""
    }
}
