import Foundation

/// Which way a language runs.
enum Direction: Sendable {
    case leftToRight, rightToLeft

    static func of(_ language: String) -> Direction {
        // A script that the tag names decides.
        let subtags = language.lowercased().utf8.split(separator: UInt8(ascii: "-")).map {
            String(decoding: $0, as: UTF8.self)
        }
        if let script = subtags.dropFirst().first(where: { $0.utf8.count == 4 }) {
            return ["arab", "hebr", "thaa", "syrc", "nkoo", "adlm", "rohg"].contains(script)
                ? .rightToLeft : .leftToRight
        }
        return Locale.Language(identifier: language).characterDirection == .rightToLeft ? .rightToLeft : .leftToRight
    }

    /// For the page's root; nothing where the page runs as pages do.
    var attribute: String? { self == .rightToLeft ? "rtl" : nil }

    /// A name in a text that takes no markup, such as a window's title: what runs the other way ends with the name, and
    /// characters that would reorder what follows them are left out.
    static func isolated(_ name: String) -> String {
        let scalars = name.unicodeScalars.filter {
            !(0x202A...0x202E).contains($0.value) && !(0x2066...0x2069).contains($0.value)
        }
        let turns = scalars.contains { scalar in
            switch scalar.value {
            // Hebrew, Arabic and their neighbours, and the mark that stands for one of their letters.
            case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF, 0x200F: true
            default: false
            }
        }
        let plain = String(String.UnicodeScalarView(scalars))
        return turns ? "\u{2068}\(plain)\u{2069}" : plain
    }
}
