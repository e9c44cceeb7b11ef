/// An element of the small XML that cascades are written in: a name, children, and the text between the tags.
struct XMLElement: Sendable {
    let name: String
    /// Line of the start tag, counted from 1.
    let line: Int
    var children: [XMLElement] = []
    /// Text directly inside, children's text excluded.
    var text: [UInt8] = []

    func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }
}

/// Reads elements, attributes (checked, then dropped), text and comments; refuses everything else.
///
/// No document types, no entities, no CDATA, no processing instruction beyond the declaration on top, at most 64 levels,
/// a million elements and one root. The tree takes memory in proportion to the input. O(bytes).
struct XMLReader {
    private let bytes: [UInt8]
    private let name: String
    private var offset = 0
    private var line = 1

    static let deepest = 64
    static let mostElements = 1_000_000
    private var elementCount = 0

    static func root(of bytes: [UInt8], name: String) throws(CascadeError) -> XMLElement {
        var reader = XMLReader(bytes: bytes, name: name)
        return try reader.document()
    }

    private init(bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }

    private mutating func document() throws(CascadeError) -> XMLElement {
        if take("\u{FEFF}") {}
        if take("<?xml") {
            guard let byte = peek, Self.isSpace(byte) else { throw refusal("the XML declaration is malformed") }
            try skip(past: "?>", in: "the XML declaration")
        }
        var open: [XMLElement] = []
        var root: XMLElement?
        while let byte = peek {
            if byte != UInt8(ascii: "<") {
                guard byte != UInt8(ascii: "&") else {
                    throw refusal("entities are not read; write the character itself")
                }
                if open.isEmpty {
                    guard Self.isSpace(byte) else { throw refusal("text outside the root element") }
                    advance()
                } else {
                    let start = offset
                    while let byte = peek, byte != UInt8(ascii: "<"), byte != UInt8(ascii: "&") { advance() }
                    open[open.count - 1].text += bytes[start..<offset]
                }
            } else if take("<!--") {
                try skip(past: "-->", in: "a comment")
            } else if take("</") {
                let closed = try identifier()
                skipSpace()
                guard take(">") else { throw refusal("'</\(closed)' is not closed by '>'") }
                guard let element = open.popLast(), element.name == closed else {
                    throw refusal("'</\(closed)>' closes no element that is open here")
                }
                if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
            } else if startsWith("<!") || startsWith("<?") {
                throw refusal("document types, CDATA and processing instructions are not read; remove them")
            } else {
                guard root == nil else { throw refusal("a second root element") }
                guard open.count < Self.deepest else { throw refusal("more than \(Self.deepest) levels of elements") }
                elementCount += 1
                guard elementCount <= Self.mostElements else {
                    throw refusal("more than \(Self.mostElements) elements")
                }
                let (element, isEmpty) = try startTag()
                if !isEmpty {
                    open.append(element)
                } else if open.isEmpty {
                    root = element
                } else {
                    open[open.count - 1].children.append(element)
                }
            }
        }
        if let unclosed = open.last {
            throw refusal("the file ends inside '<\(unclosed.name)>' of line \(unclosed.line); it is cut short")
        }
        guard let root else { throw refusal("there is no element") }
        return root
    }

    private mutating func startTag() throws(CascadeError) -> (XMLElement, isEmpty: Bool) {
        let start = line
        advance()
        let element = XMLElement(name: try identifier(), line: start)
        while true {
            skipSpace()
            if take("/>") { return (element, true) }
            if take(">") { return (element, false) }
            let attribute = try identifier()
            skipSpace()
            guard take("=") else { throw refusal("attribute '\(attribute)' has no value") }
            skipSpace()
            guard let quote = peek, quote == 0x22 || quote == 0x27 else {
                throw refusal("the value of attribute '\(attribute)' is not quoted")
            }
            advance()
            while let byte = peek, byte != quote {
                guard byte != UInt8(ascii: "<"), byte != UInt8(ascii: "&") else {
                    throw refusal("the value of attribute '\(attribute)' contains '<' or '&'")
                }
                advance()
            }
            guard peek != nil else { throw refusal("the value of attribute '\(attribute)' does not end") }
            advance()
        }
    }

    /// A name of ASCII letters, digits, `_`, `-`, `.` that starts with a letter or `_`.
    private mutating func identifier() throws(CascadeError) -> String {
        let start = offset
        while let byte = peek, Self.isLetter(byte) || offset > start && Self.isNameByte(byte) { advance() }
        guard offset > start else { throw refusal("a name is expected here") }
        guard offset - start <= 256 else { throw refusal("a name of more than 256 letters") }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func advance() {
        if bytes[offset] == 0x0A { line += 1 }
        offset += 1
    }

    private func startsWith(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { wanted in
            wanted.count <= bytes.count - offset && wanted.indices.allSatisfy { bytes[offset + $0] == wanted[$0] }
        }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        guard startsWith(text) else { return false }
        offset += text.utf8CodeUnitCount
        return true
    }

    private mutating func skip(past end: StaticString, in what: String) throws(CascadeError) {
        let start = line
        while offset < bytes.count {
            if take(end) { return }
            advance()
        }
        throw refusal("the file ends inside \(what) of line \(start)")
    }

    private mutating func skipSpace() {
        while let byte = peek, Self.isSpace(byte) { advance() }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }
    private static func isNameByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E
    }

    private func refusal(_ problem: String) -> CascadeError { CascadeError(name: name, line: line, problem: problem) }
}
