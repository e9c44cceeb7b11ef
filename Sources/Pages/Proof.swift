import Chapters
import Diagnostics

extension Site {
    /// Everything that is wrong with a book's text as far as no result is needed to know it.
    ///
    /// The writer that makes the pages reads them for this, so that nothing is checked in two places: whatever a page
    /// reports is known before anything runs, except what depends on results.
    /// - Parameters:
    ///   - directives: Which fences are directives, also those with mistakes of their own: range and id.
    ///   - promises: By directive id; an id without one is known, and nothing else about it.
    package static func problems(
        in book: Book, directives: [SourceRange: String], promises: [String: Promise],
        captions: [String: Prose] = [:], attachments: Attachments = .none
    ) -> [Diagnostic] {
        let numbering = Numbering(book: book, directives: directives) { promises[$0]?.numbering }
        let words = Words.of(book.settings.language)
        var diagnostics: [Diagnostic] = []
        let destinations = Destinations(book, numbering, attachments)
        for chapter in book.chapters {
            var writer = PageWriter(
                book: book, chapter: chapter, exhibits: [:], directives: directives, destinations: destinations,
                numbering: numbering, words: words, figures: FigureWriter(words: words), promises: promises,
                captions: captions)
            if chapter.slug == book.chapters.first?.slug { _ = writer.titles() }
            _ = writer.body()
            diagnostics += writer.diagnostics
        }
        return diagnostics
    }
}
