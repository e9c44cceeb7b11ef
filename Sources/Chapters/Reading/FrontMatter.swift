import Diagnostics

/// What other tools read at the beginning of a chapter, between `---` and `---`: the title is read here too.
struct FrontMatter {
    struct Title {
        var prose: Prose
        var range: SourceRange
    }

    /// Where it stands, with its marks.
    private(set) var bytes: Range<Int>
    private(set) var title: Title?
    private(set) var diagnostics: [Diagnostic] = []

    /// nil where the chapter begins with text; three hyphens and an empty line are a rule.
    init?(_ table: LineTable, path: String, parameters: [String: Settings.Parameter]) {
        func text(_ line: Int) -> String { trimmed(String(decoding: table.line(line), as: UTF8.self)) }
        var first = 1
        while first < table.count, text(first).isEmpty { first += 1 }
        let mark = text(first)
        guard mark == "---" || mark == "+++", first < table.count,
            Self.isEntry(table.line(first + 1)) || text(first + 1) == mark
        else { return nil }
        guard
            let last = ((first + 1)...table.count).first(where: {
                text($0) == mark || mark == "---" && text($0) == "..."
            })
        else {
            bytes = table.content(ofLine: first)
            diagnostics = [
                .error(
                    "unclosed-front-matter",
                    "the front matter that begins here has no end; end it with a line of \(mark)",
                    at: table.range(bytes, in: path))
            ]
            return
        }
        bytes = table.content(ofLine: first).lowerBound..<table.content(ofLine: last).upperBound
        guard mark == "---" else {
            diagnostics = [
                .error(
                    "front-matter", "front matter between +++ is not read; write 'title: …' between two lines of ---",
                    at: table.range(table.content(ofLine: first), in: path))
            ]
            return
        }
        guard last > first + 1 else { return }
        let start = table.content(ofLine: first + 1).lowerBound
        let end = table.content(ofLine: last).lowerBound
        var reader = YAMLReader(String(decoding: table.bytes[start..<end], as: UTF8.self), path: path) {
            table.position(of: start + $0)
        }
        let root = reader.read()
        diagnostics = reader.diagnostics
        guard case .mapping(let entries)? = root?.value else {
            if let root {
                diagnostics.append(
                    .error("not-a-mapping", "front matter consists of lines 'name: value'", at: root.range))
            }
            return
        }
        for entry in entries { read(entry, parameters) }
    }

    private mutating func read(_ entry: OptionValue.Entry, _ parameters: [String: Settings.Parameter]) {
        guard entry.key.value == "title" else {
            diagnostics.append(
                .warning(
                    "front-matter",
                    "'\(entry.key.value)' is not read here: a chapter's front matter knows title, the rest stands in report.yml",
                    at: entry.key.range))
            return
        }
        guard case .scalar(let text, _) = entry.value.value else {
            diagnostics.append(
                .error(
                    "wrong-type", "title expects a text, not \(OptionReader.describe(entry.value.value))",
                    at: entry.value.range))
            return
        }
        let result = ProseReader.read(text, at: entry.value.range, parameters: parameters)
        diagnostics += result.diagnostics
        if !result.prose.inlines.isEmpty { title = Title(prose: result.prose, range: entry.value.range) }
    }

    /// `name: …` or `name = …`, or a remark.
    private static func isEntry(_ line: ArraySlice<UInt8>) -> Bool {
        if line.first == UInt8(ascii: "#") { return true }
        let rest = line.drop { $0.isLetter || $0.isDigit || $0 == 0x5F || $0 == 0x2D || $0 == 0x22 || $0 == 0x27 }
        guard rest.count < line.count, let next = rest.drop(while: { $0 == 0x20 }).first else { return false }
        return next == UInt8(ascii: ":") || next == UInt8(ascii: "=")
    }
}
