import Diagnostics

extension BuriedFence {
    /// The lines of a block of code or raw HTML that would open a fence elsewhere.
    static func all(
        in node: CommonMark.Node, as container: Container, _ table: LineTable, path: String
    ) -> [BuriedFence] {
        let first = max(1, node.startLine)
        let last = min(table.count, max(first, node.endLine))
        return (first...last).compactMap { line in
            let content = table.content(ofLine: line)
            var start = DisplayMath.skipContainers(content, in: table.bytes)
            guard start < content.upperBound, [UInt8(ascii: "`"), UInt8(ascii: "~")].contains(table.bytes[start])
            else { return nil }
            let mark = table.bytes[start]
            let run = table.bytes[start..<content.upperBound].prefix { $0 == mark }.count
            start += run
            let info = trimmed(String(decoding: table.bytes[start..<content.upperBound], as: UTF8.self))
            guard run >= 3, !info.isEmpty, mark != UInt8(ascii: "`") || !info.contains("`") else { return nil }
            return BuriedFence(
                info: info, range: table.range(start - run..<content.upperBound, in: path), container: container,
                start: Position(line: first, column: max(1, node.startColumn)))
        }
    }
}

extension BuriedFence.Container {
    /// What a block of raw HTML is, by its beginning.
    init(ofHTML literal: String) {
        let text = literal.drop { $0.isWhitespace }.lowercased()
        if text.hasPrefix("<!--") {
            self = .comment
        } else if ["<pre", "<script", "<style", "<textarea", "<!", "<?"].contains(where: text.hasPrefix) {
            self = .verbatim
        } else {
            self = .html
        }
    }
}
