import Diagnostics

/// The names that a chapter gives to addresses, `[name]: address`, for links such as `[text][name]`.
struct LinkNames {
    private var names: Set<String> = []

    init() {}

    /// What looks like a definition in any line: more than Markdown reads, so that a missing one is missing for sure.
    init(_ table: LineTable) {
        for line in 1..<(table.count + 1) {
            let bytes = table.bytes[table.content(ofLine: line)].drop { $0.isBlank || $0 == UInt8(ascii: ">") }
            guard bytes.first == UInt8(ascii: "["), let end = bytes.firstIndex(of: UInt8(ascii: "]")),
                bytes.dropFirst(end + 1 - bytes.startIndex).first == UInt8(ascii: ":")
            else { continue }
            names.insert(Self.key(String(decoding: bytes[(bytes.startIndex + 1)..<end], as: UTF8.self)))
        }
    }

    func contains(_ name: String) -> Bool { names.contains(Self.key(name)) }

    /// Markdown compares names without case, blanks as one.
    private static func key(_ name: String) -> String {
        name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension MarkerScanner {
    /// `[text][name]` and `[text][]` without such a name stay text, brackets and all.
    ///
    /// - Parameter close: the bracket that ends the text. What follows a word, as `a[1][2]`, is text, and so are numbers,
    ///   as in `[1][2]`.
    mutating func noteUnknownName(behind close: Int) {
        guard byte(close + 1) == UInt8(ascii: "["), let open = textStart(before: close) else { return }
        var end = close + 2
        while let next = byte(end), next != UInt8(ascii: "]"), next != UInt8(ascii: "["), next != 0x0A,
            end - close < 200
        {
            end += 1
        }
        guard byte(end) == UInt8(ascii: "]"), byte(end + 1) != UInt8(ascii: "(") else { return }
        let text = leaf.text(open + 1..<close)
        let name = end == close + 2 ? text : leaf.text(close + 2..<end)
        guard name.unicodeScalars.contains(where: { Name.isWordCharacter($0) && !("0"..."9").contains($0) }),
            !name.hasPrefix("^"), !text.hasPrefix("^"), !names.contains(name)
        else { return }
        let written = leaf.text(open..<end + 1)
        diagnostics.append(
            .warning(
                "unknown-link-name",
                "'\(written)' stays as it is written: no line says '[\(name)]: address'; add one, or write "
                    + "[\(text)](address)", at: range(open..<end + 1)))
    }

    private func textStart(before close: Int) -> Int? {
        var start = close - 1
        while start >= 0, close - start < 200, let byte = byte(start), byte != UInt8(ascii: "]"), byte != 0x0A {
            if byte == UInt8(ascii: "[") {
                guard self.byte(start - 1) != UInt8(ascii: "\\") else { return nil }
                let before = self.byte(start - 1)
                let isIndex = before.map { $0.isLetter || $0.isDigit || $0 >= 0x80 || ")_".utf8.contains($0) } ?? false
                return isIndex || start + 1 == close ? nil : start
            }
            start -= 1
        }
        return nil
    }
}
