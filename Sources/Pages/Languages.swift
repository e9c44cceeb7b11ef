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
    }

    var all: [Language]

    /// - Parameter books: of the same chapters, the original first.
    init(_ books: [Book]) {
        all = books.map { book in
            let tag = book.settings.language
            return Language(tag: tag, name: Self.name(of: tag), pages: book.chapters.map(\.page))
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
