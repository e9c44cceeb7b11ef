/// Characters and addresses made safe for a page.
enum HTML {
    /// Text for element content and for attributes in double quotes.
    static func escape(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += Array("&amp;".utf8)
            case UInt8(ascii: "<"): bytes += Array("&lt;".utf8)
            case UInt8(ascii: ">"): bytes += Array("&gt;".utf8)
            case UInt8(ascii: "\""): bytes += Array("&quot;".utf8)
            case UInt8(ascii: "'"): bytes += Array("&#39;".utf8)
            case 0: bytes += Array("\u{FFFD}".utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The address as written when a click on it is harmless, else nil.
    ///
    /// Allowed are http, https, mailto and addresses without a scheme. Control characters and spaces are dropped first,
    /// as browsers do, so that `java\nscript:` does not slip through.
    static func safeAddress(_ address: String) -> String? {
        let clean = String(String.UnicodeScalarView(address.unicodeScalars.filter { $0.value > 0x20 }))
        guard let colon = clean.firstIndex(of: ":") else { return clean }
        let scheme = clean[..<colon]
        if scheme.contains(where: { "/?#".contains($0) }) { return clean }
        return ["http", "https", "mailto"].contains(scheme.lowercased()) ? clean : nil
    }

    /// Whether an address leads out of the report.
    static func isExternal(_ address: String) -> Bool {
        address.hasPrefix("//") || address.prefix(while: { !"/?#".contains($0) }).contains(":")
    }
}
