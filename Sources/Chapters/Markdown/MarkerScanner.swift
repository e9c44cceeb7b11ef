import Diagnostics

/// Finds formulas, quoted values, references and anchors in one leaf's text.
///
/// What Markdown reads literally (code, tags, autolinks, escaped characters) is stepped over first. Linear in the text,
/// apart from tags with unfinished attributes.
struct MarkerScanner {
    let leaf: Leaf
    private let path: String
    private let table: LineTable
    let parameters: [String: Settings.Parameter]
    var index = 0
    private var html: InlineHTML
    /// Lengths of backtick runs that nothing closes any more.
    private var unclosed: Set<Int> = []
    private(set) var markers: [Marker] = []
    var diagnostics: [Diagnostic] = []
    var usedParameters: Set<String> = []
    /// `[^label]`, in the order of the text.
    private(set) var footnotes: [Located<String>] = []
    /// What looks like a directive between backticks.
    private(set) var buried: [BuriedFence] = []
    /// Where the last displayed formula ends, with its label.
    private(set) var lastDisplay: Int?
    /// Which links of the form `[text][name]` have an address.
    let names: LinkNames

    init(
        _ leaf: Leaf, path: String, table: LineTable, parameters: [String: Settings.Parameter] = [:],
        names: LinkNames = LinkNames()
    ) {
        self.parameters = parameters
        self.names = names
        self.leaf = leaf
        self.path = path
        self.table = table
        html = InlineHTML(leaf.bytes)
    }

    private var bytes: [UInt8] { leaf.bytes }

    mutating func scan() {
        while index < leaf.bytes.count {
            switch leaf.bytes[index] {
            case UInt8(ascii: "\\"): index += byte(index + 1)?.isPunctuation == true ? 2 : 1
            case UInt8(ascii: "`"): scanCode()
            case UInt8(ascii: "<"): index = html.end(from: index) ?? index + 1
            case UInt8(ascii: "$"): scanMath()
            case UInt8(ascii: "@"): scanReference()
            case UInt8(ascii: "["): scanFootnote()
            case UInt8(ascii: "]"):
                noteUnknownName(behind: index)
                index += 1
            case UInt8(ascii: "{"): scanBraces()
            default: index += 1
            }
        }
    }

    func byte(_ index: Int) -> UInt8? { leaf.bytes.indices.contains(index) ? leaf.bytes[index] : nil }

    func range(_ range: Range<Int>) -> SourceRange {
        guard !range.isEmpty else {
            let offset = range.lowerBound < leaf.offsets.count ? leaf.offsets[range.lowerBound] : table.bytes.count
            return table.range(offset..<offset, in: path)
        }
        return table.range(leaf.offsets[range.lowerBound]..<leaf.offsets[range.upperBound - 1] + 1, in: path)
    }

    mutating func mark(_ content: Marker.Content, _ span: Range<Int>, label: Range<Int>? = nil) {
        markers.append(
            Marker(
                content: content, pieces: leaf.pieces(span), written: leaf.text(span), labelRange: label.map(range)))
        index = span.upperBound
    }
}

// MARK: - Code and values

extension MarkerScanner {
    private mutating func scanCode() {
        let start = index
        let length = run(of: UInt8(ascii: "`"), from: start)
        index = start + length
        noteDirective(from: start, length)
        guard !unclosed.contains(length) else { return }
        var close = index
        while close < leaf.bytes.count {
            guard leaf.bytes[close] == UInt8(ascii: "`") else {
                close += 1
                continue
            }
            let found = run(of: UInt8(ascii: "`"), from: close)
            if found == length {
                let content = index..<close
                index = close + length
                if length == 1, byte(start + 1) == UInt8(ascii: "=") { readValue(content, start..<index) }
                return
            }
            close += found
        }
        unclosed.insert(length)
    }

    /// Backticks and one word on a line, and below it `name: value`: a directive was meant.
    private mutating func noteDirective(from start: Int, _ length: Int) {
        var before = start
        while before > 0, byte(before - 1) == 0x20 || byte(before - 1) == 0x09 { before -= 1 }
        guard before == 0 || byte(before - 1) == 0x0A else { return }
        var end = start + length
        while end - start < 200, let next = byte(end), next != 0x0A { end += 1 }
        guard byte(end) == 0x0A else { return }
        let info = trimmed(leaf.text(start + length..<end))
        guard Name.isIdentifier(info) else { return }
        var option = end + 1
        while byte(option) == 0x20 || byte(option) == 0x09 { option += 1 }
        let name = option
        while let next = byte(option), next.isLetter || next.isDigit || next == 0x5F { option += 1 }
        guard option > name, byte(option) == UInt8(ascii: ":") else { return }
        let range = range(start..<end)
        buried.append(BuriedFence(info: info, range: range, container: .paragraph, start: range.start))
    }

    private func run(of character: UInt8, from start: Int) -> Int {
        var end = start
        while end < leaf.bytes.count, leaf.bytes[end] == character { end += 1 }
        return end - start
    }

    /// `=id.path.to .3f`; anything else that starts with `=` and a letter or digit is a mistake, the rest is code.
    private mutating func readValue(_ content: Range<Int>, _ span: Range<Int>) {
        let first = byte(content.lowerBound + 1)
        guard let first, first.isLetter || first.isDigit || parameter(at: content.lowerBound + 1) != nil else { return }
        let text = replacingParameters(content.lowerBound + 1..<content.upperBound)
        let words = text.split(separator: " ", omittingEmptySubsequences: true)
        let path = (words.first ?? "").split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let written = "`=\(text)`"
        guard let id = path.first, Name.isIdentifier(id), path.dropFirst().allSatisfy(Name.isPathPart), words.count <= 2
        else {
            diagnostics.append(
                .error(
                    "malformed-value",
                    "\(written) names no value; write `=id.path` or `=id.path .3f`, or ``\(written.dropFirst().dropLast())`` for code",
                    at: range(span)))
            return
        }
        var format = words.count == 2 ? String(words[1]) : nil
        if let wrong = format, ValueFormat(wrong) == nil {
            format = nil
            diagnostics.append(
                .error(
                    "unknown-format", "'\(wrong)' is no number format; use one such as '.3f', '.1%', ',d' or '.2e'",
                    at: range(span)))
        }
        mark(.value(ValueReference(id: id, path: Array(path.dropFirst()), format: format, range: range(span))), span)
    }
}

// MARK: - Math

extension MarkerScanner {
    private mutating func scanMath() {
        let start = index
        if byte(start + 1) == UInt8(ascii: "$") {
            scanDisplay(from: start)
        } else if !scanParameter(from: start) {
            scanFormula(from: start)
        }
    }

    /// Pandoc's rule: no blank after the opening dollar sign, none before the closing one, and no digit after it.
    private mutating func scanFormula(from start: Int) {
        index = start + 1
        guard let close = formulaEnd(from: start) else { return }
        let span = start..<close + 1
        let tex = replacingParameters(start + 1..<close)
        mark(.math(Math(tex: tex, range: range(span)), display: false, label: nil), span)
    }

    /// The closing dollar sign of a formula that opens at `start`.
    func formulaEnd(from start: Int) -> Int? {
        guard let first = byte(start + 1), !first.isBlank else { return nil }
        var close = start + 1
        while let next = byte(close) {
            if next == UInt8(ascii: "$") {
                guard close > start + 1, let parameter = parameter(at: close) else { break }
                close = parameter.end
            } else {
                close += next == UInt8(ascii: "\\") ? 2 : 1
            }
        }
        guard byte(close) != nil, let before = byte(close - 1), !before.isBlank, byte(close + 1)?.isDigit != true
        else { return nil }
        return close
    }

    /// `$$ … $$`, then perhaps `{#eq-name}`.
    private mutating func scanDisplay(from start: Int) {
        index = start + run(of: UInt8(ascii: "$"), from: start)
        guard index == start + 2 else { return }
        var close = index
        while let next = byte(close), next != UInt8(ascii: "$") || byte(close + 1) != UInt8(ascii: "$") {
            close += next == UInt8(ascii: "\\") ? 2 : 1
        }
        guard byte(close) != nil else {
            // A dollar sign before a parameter: `$${price}`.
            if byte(index) == UInt8(ascii: "{") { index -= 1 }
            return
        }
        let tex = trimmed(replacingParameters(index..<close))
        guard !tex.isEmpty else {
            index = close + 2
            return
        }
        let formula = range(start..<close + 2)
        var end = close + 2
        var label: (name: String, span: Range<Int>)?
        if let found = attribute(from: skipSpaces(from: end)) {
            label = (found.name, found.nameSpan)
            end = found.end
        }
        if let name = label?.name, !(name.hasPrefix("eq-") && name.count > 3) {
            diagnostics.append(
                .error(
                    "malformed-label", "an equation's label starts with 'eq-': write {#eq-\(name)}",
                    at: label.map { range($0.span) }))
        }
        mark(.math(Math(tex: tex, range: formula), display: true, label: label?.name), start..<end, label: label?.span)
        lastDisplay = end
    }

    private func skipSpaces(from start: Int) -> Int {
        var index = start
        while byte(index) == 0x20 || byte(index) == 0x09 { index += 1 }
        return index
    }
}

// MARK: - References and anchors

extension MarkerScanner {
    private mutating func scanReference() {
        let start = index
        index += 1
        guard !followsWord(start) else { return }
        for kind in CrossReference.Kind.allCases {
            let prefix = Array("@\(kind.rawValue)-".utf8)
            guard leaf.bytes[start...].starts(with: prefix) else { continue }
            let name = start + prefix.count
            var end = name
            while let next = byte(end), next.isLetter || next.isDigit || next >= 0x80 || "-_".utf8.contains(next) {
                end += 1
            }
            end =
                name
                + String(decoding: leaf.bytes[name..<end], as: UTF8.self).unicodeScalars.prefix { Name.isLabel($0) }
                .reduce(0) { $0 + UTF8.width($1) }
            while end > name, let last = byte(end - 1), "-_".utf8.contains(last) { end -= 1 }
            guard end > name else { return }
            let reference = CrossReference(kind: kind, target: leaf.text(name..<end), range: range(start..<end))
            return mark(.reference(reference), start..<end)
        }
        scanNearReference(from: start)
    }

    /// `@Fig-loss`, `@figure-loss`, `@fig:loss`: text, unless there is such a figure; then it was meant.
    private mutating func scanNearReference(from start: Int) {
        var word = start + 1
        while let next = byte(word), next.isLetter, word - start <= 10 { word += 1 }
        guard let kind = Self.nearKinds[leaf.text(start + 1..<word).lowercased()],
            let separator = byte(word), "-_:.".utf8.contains(separator)
        else { return }
        var end = word + 1
        while let next = byte(end), next.isLetter || next.isDigit || next >= 0x80 || "-_".utf8.contains(next) {
            end += 1
        }
        while end > word + 1, let last = byte(end - 1), "-_".utf8.contains(last) { end -= 1 }
        let target = leaf.text(word + 1..<end)
        guard end > word + 1, target.unicodeScalars.allSatisfy(Name.isLabel) else { return }
        let reference = CrossReference(
            kind: kind, target: target, range: range(start..<end), written: leaf.text(start..<end))
        mark(.reference(reference), start..<end)
    }

    /// What other programs and other habits call the kinds of references.
    private static let nearKinds: [String: CrossReference.Kind] = [
        "fig": .figure, "figs": .figure, "figure": .figure, "figures": .figure, "tab": .table, "tbl": .table,
        "tabs": .table, "table": .table, "tables": .table, "eq": .equation, "eqs": .equation, "eqn": .equation,
        "equation": .equation, "sec": .section, "sect": .section, "section": .section, "chap": .section,
        "chapter": .section, "claim": .claim, "claims": .claim,
    ]

    /// `[^label]`, which Markdown reads as text where there is no such footnote.
    private mutating func scanFootnote() {
        let start = index
        index += 1
        guard byte(index) == UInt8(ascii: "^"), byte(start - 1) != UInt8(ascii: "!") else { return }
        var end = start + 2
        while let next = byte(end), next > 0x20, next != UInt8(ascii: "]"), next != UInt8(ascii: "[") { end += 1 }
        guard byte(end) == UInt8(ascii: "]"), end > start + 2, byte(end + 1) != UInt8(ascii: "(") else { return }
        footnotes.append(Located(leaf.text(start + 2..<end), at: range(start..<end + 1)))
    }

    /// Whether the `@` belongs to an address or a name rather than starting a reference.
    private func followsWord(_ at: Int) -> Bool {
        guard let before = byte(at - 1) else { return false }
        if before < 0x80 { return before.isLetter || before.isDigit || "_@/+.=".utf8.contains(before) }
        var start = at - 1
        while start > 0, leaf.bytes[start] & 0xC0 == 0x80 { start -= 1 }
        let scalar = String(decoding: leaf.bytes[start..<at], as: UTF8.self).unicodeScalars.first
        return scalar.map { $0.properties.isAlphabetic || $0.properties.numericType != nil } ?? false
    }

    /// `{#name}` at the end of a heading's line, before closing `#` marks.
    mutating func scanAnchor() -> Bool {
        let start = index
        guard let found = attribute(from: start) else { return false }
        var rest = found.end
        while let next = byte(rest), next == 0x20 || next == 0x09 || next == UInt8(ascii: "#") { rest += 1 }
        guard rest == leaf.bytes.count || byte(rest) == 0x0A else { return false }
        mark(.anchor(found.name), start..<found.end, label: found.nameSpan)
        return true
    }

    private func attribute(from start: Int) -> (name: String, nameSpan: Range<Int>, end: Int)? {
        guard byte(start) == UInt8(ascii: "{"), byte(start + 1) == UInt8(ascii: "#") else { return nil }
        var end = start + 2
        while let next = byte(end), next != UInt8(ascii: "}"), next != UInt8(ascii: "{"), next != 0x0A { end += 1 }
        guard byte(end) == UInt8(ascii: "}"), end > start + 2 else { return nil }
        let name = leaf.text(start + 2..<end)
        guard name.unicodeScalars.allSatisfy(Name.isLabel) else { return nil }
        return (name, start + 2..<end, end + 1)
    }
}
