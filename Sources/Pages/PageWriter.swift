import Chapters
import Diagnostics
import Markup

/// Writes one chapter's body as HTML; collects the pictures it shows and the problems it meets.
///
/// The constructs live in extensions: `Text/` for what the author wrote, `Views/` for what directives show.
struct PageWriter {
    let book: Book
    let chapter: Chapter
    let exhibits: [String: Exhibit]
    let directives: [SourceRange: String]
    let destinations: Destinations
    let numbering: Numbering
    let words: Words
    /// In a proof, which is read before results are there: what is known of them. nil for a page to be published.
    let promises: [String: Promise]?
    /// In a proof: the captions of directives.
    let captions: [String: Prose]

    var isProof: Bool { promises != nil }

    var figures: FigureWriter
    /// Of the exhibits that came without.
    var markups: [String: ExhibitMarkup] = [:]
    var diagnostics: [Diagnostic] = []
    /// The chapter's footnotes by label; their numbers, in the order of first mention; and those mentioned since the last
    /// block ended.
    let footnotes: [String: Footnote]
    var footnoteNumbers: [String: Int] = [:]
    var pendingFootnotes: [String] = []
    /// Notes stand in the margin beside blocks of the page's own level only.
    var nesting = 0
    /// Whether a link is being written, which can hold no other one.
    var isInsideLink = false
    /// How many questions have had no title of their own, and the answers of all with their titles.
    var questions = 0
    var answers: [(title: HTML, answer: HTML)] = []
    /// How many names have been compared with misspelt ones of this chapter.
    var compared = 0
    /// Those of the page so far, and of figures to come.
    private var ids: Set<String>
    /// The number to try next for an id that is taken, so that many equal ones stay linear.
    private var nextNumbers: [String: Int] = [:]

    init(
        book: Book, chapter: Chapter, exhibits: [String: Exhibit], directives: [SourceRange: String],
        destinations: Destinations, numbering: Numbering, words: Words, figures: FigureWriter,
        promises: [String: Promise]? = nil, captions: [String: Prose] = [:]
    ) {
        self.book = book
        self.chapter = chapter
        self.exhibits = exhibits
        self.directives = directives
        self.destinations = destinations
        self.numbering = numbering
        self.words = words
        self.figures = figures
        self.promises = promises
        self.captions = captions
        footnotes = Dictionary(chapter.footnotes.map { ($0.label, $0) }, uniquingKeysWith: { first, _ in first })
        ids = Set(numbering.exhibits.values.lazy.filter { $0.place.page == chapter.page }.map(\.place.anchor))
    }

    /// What stands above the book's first page.
    mutating func titles() -> PageFrame.Titles {
        let settings = book.settings
        return PageFrame.Titles(
            title: inlines(settings.title.inlines), subtitle: settings.subtitle.map { inlines($0.inlines) } ?? .empty,
            authors: settings.authors.map { inlines($0.inlines) }, date: settings.date.map { inlines($0.inlines) })
    }

    mutating func body() -> HTML {
        .group(chapter.blocks.flatMap { [block($0), marginNotes()] } + [printedAnswers()])
    }

    /// An id for one element: whoever asks for the same once more gets another one.
    mutating func id(_ wanted: String) -> String {
        var id = wanted
        var number = nextNumbers[wanted] ?? 2
        while !ids.insert(id).inserted {
            id = "\(wanted).\(number)"
            number += 1
            nextNumbers[wanted] = number
        }
        return id
    }

    /// Running text without its markup.
    func plain(_ text: [Inline]) -> String {
        PlainText(exhibits: exhibits, numbering: numbering, words: words).of(text)
    }

    mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    /// The address of a place as seen from this page.
    func address(of place: Numbering.Place) -> String {
        (place.page == chapter.page ? "" : place.page) + "#" + place.anchor
    }

    /// Where a piece of text first stands in the chapter, for constructs that carry no range of their own.
    func place(of text: String) -> SourceRange {
        let lines = chapter.source.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let wanted = Array(text.utf8)
        for (number, line) in lines.enumerated() where !wanted.isEmpty && line.count >= wanted.count {
            let bytes = Array(line)
            for start in 0...(bytes.count - wanted.count) where bytes[start...].starts(with: wanted) {
                return SourceRange(
                    path: chapter.path, start: Position(line: number + 1, column: start + 1),
                    end: Position(line: number + 1, column: start + 1 + wanted.count))
            }
        }
        let start = Position(line: 1, column: 1)
        return SourceRange(path: chapter.path, start: start, end: start)
    }
}
