/// Text made fit for one line of a terminal, cell by cell.
///
/// A cell is one user-perceived character with the columns it takes. Tabs become spaces up to the next multiple of four,
/// control characters their pictures: neither a chapter nor a file's name can steer the reader's terminal.
package struct DisplayText {
    struct Cell {
        var text: String
        var width: Int
        /// Where the character starts, in bytes of the line.
        var offset: Int
    }

    var cells: [Cell] = []

    /// The cells of the bytes in `line`, whose first byte is `base` bytes into the whole line.
    init(_ line: ArraySlice<UInt8>, base: Int = 0) {
        var offset = base
        var column = 0
        for character in String(decoding: line, as: UTF8.self) {
            let text: String
            let width: Int
            if character == "\t" {
                width = 4 - column % 4
                text = String(repeating: " ", count: width)
            } else {
                text = DisplayText.harmless(character)
                width = DisplayText.columns(of: text)
            }
            cells.append(Cell(text: text, width: width, offset: offset))
            offset += character.utf8.count
            column += width
        }
    }

    /// A line's text without anything that a terminal would obey, line breaks included.
    package static func sanitized(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        return text.map { harmless($0) }.joined()
    }

    /// A line of JSON in which the same scalars stand as `\u` escapes: another spelling of exactly the same values.
    package static func escaped(json: String) -> String {
        guard json.unicodeScalars.contains(where: isHarmful) else { return json }
        var result = String.UnicodeScalarView()
        for scalar in json.unicodeScalars {
            guard isHarmful(scalar) else {
                result.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                let escape = "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                result.append(contentsOf: escape.unicodeScalars)
            }
        }
        return String(result)
    }

    /// The text with blanks up to a column, for tables; never cut.
    package static func padded(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - self.columns(of: text)))
    }

    /// The columns that a text without tabs takes.
    package static func columns(of text: String) -> Int {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
        return text.reduce(0) { $0 + width(of: $1) }
    }

    /// Controls, line separators, marks that turn the direction of writing, and tags that nobody can see.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x206F, 0xFDD0...0xFDEF,
            0xFFF9...0xFFFB, 0xE0000...0xE007F:
            return true
        default: return false
        }
    }

    private static func harmless(_ character: Character) -> String {
        guard character.unicodeScalars.contains(where: isHarmful) else { return String(character) }
        var result = String.UnicodeScalarView()
        for scalar in character.unicodeScalars {
            if !isHarmful(scalar) {
                result.append(scalar)
            } else if scalar.value < 0x20, let picture = Unicode.Scalar(0x2400 + scalar.value) {
                result.append(picture)
            } else {
                result.append(scalar.value == 0x7F ? "\u{2421}" : "\u{FFFD}")
            }
        }
        return String(result)
    }

    /// The columns a character takes: two for emoji, else what its scalars take together.
    static func width(of character: Character) -> Int {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        if scalars.count == 1 { return width(of: first) }
        if first.properties.isEmojiPresentation || scalars.contains("\u{FE0F}") { return 2 }
        return scalars.reduce(0) { $0 + width(of: $1) }
    }

    /// As wcwidth(3): two for East Asian wide characters, none for combining marks and the later parts of a syllable.
    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0..<0x300: return 1
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            return 2
        case 0x1160...0x11FF: return 0
        default: break
        }
        if scalar.properties.isEmojiPresentation { return 2 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return 1
        }
    }
}
