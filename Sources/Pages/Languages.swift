import Chapters
import Foundation

/// The languages of a report, and where each has the page of a chapter.
struct Languages: Sendable {
    struct Language: Sendable {
        /// `vi`.
        var tag: String
        /// As those who speak it call it: `Tiếng Việt`.
        var name: String
        /// By chapter.
        var pages: [String]
        /// Of what differs from an earlier report: no chapter's.
        var changesPage: String
    }

    var all: [Language]

    /// - Parameter books: of the same chapters, the original first.
    init(_ books: [Book]) {
        all = books.map { book in
            let tag = book.settings.language
            let pages = book.chapters.map(\.page)
            // No chapter's name has two hyphens in a row.
            let name = books[0].chapters.contains { $0.page == "changes.html" } ? "changes--report" : "changes"
            let suffix = book.settings.language == books[0].settings.language ? "" : "." + tag
            return Language(
                tag: tag, name: Self.name(of: tag), pages: pages, changesPage: "\(name)\(suffix).html")
        }
    }

    /// The tag itself where nobody knows a name.
    private static func name(of tag: String) -> String {
        guard let name = Locale(identifier: tag).localizedString(forIdentifier: tag), let first = name.first else {
            return tag
        }
        return first.uppercased() + name.dropFirst()
    }
}
