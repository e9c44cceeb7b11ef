import Chapters
import Diagnostics

/// What `/` searches: one entry a section, in a script of its own that pages load on the first search.
///
/// A script and not JSON, because a page opened from a file may not fetch.
struct SearchIndex {
    private struct Entry: Encodable {
        var page: String
        var anchor: String
        var chapter: String
        var section: String
        var text: String
    }

    private static let longestText = 4000

    private var entries: [Entry] = []

    init(_ book: Book, _ exhibits: [String: Exhibit], _ directives: [SourceRange: String], _ plain: PlainText) {
        for chapter in book.chapters {
            var entry = Entry(
                page: chapter.page, anchor: PageID.text, chapter: plain.of(chapter.title), section: "", text: "")
            for block in chapter.blocks {
                if case .heading(let level, let text, let id, _) = block {
                    add(entry)
                    entry.anchor = id
                    entry.section = level == 1 ? "" : plain.of(text)
                    entry.text = ""
                } else {
                    entry.text += Self.text(block, exhibits, directives, plain) + " "
                }
            }
            add(entry)
        }
    }

    private mutating func add(_ entry: Entry) {
        var entry = entry
        entry.text = Self.words(entry.text)
        if !entry.text.isEmpty || !entry.section.isEmpty || entry.anchor != PageID.text { entries.append(entry) }
    }

    /// A text's words with a space between them, as far as they are searched.
    private static func words(_ text: String) -> String {
        let words = text.unicodeScalars.split { scalar in
            scalar.isASCII ? scalar == " " || (9...13).contains(scalar.value) : scalar.properties.isWhitespace
        }
        let joined = words.map { String($0) }.joined(separator: " ")
        return joined.utf8.count <= longestText ? joined : String(joined.prefix(longestText))
    }

    private static func text(
        _ block: Block, _ exhibits: [String: Exhibit], _ directives: [SourceRange: String], _ plain: PlainText
    ) -> String {
        switch block {
        case .paragraph(let text): plain.of(text)
        case .list, .quote: block.children.map { text($0, exhibits, directives, plain) }.joined(separator: " ")
        case .callout(let callout):
            ([plain.of(callout.title)] + block.children.map { text($0, exhibits, directives, plain) })
                .joined(separator: " ")
        case .table(let table):
            ([table.caption] + table.header + table.rows.joined()).map { plain.of($0) }.joined(separator: " ")
        case .figure(let figure): plain.of(figure.caption)
        case .fence(let fence): directives[fence.range].flatMap { exhibits[$0]?.caption }.map { plain.of($0) } ?? ""
        case .heading, .math, .rule, .html: ""
        }
    }

    /// With the places of sections in one page.
    func inOneFile(_ anchor: (_ page: String, _ id: String) -> String) -> SearchIndex {
        var index = self
        for number in entries.indices {
            index.entries[number].anchor = anchor(entries[number].page, entries[number].anchor)
            index.entries[number].page = ""
        }
        return index
    }

    var script: String {
        // Entries are strings only: encoding cannot fail, and an empty index is a page without search at worst.
        "window.likenessIndex = \(ScriptText.json(entries) ?? "[]");\n"
    }
}
