import Diagnostics

extension Chapter {
    /// Reads one chapter's Markdown.
    ///
    /// Never fails: what is wrong is listed, and the rest is read.
    /// - Parameters:
    ///   - path: as messages should show it.
    ///   - slug: the page's name.
    package static func read(_ source: String, path: String, slug: String) -> (
        chapter: Chapter, diagnostics: [Diagnostic]
    ) {
        var reader = ChapterReader(source, path: path)
        let (blocks, footnotes) = reader.read()
        let title = blocks.lazy.compactMap { block -> String? in
            guard case .heading(level: 1, let text, _, _) = block else { return nil }
            let title = text.plainText
            return title.isEmpty ? nil : title
        }.first
        let chapter = Chapter(
            path: path, slug: slug, title: title ?? path.split(separator: "/").last.map(String.init) ?? path,
            source: source, blocks: blocks, footnotes: footnotes)
        return (chapter, reader.diagnostics)
    }
}

/// Three passes over one text: find what is running text, mark what Markdown must not see, read the Markdown.
struct ChapterReader {
    private let path: String
    private let table: LineTable
    private(set) var diagnostics: [Diagnostic] = []

    init(_ source: String, path: String) {
        self.path = path
        var bytes = Array(source.utf8)
        let reserved = ChapterReader.replaceReserved(in: &bytes)
        table = LineTable(bytes)
        if let first = reserved {
            diagnostics.append(
                .warning(
                    "reserved-character",
                    "the text has characters that Unicode reserves for programs; they are left out",
                    at: table.range(first..<first + 3, in: path)))
        }
    }

    mutating func read() -> (blocks: [Block], footnotes: [Footnote]) {
        let table = table
        // The first look finds code, the second what is text once displayed formulas cannot disturb Markdown.
        let first = CommonMark.withDocument(table.bytes) { Outline($0, in: table) }
        guard let first else { return ([], []) }
        let masked = LineTable(DisplayMath.masked(table, outline: first))
        let outline =
            masked.bytes == table.bytes ? first : CommonMark.withDocument(masked.bytes) { Outline($0, in: masked) }
        var markers: [Marker] = []
        for leaf in outline?.leaves ?? [] {
            var scanner = MarkerScanner(leaf.reading(table), path: path, table: table)
            scanner.scan()
            markers.append(contentsOf: scanner.markers)
            diagnostics.append(contentsOf: scanner.diagnostics)
        }
        var converter = ChapterConverter(path: path, table: table, markers: markers)
        let result = CommonMark.withDocument(Token.substitute(markers, in: table.bytes)) { converter.convert($0) }
        diagnostics.append(contentsOf: converter.diagnostics)
        return result ?? ([], [])
    }

    /// Replaces noncharacters U+FDD0…U+FDEF, which tokens are made of, by U+FFFD; all take three bytes.
    private static func replaceReserved(in bytes: inout [UInt8]) -> Int? {
        var first: Int?
        var index = 0
        while index + 2 < bytes.count {
            if bytes[index] == 0xEF, bytes[index + 1] == 0xB7, (0x90...0xAF).contains(bytes[index + 2]) {
                first = first ?? index
                (bytes[index + 1], bytes[index + 2]) = (0xBF, 0xBD)
                index += 2
            }
            index += 1
        }
        return first
    }
}
