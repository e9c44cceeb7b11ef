/// Text made fit for one line of a terminal, cell by cell.
///
/// A cell is one user-perceived character with the columns it takes. Tabs become spaces up to the next multiple of four,
/// control characters their pictures, so that a chapter cannot steer the reader's terminal.
struct DisplayText {
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
                width = DisplayText.width(of: character)
            }
            cells.append(Cell(text: text, width: width, offset: offset))
            offset += character.utf8.count
            column += width
        }
    }

    /// A message's text without anything that a terminal would obey.
    static func sanitized(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        return text.map { harmless($0) }.joined()
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x202A...0x202E, 0x2028, 0x2029, 0x2066...0x2069, 0xFDD0...0xFDEF:
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

    /// The columns a character takes: two for East Asian wide characters and emoji, none for a lone combining mark.
    static func width(of character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if character.unicodeScalars.contains("\u{FE0F}") { return 2 }
        switch first.value {
        case 0..<0x300: return 1
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            return 2
        default: break
        }
        if first.properties.isEmojiPresentation { return 2 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return 1
        }
    }
}
