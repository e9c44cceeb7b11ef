import Foundation

/// What may name a directive, a value, a label, an anchor.
enum Name {
    /// Lower-case letters, digits and inner hyphens: `resnet50-tuned`.
    static func isIdentifier(_ text: some StringProtocol) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.reversed().first else { return false }
        return first != 0x2D && last != 0x2D && bytes.allSatisfy { $0.isLowercase || $0.isDigit || $0 == 0x2D }
    }

    /// One step of a value's path: letters, digits, hyphens, underscores.
    static func isPathPart(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == 0x2D || $0 == 0x5F }
    }

    /// The name of a parameter: `epochs`, `learning_rate`.
    static func isParameter(_ text: some StringProtocol) -> Bool {
        isPathPart(text) && text.utf8.first.map { $0.isLetter || $0 == 0x5F } ?? false
    }

    /// A character of a label: letters and digits of any script, `-`, `_`.
    static func isLabel(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar == "-" || scalar == "_" || UInt8(scalar.value).isLetter || UInt8(scalar.value).isDigit
        }
        return isWordCharacter(scalar)
    }

    static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .nonspacingMark, .spacingMark:
            true
        default: false
        }
    }

    /// Text as an anchor or a page name: lower case, words joined by hyphens, letters of every script kept.
    static func slug(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.lowercased().precomposedStringWithCanonicalMapping.unicodeScalars {
            if isWordCharacter(scalar) || scalar == "_" {
                result.append(scalar)
            } else if scalar == "-" || scalar.properties.isWhitespace {
                if let last = result.last, last != "-" { result.append("-") }
            }
        }
        while result.last == "-" { result.removeLast() }
        return String(result)
    }
}

/// The text without blanks and line breaks at its ends.
func trimmed(_ text: some StringProtocol) -> String {
    var bytes = Array(text.utf8)[...]
    while let first = bytes.first, first.isBlank { bytes = bytes.dropFirst() }
    while let last = bytes.last, last.isBlank { bytes = bytes.dropLast() }
    return String(decoding: bytes, as: UTF8.self)
}
