import Yams

/// A YAML text with the way from the parser's marks, which count characters, to bytes.
struct YAMLText {
    let string: String
    let bytes: [UInt8]
    /// What the parser reads: the text with the braces of `${name}` replaced, which YAML would take for a mapping
    /// inside `[…]`. Scalar by scalar it is as long as the text.
    let parsed: String
    /// The byte offset of every Unicode scalar, then the end.
    private var scalars: [Int] = []
    /// The index in `scalars` of every line's first scalar. YAML breaks lines at more characters than Markdown does.
    private var lines: [Int] = [0]

    init(_ text: String) {
        var text = text
        text.makeContiguousUTF8()
        string = text
        bytes = Array(text.utf8)
        parsed = Self.hideBraces(in: text)
        scalars.reserveCapacity(bytes.count + 1)
        var offset = 0
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if let previous, Self.isBreak(previous), !(previous == "\r" && scalar == "\n") {
                lines.append(scalars.count)
            }
            // The parser does not count a byte order mark.
            if offset > 0 || scalar != "\u{FEFF}" { scalars.append(offset) }
            offset += UTF8.width(scalar)
            previous = scalar
        }
        if let previous, Self.isBreak(previous) { lines.append(scalars.count) }
        scalars.append(offset)
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// Noncharacters that stand for the braces.
    private static let hidden: (open: Unicode.Scalar?, close: Unicode.Scalar?) = (
        Unicode.Scalar(0xFDD0 as UInt32), Unicode.Scalar(0xFDD1 as UInt32)
    )

    private static func hideBraces(in text: String) -> String {
        guard text.contains("${"), let open = hidden.open, let close = hidden.close,
            !text.unicodeScalars.contains(where: { $0 == open || $0 == close })
        else { return text }
        var scalars = Array(text.unicodeScalars)
        var start: Int?
        for index in scalars.indices.dropFirst() {
            if scalars[index] == "{", scalars[index - 1] == "$" {
                start = index
            } else if scalars[index] == "}", let first = start {
                (scalars[first], scalars[index]) = (open, close)
                start = nil
            } else if !(scalars[index].isASCII && Name.isPathPart(String(scalars[index]))) {
                start = nil
            }
        }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return String(result)
    }

    /// A text from the parser with the braces put back.
    func restored(_ text: String) -> String {
        guard parsed != string, let open = Self.hidden.open, let close = Self.hidden.close else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(scalar == open ? "{" : scalar == close ? "}" : scalar) }
        return String(result)
    }

    func byte(_ offset: Int) -> UInt8? { bytes.indices.contains(offset) ? bytes[offset] : nil }

    /// The byte offset of a mark; marks outside the text are moved to its nearest end.
    func offset(_ mark: Mark?) -> Int {
        guard let mark, mark.line >= 1 else { return 0 }
        guard mark.line <= lines.count else { return bytes.count }
        let index = lines[mark.line - 1] + max(0, mark.column - 1)
        return index < scalars.count ? scalars[index] : bytes.count
    }

    /// The byte offset of a character, as reader errors count.
    func offset(ofCharacter number: Int?) -> Int {
        guard let number, let index = string.index(string.startIndex, offsetBy: number, limitedBy: string.endIndex)
        else { return 0 }
        return string.utf8.distance(from: string.startIndex, to: index)
    }

    /// The character at an offset and its length in bytes.
    func scalar(at offset: Int) -> (scalar: Unicode.Scalar, width: Int)? {
        guard bytes.indices.contains(offset) else { return nil }
        let end = min(bytes.count, offset + 4)
        guard let scalar = String(decoding: bytes[offset..<end], as: UTF8.self).unicodeScalars.first else { return nil }
        return (scalar, UTF8.width(scalar))
    }

    /// The offsets of all characters of a kind.
    func offsets(where isWanted: (Unicode.Scalar) -> Bool) -> [Int] {
        var result: [Int] = []
        var offset = 0
        for scalar in string.unicodeScalars {
            if isWanted(scalar) { result.append(offset) }
            offset += UTF8.width(scalar)
        }
        return result
    }

    /// The offsets of characters of a kind where the structure is told: before a line's first word and right behind its
    /// first colon or its hyphen.
    func structuralOffsets(where isWanted: (Unicode.Scalar) -> Bool) -> [Int] {
        var result: [Int] = []
        var offset = 0
        var isOpen = true
        var hasColon = false
        for scalar in string.unicodeScalars {
            if scalar == "\n" || scalar == "\r" {
                (isOpen, hasColon) = (true, false)
            } else if isWanted(scalar) {
                if isOpen { result.append(offset) }
            } else if scalar == ":" {
                isOpen = !hasColon
                hasColon = true
            } else if scalar != " " {
                isOpen = isOpen && (scalar == "-" || scalar == "?")
            }
            offset += UTF8.width(scalar)
        }
        return result
    }

    /// The offsets where `mark` and a name could begin a token.
    func candidates(_ mark: UInt8) -> [Int] {
        bytes.indices.filter { index in
            guard bytes[index] == mark, let next = byte(index + 1),
                next.isLetter || next.isDigit || next == 0x5F || next == 0x2D
            else { return false }
            guard let before = byte(index - 1) else { return true }
            return before.isBlank || ",[{:?-".utf8.contains(before)
        }
    }

    /// The end of the run without blanks that starts at `offset`.
    func wordEnd(from offset: Int) -> Int {
        var end = offset
        while let next = byte(end), !next.isBlank, !",]}".utf8.contains(next) { end += 1 }
        return end
    }

    /// The offset after a scalar as it is written, quotes included.
    func end(ofScalar scalar: Node.Scalar, from start: Int) -> Int {
        switch scalar.style {
        case .singleQuoted:
            var index = start + 1
            while let next = byte(index) {
                index += 1
                guard next == UInt8(ascii: "'") else { continue }
                if byte(index) != UInt8(ascii: "'") { return index }
                index += 1
            }
            return bytes.count
        case .doubleQuoted:
            var index = start + 1
            while let next = byte(index) {
                index += next == UInt8(ascii: "\\") ? 2 : 1
                if next == UInt8(ascii: "\"") { return index }
            }
            return bytes.count
        case .literal, .folded:
            // The indicator stands for the block.
            return wordEnd(from: start)
        case .plain, .any:
            return end(ofPlain: restored(scalar.string), from: start)
        }
    }

    /// A plain scalar is written as it is read, except that blanks and line breaks between words may differ.
    private func end(ofPlain text: String, from start: Int) -> Int {
        var index = start
        var pending = false
        for expected in text.utf8 {
            if expected.isBlank {
                pending = true
                continue
            }
            if pending {
                while let next = byte(index), next.isBlank { index += 1 }
                pending = false
            }
            guard byte(index) == expected else { return max(index, start) }
            index += 1
        }
        return index
    }
}
