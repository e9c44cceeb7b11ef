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

    /// These bytes and scalars occur in the strings of JSON only.
    private static func escaped(_ json: [UInt8]) -> String {
        var out = String.UnicodeScalarView()
        for scalar in String(decoding: json, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "<": out.append(contentsOf: "\\u003C".unicodeScalars)
            case ">": out.append(contentsOf: "\\u003E".unicodeScalars)
            case "&": out.append(contentsOf: "\\u0026".unicodeScalars)
            case "\u{2028}": out.append(contentsOf: "\\u2028".unicodeScalars)
            case "\u{2029}": out.append(contentsOf: "\\u2029".unicodeScalars)
            default: out.append(scalar)
            }
        }
        return String(out)
    }
}
