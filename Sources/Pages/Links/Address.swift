/// A link's destination as its author wrote it, told apart scalar by scalar as a browser does.
///
/// Nothing else decides what may become an `href`: an address with a scheme is followed only where the scheme is one of
/// four, one without is looked up in the book. Never compared by `Character`: a mark that joins the colon would hide it.
enum Address: Hashable {
    /// With a scheme that a click may follow, ready for an attribute.
    case outside(String)
    /// A path seen from the chapter, a place in it, or both.
    case local(String)
    /// Why a click may not follow it, and what to write instead; the end of a sentence about the link.
    case refused(String)

    static let schemes = ["http", "https", "mailto", "tel"]

    init(_ written: String) {
        let scalars = Self.trimmed(written)
        guard let first = scalars.first else {
            self = .refused("leads nowhere; write an address between the parentheses")
            return
        }
        // Browsers drop tabs and line breaks, and with them whatever a check for schemes had seen.
        guard !scalars.contains(where: Self.isControl) else {
            self = .refused("holds a control character; remove it")
            return
        }
        if let end = scalars.firstIndex(where: { ":/?#\\".unicodeScalars.contains($0) }), scalars[end] == ":" {
            self = Self.withScheme(scalars, String(String.UnicodeScalarView(scalars[..<end])))
        } else if first == "/" || first == "\\" {
            let isNetwork = scalars.count > 1 && (scalars[1] == "/" || scalars[1] == "\\")
            self = .refused(
                isNetwork
                    ? "names no scheme; write https: in front"
                    : "starts at a root that a report does not have; write a path from the chapter's folder")
        } else if scalars.contains("\\") {
            self = .refused("has a backslash; write / between folders")
        } else {
            self = .local(String(String.UnicodeScalarView(scalars)))
        }
    }

    private static func withScheme(_ scalars: [Unicode.Scalar], _ scheme: String) -> Address {
        if schemes.contains(scheme.lowercased()) { return .outside(encoded(scalars)) }
        let isScheme =
            scheme.utf8.first.map(\.isLetter) == true
            && scheme.utf8.allSatisfy { $0.isLetter || (0x30...0x39).contains($0) || "+-.".utf8.contains($0) }
        return .refused(
            isScheme
                ? "has the scheme '\(scheme):'; use http, https, mailto, tel, or a file beside the chapter"
                : "has a colon that could end a scheme; write ./ in front where it belongs to a file's name")
    }

    /// Without the blanks and controls around it that browsers ignore.
    private static func trimmed(_ text: String) -> [Unicode.Scalar] {
        var scalars = Array(text.unicodeScalars)[...]
        while let first = scalars.first, first.value <= 0x20 { scalars.removeFirst() }
        while let last = scalars.last, last.value <= 0x20 { scalars.removeLast() }
        return Array(scalars)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    /// With what no address may hold, and what nobody sees, in percent form.
    private static func encoded(_ scalars: [Unicode.Scalar]) -> String {
        var out = String.UnicodeScalarView()
        for scalar in scalars {
            if isPlain(scalar) {
                out.append(scalar)
            } else {
                for byte in String(scalar).utf8 { out.append(contentsOf: percent(byte).unicodeScalars) }
            }
        }
        return String(out)
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value > 0x20 && !"\"<>\\^`{|}".unicodeScalars.contains(scalar) }
        switch scalar.properties.generalCategory {
        case .format, .control, .spaceSeparator, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
            return false
        default: return true
        }
    }

    private static func percent(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF")
        return "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }

    /// A text with its percent signs read; what is no two hexadecimal digits, or no UTF-8, stays as it is.
    static func decoded(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "%")) else { return text }
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2])
            {
                out.append(high << 4 | low)
                index += 3
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return String(validating: out, as: UTF8.self) ?? text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46, 0x61...0x66: (byte & 0xDF) - 0x37
        default: nil
        }
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (0x41...0x5A).contains(self & 0xDF) }
}

extension Address {
    /// The ways to read a local address, the likeliest first: where a `#` may belong to a file's name, and whether `%20`
    /// stands for a blank.
    static func readings(of local: String) -> [(path: String, place: String?)] {
        let bytes = Array(local.utf8)
        // A name with more number signs than this is none that an author writes.
        var cuts = bytes.indices.filter { bytes[$0] == UInt8(ascii: "#") }.prefix(8).map { $0 }
        cuts.append(bytes.count)
        var readings: [(path: String, place: String?)] = []
        for cut in cuts {
            let path = String(decoding: bytes[..<cut], as: UTF8.self)
            let place = cut < bytes.count ? String(decoding: bytes[(cut + 1)...], as: UTF8.self) : nil
            let decodedPath = decoded(path)
            readings.append((decodedPath, place.map(decoded)))
            if decodedPath != path { readings.append((path, place)) }
        }
        return readings
    }

    /// A path below a folder with `.` and `..` resolved, in parts; nil when it leads out.
    static func parts(of path: String, from folder: [String]) -> [String]? {
        var parts = folder
        for part in path.utf8.split(separator: UInt8(ascii: "/")) {
            switch String(part) {
            case nil, ".": continue
            case "..":
                if parts.isEmpty { return nil }
                parts.removeLast()
            case let name?: parts.append(name)
            }
        }
        return parts
    }
}
