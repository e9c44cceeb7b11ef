import CGumbo

/// The elements of a page as an HTML5 parser finds them, in the order of the document.
struct ParsedPage {
    enum Space: Sendable { case html, svg, mathML }

    struct Element {
        var name: String
        var space: Space
        /// Values with their entities resolved.
        var attributes: [String: String]
        /// Of its own text nodes.
        var text: String
    }

    private(set) var elements: [Element] = []

    init(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { buffer in
            var options = kGumboDefaultOptions
            options.max_errors = 0
            buffer.withMemoryRebound(to: CChar.self) { text in
                guard let output = gumbo_parse_with_options(&options, text.baseAddress, text.count) else { return }
                defer { gumbo_destroy_output(&options, output) }
                read(output.pointee.root)
            }
        }
    }

    private mutating func read(_ root: UnsafeMutablePointer<GumboNode>) {
        var pending = [root]
        while let node = pending.popLast()?.pointee {
            guard node.type == GUMBO_NODE_ELEMENT || node.type == GUMBO_NODE_TEMPLATE else { continue }
            let element = node.v.element
            var text = ""
            for child in Self.nodes(element.children) {
                switch child.pointee.type {
                case GUMBO_NODE_TEXT, GUMBO_NODE_WHITESPACE, GUMBO_NODE_CDATA:
                    text += String(cString: child.pointee.v.text.text)
                default: break
                }
            }
            elements.append(
                Element(
                    name: Self.name(of: element), space: Self.space(of: element),
                    attributes: Self.attributes(of: element), text: text))
            pending += Self.nodes(element.children).reversed()
        }
    }

    private static func nodes(_ vector: GumboVector) -> [UnsafeMutablePointer<GumboNode>] {
        (0..<Int(vector.length)).compactMap { vector.data[$0]?.assumingMemoryBound(to: GumboNode.self) }
    }

    private static func attributes(of element: GumboElement) -> [String: String] {
        let pointers = (0..<Int(element.attributes.length)).compactMap {
            element.attributes.data[$0]?.assumingMemoryBound(to: GumboAttribute.self).pointee
        }
        return Dictionary(pointers.map { (String(cString: $0.name), String(cString: $0.value)) }, uniquingKeysWith: { a, _ in a })
    }

    private static func name(of element: GumboElement) -> String {
        if element.tag != GUMBO_TAG_UNKNOWN { return String(cString: gumbo_normalized_tagname(element.tag)) }
        var piece = element.original_tag
        gumbo_tag_from_original_text(&piece)
        return String(decoding: UnsafeRawBufferPointer(start: piece.data, count: piece.length), as: UTF8.self).lowercased()
    }

    private static func space(of element: GumboElement) -> Space {
        switch element.tag_namespace {
        case GUMBO_NAMESPACE_SVG: .svg
        case GUMBO_NAMESPACE_MATHML: .mathML
        default: .html
        }
    }
}
