import Diagnostics

// Labels and attributes in braces, as Pandoc, Quarto and kramdown write them, which are none here and stay in the text.

/// What a group in braces was meant for.
private enum BracedWords {
    /// `#sec-a`, `# sec-a .class`
    case label
    /// `sec-a`, `eq:b`: a label where one may stand, else any word.
    case bareLabel
    /// `.class`, `-`
    case attributes
    /// `width=50%`
    case pairs

    init?(_ content: String) {
        var content = Substring(content)
        // kramdown's `{: .class}`.
        let hasColon = content.first == ":"
        if hasColon { content = content.dropFirst().drop { $0 == " " || $0 == "\t" } }
        let bytes = Array(content.utf8)
        func isLetter(_ index: Int) -> Bool { index < bytes.count && (bytes[index].isLetter || bytes[index] >= 0x80) }
        if bytes.first == UInt8(ascii: "#") {
            let name = bytes.dropFirst().drop { $0.isBlank }.startIndex
            guard isLetter(name) else { return nil }
            self = .label
        } else if bytes.first == UInt8(ascii: ".") && isLetter(1) || content == "-" {
            self = .attributes
        } else if Self.hasKind(content), !bytes.contains(where: { $0.isBlank || $0 == UInt8(ascii: ",") }) {
            self = .bareLabel
        } else if let equals = bytes.firstIndex(of: UInt8(ascii: "=")), equals > 1, equals + 1 < bytes.count,
            bytes[..<equals].allSatisfy({ $0.isLetter || $0 == 0x2D }), !bytes[equals + 1].isBlank
        {
            self = .pairs
        } else {
            return nil
        }
    }

    /// `sec-…`, `fig:…`
    static func hasKind(_ text: Substring) -> Bool {
        CrossReference.Kind.allCases.contains { kind in
            guard text.hasPrefix(kind.rawValue) else { return false }
            let rest = text.dropFirst(kind.rawValue.count)
            return rest.count > 1 && rest.first.map { "-_:".contains($0) } ?? false
        }
    }
}

extension MarkerScanner {
    /// A heading's label, or what was meant for a label or for attributes.
    mutating func scanBraces() {
        let start = index
        if leaf.kind == .heading, scanAnchor() { return }
        index = start + 1
        guard let end = closingBrace(from: start), !scanAttributes(start..<end) else { return }
        let content = trimmed(leaf.text(start + 1..<end - 1))
        guard let words = BracedWords(content), let problem = problem(words, content, start..<end) else { return }
        diagnostics.append(problem)
        index = end
    }

    /// Behind the brace that closes the one at `start`, in its line.
    private func closingBrace(from start: Int) -> Int? {
        var depth = 0
        var end = start
        while let next = byte(end), next != 0x0A, end - start < 200 {
            if next == UInt8(ascii: "{") { depth += 1 }
            if next == UInt8(ascii: "}") { depth -= 1 }
            end += 1
            if depth == 0 { return end }
        }
        return nil
    }

    private func problem(_ words: BracedWords, _ content: String, _ span: Range<Int>) -> Diagnostic? {
        let written = "'\(leaf.text(span))'"
        func label(_ message: String) -> Diagnostic { .error("malformed-label", message, at: range(span)) }
        let attributes = Diagnostic.warning(
            "unknown-attributes",
            "\(written) stays in the text: there are no attributes in braces; leave it out, or write \\{ for these very "
                + "characters", at: range(span))
        switch (place(of: span), words) {
        case (.formula(let isSameLine), .label), (.formula(let isSameLine), .bareLabel):
            let name = suggestion(content, "eq")
            return label(
                isSameLine
                    ? "\(written) is no label, and stays in the text; write {#\(name)}"
                    : "a label stands in the line in which its formula ends: $$ … $$ {#\(name)}")
        case (.caption, .label), (.caption, .bareLabel):
            return label(
                "\(written) stays in the text: a table's caption begins with 'Table: '; write Table: … "
                    + "{#\(suggestion(content, "tbl"))}")
        case (.heading(let isAtEnd), .label):
            return label(
                "\(written) is no label, and stays in the heading; write {#\(suggestion(content, "sec"))}"
                    + (isAtEnd ? "" : " at its end"))
        case (.heading(isAtEnd: true), .bareLabel):
            return label("\(written) is no label, and stays in the heading; write {#\(suggestion(content, "sec"))}")
        case (.elsewhere, .label), (.adjacent, .label), (.link, .label), (.alone, .label):
            guard BracedWords.hasKind(Substring(suggestion(content, "sec"))) else { return nil }
            return label(
                "\(written) stays in the text: a label stands at the end of a heading or of a table's caption, or directly "
                    + "behind a formula or a picture")
        case (.heading(isAtEnd: true), .attributes), (.caption, .attributes), (.alone, .attributes),
            (.adjacent, .attributes), (.link, .attributes), (.link, .pairs),
            (.formula(isSameLine: true), .attributes):
            return attributes
        default: return nil
        }
    }

    /// The label that may have been meant: what is left without blanks, classes and parameters.
    func suggestion(_ content: String, _ kind: String) -> String {
        let words = content.split(whereSeparator: { " \t:#".contains($0) })
            .prefix { !$0.hasPrefix(".") && !$0.contains("=") && !$0.contains("$") }
        let name = words.joined(separator: "-").unicodeScalars.filter { Name.isLabel($0) }
        guard !name.isEmpty else { return "\(kind)-name" }
        let text = String(String.UnicodeScalarView(name))
        return BracedWords.hasKind(Substring(text)) || kind == "sec" ? text : "\(kind)-\(text)"
    }
}

// MARK: - What the braces stand behind

extension MarkerScanner {
    private enum Host {
        case heading(isAtEnd: Bool)
        case formula(isSameLine: Bool)
        case picture, link
        /// Code or a bracketed span.
        case adjacent
        /// The end of a line that begins as captions do in Pandoc.
        case caption
        /// A line of its own.
        case alone
        case elsewhere
    }

    private func place(of span: Range<Int>) -> Host {
        var before = span.lowerBound
        var crossesLine = false
        while let last = byte(before - 1), last.isBlank || last == 0x0A {
            crossesLine = crossesLine || last == 0x0A
            before -= 1
        }
        if before == lastDisplay { return .formula(isSameLine: !crossesLine) }
        var rest = span.upperBound
        while let next = byte(rest), next == 0x20 || next == 0x09 || next == UInt8(ascii: "#") { rest += 1 }
        let isAtEnd = byte(rest) == nil || byte(rest) == 0x0A
        if before == span.lowerBound, let host = neighbour(at: before - 1) { return host }
        if leaf.kind == .heading { return .heading(isAtEnd: isAtEnd) }
        guard isAtEnd || leaf.kind == .tableRow else { return .elsewhere }
        // A row is one line; of other lines only the last braces come here.
        var line = leaf.kind == .tableRow ? 0 : span.lowerBound
        while line > 0, byte(line - 1) != 0x0A { line -= 1 }
        while byte(line) == 0x20 || byte(line) == 0x09 || byte(line) == UInt8(ascii: "|") { line += 1 }
        if byte(line) == UInt8(ascii: ":"), byte(line + 1)?.isBlank ?? false { return .caption }
        return line == span.lowerBound ? .alone : .elsewhere
    }

    /// Whether a picture ends with that byte.
    func endsPicture(at index: Int) -> Bool {
        if case .picture? = neighbour(at: index) { true } else { false }
    }

    /// What ends with that byte.
    private func neighbour(at index: Int) -> Host? {
        switch byte(index) {
        case UInt8(ascii: "`"): return .adjacent
        case UInt8(ascii: "]"): return opening(of: index, "[", "]") == nil ? nil : .adjacent
        case UInt8(ascii: ")"):
            guard let address = opening(of: index, "(", ")"), byte(address - 1) == UInt8(ascii: "]"),
                let text = opening(of: address - 1, "[", "]")
            else { return nil }
            return byte(text - 1) == UInt8(ascii: "!") ? .picture : .link
        default: return nil
        }
    }

    /// Where the pair begins that ends at `index`; not looked for farther than any link is long.
    private func opening(of index: Int, _ open: Unicode.Scalar, _ close: Unicode.Scalar) -> Int? {
        var depth = 0
        var start = index
        while start >= 0, index - start < 2000 {
            if byte(start) == UInt8(ascii: close) { depth += 1 }
            if byte(start) == UInt8(ascii: open) { depth -= 1 }
            if depth == 0 { return start }
            start -= 1
        }
        return nil
    }
}
