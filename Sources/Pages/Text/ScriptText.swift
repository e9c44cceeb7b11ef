import Foundation

/// Values as text inside a script: the only way that words of a book get there.
enum ScriptText {
    /// A value as JSON that neither ends nor changes the script, or the element, in which it stands.
    ///
    /// `<!--` and `<script` turn what follows into a script's text, `</script` and `]]>` end one, and U+2028 and U+2029
    /// were line breaks to older scripts: none of them is left.
    static func json(_ value: some Encodable) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(value)).map { escaped(Array($0)) }
    }

    private static func endsWithHalf(_ out: [UInt8]) -> Bool {
        out.count >= 2 && out[out.count - 2] == 0xE2 && out[out.count - 1] == 0x80
    }

    /// What is replaced occurs in the strings of JSON only.
    private static func escaped(_ json: [UInt8]) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(json.count)
        for byte in json {
            switch byte {
            case UInt8(ascii: "<"): out += "\\u003C".utf8
            case UInt8(ascii: ">"): out += "\\u003E".utf8
            case UInt8(ascii: "&"): out += "\\u0026".utf8
            // The last byte of U+2028 or U+2029, two of which are out already.
            case 0xA8 where endsWithHalf(out): out.replaceSubrange((out.count - 2)..., with: "\\u2028".utf8)
            case 0xA9 where endsWithHalf(out): out.replaceSubrange((out.count - 2)..., with: "\\u2029".utf8)
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
