extension HTML {
    /// The markup in UTF-8. O(its length).
    package var bytes: [UInt8] {
        var writer = HTMLWriter()
        writer.write(self)
        return writer.out
    }

    /// The markup cut where it depends on the page, to be kept and written into any.
    package var pieces: [Piece] {
        var writer = HTMLWriter()
        writer.pieces = []
        writer.write(self)
        return (writer.pieces ?? []) + [Piece(markup: String(decoding: writer.out, as: UTF8.self), attributes: [])]
    }
}

/// Writes markup; the only place that escapes.
private struct HTMLWriter {
    var out: [UInt8] = []
    /// What was cut off so far; nil: nothing is cut.
    var pieces: [HTML.Piece]?

    /// HTML's elements without content, which have no end tag.
    private static let void: Set<String> = ["br", "hr", "img", "input", "link", "meta", "source"]
    /// SVG's, which end themselves.
    private static let shapes: Set<String> = ["circle", "image", "path", "polygon", "rect"]

    mutating func write(_ html: HTML) {
        switch html {
        case .text(let text): escape(text)
        case .element(let name, let attributes, let children):
            out += "<\(name)".utf8
            for attribute in attributes { write(attribute) }
            if Self.shapes.contains(name) {
                out += "/>".utf8
                return
            }
            out += ">".utf8
            if Self.void.contains(name) { return }
            for child in children { write(child) }
            out += "</\(name)>".utf8
        case .group(let nodes):
            for node in nodes { write(node) }
        case .raw(let markup): out += markup.utf8
        case .written(let parts):
            for part in parts {
                out += part.markup.utf8
                for attribute in part.attributes { write(attribute) }
            }
        }
    }

    private mutating func write(_ attribute: Attribute) {
        if pieces != nil, attribute.dependsOnPage {
            pieces?.append(.init(markup: String(decoding: out, as: UTF8.self), attributes: [attribute]))
            out = []
            return
        }
        out += " \(attribute.name)".utf8
        guard let value = attribute.value else { return }
        out += "=\"".utf8
        escape(value)
        out += "\"".utf8
    }

    /// Text for element content and for attributes in double quotes.
    private mutating func escape(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): out += "&amp;".utf8
            case UInt8(ascii: "<"): out += "&lt;".utf8
            case UInt8(ascii: ">"): out += "&gt;".utf8
            case UInt8(ascii: "\""): out += "&quot;".utf8
            case UInt8(ascii: "'"): out += "&#39;".utf8
            case 0: out += "\u{FFFD}".utf8
            default: out.append(byte)
            }
        }
    }
}
