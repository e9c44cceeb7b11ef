import Diagnostics

/// Footnotes that are mentioned and not written, written and not mentioned, or written twice: the library takes the first
/// for text and drops the others.
enum FootnoteCheck {
    static func problems(
        in table: LineTable, verbatim: [ClosedRange<Int>], _ mentions: [Located<String>], path: String
    ) -> [Diagnostic] {
        let definitions = definitions(in: table, verbatim: verbatim, path: path)
        var problems: [Diagnostic] = []
        var first: [String: Located<String>] = [:]
        for definition in definitions {
            let name = definition.value.lowercased()
            if let other = first[name] {
                problems.append(
                    .error(
                        "duplicate-footnote", "the footnote '\(definition.value)' is written twice; rename one",
                        at: definition.range, notes: [.init("it is first written here", at: other.range)]))
            } else {
                first[name] = definition
            }
        }
        var mentioned: Set<String> = []
        let names = Hints(definitions.map(\.value))
        for mention in mentions {
            let name = mention.value.lowercased()
            mentioned.insert(name)
            guard first[name] == nil else { continue }
            let hint = names.hint(for: mention.value)
            let advice =
                "; write '[^\(mention.value)]: …' on a line of its own, or \\[^\(mention.value)] for these very characters"
            problems.append(
                .error(
                    "unknown-footnote", "there is no footnote '\(mention.value)'\(hint.isEmpty ? advice : hint)",
                    at: mention.range))
        }
        for definition in definitions where !mentioned.contains(definition.value.lowercased()) {
            problems.append(
                .warning(
                    "unused-footnote",
                    "the footnote '\(definition.value)' is mentioned nowhere and is left out; write [^\(definition.value)] in the text",
                    at: definition.range))
        }
        return problems
    }

    /// `[^label]:` at the start of a line, after quote marks and bullets.
    private static func definitions(
        in table: LineTable, verbatim: [ClosedRange<Int>], path: String
    ) -> [Located<String>] {
        var result: [Located<String>] = []
        var code = verbatim[...]
        for line in 1...table.count {
            while let next = code.first, next.upperBound < line { code = code.dropFirst() }
            if let next = code.first, next.contains(line) { continue }
            let content = table.content(ofLine: line)
            let start = DisplayMath.skipContainers(content, in: table.bytes)
            guard start + 3 < content.upperBound, table.bytes[start] == UInt8(ascii: "["),
                table.bytes[start + 1] == UInt8(ascii: "^")
            else { continue }
            var end = start + 2
            while end < content.upperBound, table.bytes[end] > 0x20, table.bytes[end] != UInt8(ascii: "]") { end += 1 }
            guard end > start + 2, end + 1 < content.upperBound, table.bytes[end] == UInt8(ascii: "]"),
                table.bytes[end + 1] == UInt8(ascii: ":")
            else { continue }
            let label = String(decoding: table.bytes[start + 2..<end], as: UTF8.self)
            result.append(Located(label, at: table.range(start..<end + 1, in: path)))
        }
        return result
    }
}
