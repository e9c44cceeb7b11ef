import Diagnostics

extension Chapter {
    /// Reads one chapter's Markdown.
    ///
    /// Never fails: what is wrong is listed, and the rest is read.
    /// - Parameters:
    ///   - path: as messages should show it.
    ///   - slug: the page's name.
    ///   - parameters: what `${name}` stands for.
    package static func read(
        _ source: String, path: String, slug: String, parameters: [String: Settings.Parameter] = [:]
    ) -> (chapter: Chapter, diagnostics: [Diagnostic]) {
        var reader = ChapterReader(source, path: path, parameters: parameters)
        let content = reader.read()
        let heading = content.blocks.lazy.compactMap { block -> Prose? in
            guard case .heading(level: 1, let text, _, _) = block else { return nil }
            return text.plainText.isEmpty ? nil : Prose(text)
        }.first
        let file = path.split(separator: "/").last.map(String.init) ?? path
        var chapter = Chapter(
            path: path, slug: slug, title: reader.title?.prose ?? heading ?? Prose([.text(file)]), source: source,
            blocks: content.blocks, footnotes: content.footnotes)
        chapter.buried = content.buried
        chapter.unread = content.unread
        return (chapter, reader.diagnostics + secondTitles(in: content.blocks) + skippedLevels(in: content.blocks))
    }

    /// A chapter is one number; further headings of the first level would share it, and so would their sections.
    private static func secondTitles(in blocks: [Block]) -> [Diagnostic] {
        let ranges = blocks.compactMap { block -> SourceRange? in
            guard case .heading(level: 1, _, _, let range) = block else { return nil }
            return range
        }
        guard let first = ranges.first else { return [] }
        return ranges.dropFirst().map { range in
            .warning(
                "second-title",
                "a chapter has one heading with '#': this one gets the same number; write '##', or begin another file",
                at: range, notes: [.init("the chapter's heading stands here", at: first)])
        }
    }

    /// A level that is left out has no number: `1.0.1`.
    private static func skippedLevels(in blocks: [Block]) -> [Diagnostic] {
        var level = 1
        return blocks.compactMap { block in
            guard case .heading(let next, _, _, let range) = block else { return nil }
            defer { level = next }
            guard next > level + 1 else { return nil }
            let (marks, right) = (String(repeating: "#", count: next), String(repeating: "#", count: level + 1))
            return .warning(
                "skipped-level",
                "a level of headings is left out, and the number of this one has a 0 in it; write '\(right)' instead of "
                    + "'\(marks)'", at: range)
        }
    }
}

/// Three passes over one text: find what is running text, mark what Markdown must not see, read the Markdown.
struct ChapterReader {
    private let path: String
    private let table: LineTable
    private let parameters: [String: Settings.Parameter]
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var usedParameters: Set<String> = []
    /// Directives that stand in paragraphs.
    private var buried: [BuriedFence] = []
    /// What the front matter says.
    private(set) var title: FrontMatter.Title?

    struct Content {
        var blocks: [Block] = []
        var footnotes: [Footnote] = []
        var buried: [BuriedFence] = []
        var unread: [Located<String>] = []
    }

    init(_ source: String, path: String, parameters: [String: Settings.Parameter] = [:]) {
        self.path = path
        self.parameters = parameters
        var bytes = Array(source.utf8)
        if let first = ChapterReader.replaceReserved(in: &bytes) {
            diagnostics.append(Self.reserved(LineTable(bytes).range(first..<first + 3, in: path)))
        }
        var matter = FrontMatter(LineTable(bytes), path: path, parameters: parameters)
        if let lines = matter?.bytes { for index in lines where !bytes[index].isBlank { bytes[index] = 0x20 } }
        diagnostics += matter?.diagnostics ?? []
        title = matter?.title
        matter = nil
        diagnostics += TableLimit.hideExcess(in: &bytes, path: path)
        table = LineTable(bytes)
    }

    mutating func read() -> Content {
        let table = table
        // The first look finds code, the second what is text once displayed formulas cannot disturb Markdown.
        let first = CommonMark.withDocument(table.bytes) { Outline($0, in: table) }
        guard let first else { return Content() }
        let masked = LineTable(DisplayMath.masked(table, outline: first))
        let outline =
            masked.bytes == table.bytes ? first : CommonMark.withDocument(masked.bytes) { Outline($0, in: masked) }
        let (markers, mentions) = scan(outline?.leaves ?? [])
        diagnostics += FootnoteCheck.problems(in: table, verbatim: outline?.verbatim ?? [], mentions, path: path)
        var converter = ChapterConverter(path: path, table: table, markers: markers, title: title)
        let result = CommonMark.withDocument(Token.substitute(markers, in: table.bytes)) { converter.convert($0) }
        diagnostics.append(contentsOf: converter.diagnostics)
        return Content(
            blocks: result?.blocks ?? [], footnotes: result?.footnotes ?? [], buried: buried + converter.buried,
            unread: converter.unread)
    }

    private mutating func scan(_ leaves: [Leaf]) -> (markers: [Marker], mentions: [Located<String>]) {
        var markers: [Marker] = []
        var mentions: [Located<String>] = []
        let names = LinkNames(table)
        for leaf in leaves {
            var scanner = MarkerScanner(
                leaf.reading(table), path: path, table: table, parameters: parameters, names: names)
            scanner.scan()
            markers.append(contentsOf: scanner.markers)
            mentions.append(contentsOf: scanner.footnotes)
            diagnostics.append(contentsOf: scanner.diagnostics)
            usedParameters.formUnion(scanner.usedParameters)
            buried += scanner.buried
        }
        return (markers, mentions)
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

    private static func reserved(_ range: SourceRange) -> Diagnostic {
        .warning(
            "reserved-character", "the text has characters that Unicode reserves for programs; they are left out",
            at: range)
    }
}

// MARK: - Text that is no chapter

extension ChapterReader {
    /// What stands before every line, so that nothing in it begins a list, a heading or a table.
    static let prosePrefix = Token.linePrefix

    init(prose text: String, path: String, parameters: [String: Settings.Parameter]) {
        self.path = path
        self.parameters = parameters
        var bytes = Array(text.utf8)
        if ChapterReader.replaceReserved(in: &bytes) != nil {
            let start = Position(line: 1, column: 1)
            diagnostics.append(Self.reserved(SourceRange(path: path, start: start, end: start)))
        }
        var lines: [UInt8] = []
        for (number, line) in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).enumerated() {
            lines += (number > 0 ? [0x0A] : []) + Self.prosePrefix + line
        }
        table = LineTable(lines)
    }

    /// The text as one paragraph, a displayed formula in its line.
    mutating func readProse() -> [Inline] {
        guard !table.bytes.isEmpty else { return [] }
        let leaf = Leaf(kind: .paragraph, lines: 1...table.count, column: 1, in: table)
        let (markers, mentions) = scan([leaf])
        for mention in mentions {
            diagnostics.append(
                .error(
                    "unknown-footnote",
                    "there are no footnotes here, only in a chapter's own text; write \\[^\(mention.value)] for these very characters",
                    at: mention.range))
        }
        var converter = ChapterConverter(path: path, table: table, markers: markers)
        let result = CommonMark.withDocument(Token.substitute(markers, in: table.bytes)) { converter.convert($0) }
        diagnostics.append(contentsOf: converter.diagnostics)
        return (result?.blocks ?? []).flatMap { block -> [Inline] in
            switch block {
            case .paragraph(let text): text
            case .math(let math, _): [.math(math)]
            case .figure(let figure): unnumbered(figure)
            default: []
            }
        }
    }

    /// A picture whose label numbers nothing here.
    private mutating func unnumbered(_ figure: TextFigure) -> [Inline] {
        diagnostics.append(
            .error(
                "misplaced-label", "only pictures in a chapter's own text are numbered; leave the label out",
                at: figure.label.range))
        return [figure.picture]
    }
}
