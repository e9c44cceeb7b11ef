import Assets
import Chapters
import Diagnostics
import Files
import Markup

/// The rendered report: a list of files and what went wrong on the way. Values in, values out.
///
/// One page a chapter, a style sheet, a script, a search index, the pictures, and a file of numbers a result. Pages and
/// pictures have stable names;
/// style sheet, script and index are named by their content, so that a page always finds the version it was made with.
/// Equal input gives equal bytes.
package struct Site: Sendable {
    package struct File: Sendable, Hashable {
        /// Relative to the site's root, with forward slashes: `images/3f….jpg`.
        package let path: String
        package let bytes: [UInt8]
        package let digest: Digest

        package init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
            digest = Digest(of: bytes)
        }

        /// Whether the name is that of the content, as pictures and other files in folders have it.
        package var isNamedByContent: Bool { Publication.isNamed(path, by: digest) }
    }

    /// Assets first, then pages, `index.html` last: the order in which they may be written.
    package internal(set) var files: [File]
    /// References and values that do not resolve, formulas that cannot be read, pages that are too heavy.
    package private(set) var diagnostics: [Diagnostic]
    /// What was written of exhibits that came without markup, by language and directive id: for whoever wants to keep it.
    package private(set) var markups: [String: [String: ExhibitMarkup]]

    /// Whether results are still to come.
    let isUnfinished: Bool
    /// What one page a language is made from.
    let editions: [Edition]

    /// A page with all its pictures should stay below this many bytes.
    package static let pageBudget = 5_000_000

    /// Renders the report, and its translations beside it: pages of their own, pictures in common.
    ///
    /// - Throws: `ImageError` for a picture that cannot be encoded.
    package init(_ report: Report, translations: [Report] = []) throws {
        let reports = [report] + translations
        let languages = Languages(reports.map(\.book))
        editions = try Language.speakingEach(reports.map(\.book.settings.language)) {
            Edition(reports[$0], languages, at: $0)
        }
        if let failure = editions.lazy.compactMap(\.failure).first { throw failure }
        var paths: Set<String> = []
        let files = editions.flatMap(\.assets).filter { paths.insert($0.path).inserted }
        let pages = editions.reversed().flatMap { $0.pages.dropFirst() + $0.pages.prefix(1) }
        self.files = files + (editions.first?.results ?? []) + pages
        isUnfinished = report.unfinished != nil
        diagnostics = editions.flatMap(\.diagnostics)
        markups = Dictionary(
            zip(reports, editions).map { ($0.book.settings.language, $1.markups) },
            uniquingKeysWith: { $0.merging($1) { $1 } })
    }
}

/// A report's pages in one language.
struct Edition: Sendable {
    let frame: PageFrame
    /// By chapter.
    let texts: [HTML]
    let index: SearchIndex
    /// The first chapter's is the first.
    private(set) var pages: [Site.File] = []
    /// Pictures, style sheet, scripts, search index.
    private(set) var assets: [Site.File] = []
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var markups: [String: ExhibitMarkup] = [:]
    /// The numbers of the results that it shows, for programs.
    private(set) var results: [Site.File] = []
    /// A picture that could not be encoded.
    private(set) var failure: (any Error)?

    /// - Parameter position: of its language.
    init(_ report: Report, _ languages: Languages, at position: Int) {
        let (book, exhibits, directives) = (report.book, report.exhibits, report.directives)
        let numbering = Numbering(book: book, directives: directives) { exhibits[$0]?.numbering }
        let language = book.settings.language
        let style = Site.File.asset("style", "css", StyleSheet.text)
        let script = Site.File.asset("report", "js", Assets.script)
        let plain = PlainText(exhibits: exhibits, numbering: numbering, words: Words.of(language))
        index = SearchIndex(book, exhibits, directives, plain)
        let search = Site.File.asset("search", "js", index.script)
        let asked = numbering.pages(of: exhibits.values.filter(\.isAsked).map(\.id), in: book)
        let query = asked.isEmpty ? nil : Site.File.asset("query", "js", Assets.query)
        let names = PageFrame.Assets(
            style: style.path, script: script.path, search: search.path, query: query?.path)
        var frame = PageFrame(
            book: book, plain: plain, language: language, facts: report.facts, languages: languages, position: position)
        let mark = report.unfinished.map { Site.File.asset("state", "js", "// \($0.revision)\n") }
        frame.unfinished = report.unfinished
        frame.mark = mark?.path
        frame.asked = asked
        frame.changes = report.changes

        let destinations = Destinations(book, numbering, report.attachments)
        var figures = FigureWriter(words: Words.of(language))
        var texts: [HTML] = []
        for (place, chapter) in book.chapters.enumerated() {
            var writer = PageWriter(
                book: book, chapter: chapter, exhibits: exhibits, directives: directives, destinations: destinations,
                numbering: numbering, words: Words.of(language), figures: figures)
            if place == 0 { frame.titles = writer.titles() }
            let text = frame.text(at: place, body: writer.body())
            texts.append(text)
            figures = writer.figures
            figures.used = []
            markups.merge(writer.markups) { $1 }
            diagnostics += writer.diagnostics
            let page = Site.File(path: chapter.page, bytes: frame.page(at: place, text: text, assets: names).bytes)
            if let remark = Self.weigh(page, chapter, pictures: writer.figures.used, figures.images) {
                diagnostics.append(remark)
            }
            pages.append(page)
        }
        if let changes = report.changes {
            let text = ChangesView(changes, numbering, words: Words.of(language)).html
            pages.append(
                Site.File(
                    path: languages.all[position].changesPage,
                    bytes: frame.changesPage(text, assets: names).bytes))
        }
        failure = figures.images.failure
        assets = [style, script, search] + [query, mark].compactMap(\.self) + figures.images.files
        (self.frame, self.texts) = (frame, texts)
        // The same in every language.
        if position == 0 { results = report.resultFiles(exhibits.keys.sorted()).flatMap(\.files) }
    }

    private static func weigh(
        _ page: Site.File, _ chapter: Chapter, pictures: Set<String>, _ images: ImageFiles
    ) -> Diagnostic? {
        // Faces to be asked about are loaded when somebody asks.
        let shown = images.files.filter { pictures.contains($0.path) && $0.path.hasPrefix("images/") }
        let weight = shown.reduce(page.bytes.count) { $0 + $1.bytes.count }
        guard weight > Site.pageBudget else { return nil }
        // Messages are English, whatever the page speaks.
        let size = Language.english.speaking { Numeral.fixed(Double(weight) / 1e6, digits: 1) }
        let limit = Site.pageBudget / 1_000_000
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
