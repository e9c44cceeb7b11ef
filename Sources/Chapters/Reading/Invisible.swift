/// Characters that nobody sees and that YAML does not take for blanks.
enum Invisible {
    /// What a character is called, with its number; nil for one that shows.
    static func name(of scalar: Unicode.Scalar) -> String? {
        let name: String
        switch scalar.value {
        case 0xA0: name = "no-break space"
        case 0xAD: name = "soft hyphen"
        case 0x34F, 0x61C, 0x180E, 0x2061...0x2064, 0xFFF9...0xFFFB: name = "character without a shape"
        case 0x200E, 0x200F: name = "direction mark"
        case 0x1680, 0x2000...0x200A, 0x205F, 0x3000, 0x2800, 0x3164: name = "space that is no blank"
        case 0x202F: name = "narrow no-break space"
        case 0x200B: name = "zero-width space"
        case 0x200C, 0x200D: name = "zero-width joiner"
        case 0x2060: name = "word joiner"
        case 0xFEFF: name = "byte order mark"
        case 0x85, 0x2028, 0x2029: name = "line break that editors do not show"
        case 0x202A...0x202E, 0x2066...0x2069: name = "change of writing direction"
        case 0x09: name = "tab"
        case 0..<0x20, 0x7F...0x9F: name = "control character"
        default: return nil
        }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "a \(name) (U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits))"
    }

    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool { name(of: scalar) != nil }

    /// Refused wherever it stands: YAML ends a line there, or does not allow it, or what is read is not what is seen.
    static func isRefused(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: false
        case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF: true
        default: false
        }
    }

    /// Whether a value may not begin or end with it; marks of direction belong to text that runs from the right.
    static func isStray(_ scalar: Unicode.Scalar) -> Bool {
        isInvisible(scalar) && ![0x200E, 0x200F, 0x61C, 0x0A, 0x0D].contains(scalar.value)
    }

    /// The first invisible character of a text, in words.
    static func first(in text: String) -> String? { text.unicodeScalars.lazy.compactMap { name(of: $0) }.first }
}
