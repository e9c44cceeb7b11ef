import Chapters
import Diagnostics

/// A report before it is pages: a book, and what its directives have to show. Values only.
package struct Report: Sendable {
    package var book: Book
    /// By directive id.
    package var exhibits: [String: Exhibit]
    /// Which fences are directives: the fence's range and the directive's id. Other fences are code.
    package var directives: [SourceRange: String]
    /// Pictures and files that chapters name: `![…](photo.jpg)`, `[…](table.csv)`.
    package var attachments: Attachments
    /// Lines for the title block: which data and weights were used.
    package var facts: [String]
    /// What differs from the report that was published before; nil where there was none.
    package var changes: Changes?
    /// nil for a report whose results are all there, or failed.
    package var unfinished: Unfinished?

    package init(
        book: Book, exhibits: [String: Exhibit], directives: [SourceRange: String], attachments: Attachments = .none,
        facts: [String] = [], unfinished: Unfinished? = nil
    ) {
        self.book = book
        self.exhibits = exhibits
        self.directives = directives
        self.attachments = attachments
        self.facts = facts
        self.unfinished = unfinished
    }

    /// What these directives show, for programs: of those that have a current result, in the order of the ids.
    package func resultFiles(_ ids: some Sequence<String>) -> [ResultFile] {
        ids.compactMap { exhibits[$0] }.compactMap { ResultFile($0) }
    }
}
