import Assets
import Chapters
import Diagnostics
import Files
import Markup

/// The rendered report: a list of files and what went wrong on the way. Values in, values out.
///
/// One page a chapter, a style sheet, a script, a search index and the pictures. Pages and pictures have stable names;
/// style sheet, script and index are named by their content, so that a page always finds the version it was made with.
/// Equal input gives equal bytes.
package struct Site: Sendable {
    package struct File: Sendable, Hashable {
        /// Relative to the site's root, with forward slashes: `images/3f….jpg`.
        package var path: String
        package var bytes: [UInt8]

        package init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// Assets first, then pages, `index.html` last: the order in which they may be written.
    package internal(set) var files: [File]
    /// References and values that do not resolve, formulas that cannot be read, pages that are too heavy.
    package private(set) var diagnostics: [Diagnostic]
    /// What was written of exhibits that came without markup, by directive id: for whoever wants to keep it.
    package private(set) var markups: [String: ExhibitMarkup]

    /// Whether results are still to come.
    let isUnfinished: Bool

    // What the pages were written from, for the one page.
    let frame: PageFrame
    /// By chapter.
    let texts: [HTML]
    let index: SearchIndex

    /// A page with all its pictures should stay below this many bytes.
    package static let pageBudget = 5_000_000

    /// Renders the report.
    ///
    /// - Throws: `ImageError` for a picture that cannot be encoded.
    package init(_ report: Report) throws {
        let (book, exhibits, directives) = (report.book, report.exhibits, report.directives)
        let numbering = Numbering(book: book, directives: directives) { exhibits[$0]?.numbering }
        var diagnostics: [Diagnostic] = []
        var markups: [String: ExhibitMarkup] = [:]
        let language = book.settings.language
        let style = File.asset("style", "css", StyleSheet.text)
        let script = File.asset("report", "js", Assets.script)
        let plain = PlainText(exhibits: exhibits, numbering: numbering, words: Words.of(language))
        index = SearchIndex(book, exhibits, directives, plain)
        let search = File.asset("search", "js", index.script)
        let asked = numbering.pages(of: exhibits.values.filter(\.isAsked).map(\.id), in: book)
        let query = asked.isEmpty ? nil : File.asset("query", "js", Assets.query)
        let assets = PageFrame.Assets(
            style: style.path, script: script.path, search: search.path, query: query?.path)
        var frame = PageFrame(book: book, plain: plain, language: language, facts: report.facts)
        let mark = report.unfinished.map { File.asset("state", "js", "// \($0.revision)\n") }
        frame.unfinished = report.unfinished
        frame.mark = mark?.path
        frame.asked = asked
        isUnfinished = report.unfinished != nil

        let destinations = Destinations(book, numbering, report.attachments)
        var figures = FigureWriter(words: Words.of(language))
        var pages: [File] = []
        var texts: [HTML] = []
        for (position, chapter) in book.chapters.enumerated() {
            var writer = PageWriter(
                book: book, chapter: chapter, exhibits: exhibits, directives: directives, destinations: destinations,
                numbering: numbering, words: Words.of(language), figures: figures)
            if position == 0 { frame.titles = writer.titles() }
            let text = frame.text(at: position, body: writer.body())
            texts.append(text)
            figures = writer.figures
            figures.used = []
            markups.merge(writer.markups) { $1 }
            diagnostics += writer.diagnostics
            let page = File(path: chapter.page, bytes: frame.page(at: position, text: text, assets: assets).bytes)
            if let remark = Self.weigh(page, chapter, pictures: writer.figures.used, figures.images) {
                diagnostics.append(remark)
            }
            pages.append(page)
        }
        if let failure = figures.images.failure { throw failure }
        let (first, others) = (pages.prefix(1), pages.dropFirst())
        files = [style, script, search] + [query, mark].compactMap(\.self) + figures.images.files + others + first
        (self.frame, self.texts) = (frame, texts)
        self.diagnostics = diagnostics
        self.markups = markups
    }

    private static func weigh(
        _ page: File, _ chapter: Chapter, pictures: Set<String>, _ images: ImageFiles
    ) -> Diagnostic? {
        // Faces to be asked about are loaded when somebody asks.
        let shown = images.files.filter { pictures.contains($0.path) && $0.path.hasPrefix("images/") }
        let weight = shown.reduce(page.bytes.count) { $0 + $1.bytes.count }
        guard weight > pageBudget else { return nil }
        let size = Numeral.fixed(Double(weight) / 1e6, digits: 1)
        let limit = pageBudget / 1_000_000
        let start = Position(line: 1, column: 1)
        return .warning(
            "heavy-page",
            "the page with its pictures is \(size) MB; show fewer or smaller pictures to stay below \(limit) MB",
            at: SourceRange(path: chapter.path, start: start, end: start))
    }
}

extension Site.File {
    /// A text file in `assets/`, named by its content.
    static func asset(_ name: String, _ fileExtension: String, _ text: String) -> Site.File {
        let bytes = Array(text.utf8)
        let mark = Digest(of: bytes).hex.prefix(8)
        return Site.File(path: "assets/\(name)-\(mark).\(fileExtension)", bytes: bytes)
    }
}
