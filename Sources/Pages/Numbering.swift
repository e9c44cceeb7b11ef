import Chapters
import Diagnostics

/// Every place in the book that has a number and can be referred to.
///
/// Figures and tables count through the whole book in reading order, as do labelled equations; sections are numbered
/// within their chapter (`2.1`). Labels that are used twice are told where the book is read; here the first counts.
struct Numbering {
    struct Place: Sendable, Hashable {
        var page: String
        var anchor: String
        var number: String
    }

    /// A figure, a table or a claim: what a directive shows, or what the author wrote.
    struct Numbered {
        var place: Place
        var numbering: Exhibit.Numbering
        /// Whether there is a result that says what it is counted among.
        var isKnown: Bool
        /// Where its label stands; nil for a directive's.
        var label: SourceRange?
    }

    /// By directive id, or by label without prefix.
    private(set) var exhibits: [String: Numbered] = [:]
    /// By label without prefix.
    private(set) var equations: [String: Place] = [:]
    /// By heading id, as the chapter has it; for equal ids the first in the book counts.
    private(set) var sections: [String: (place: Place, isChapter: Bool)] = [:]
    /// By page and heading id: the number in front of the heading.
    private(set) var headings: [String: [String: String]] = [:]

    /// By page: the names that a link may give to a place, and the id that the place has. A figure, a table or a claim
    /// answers to each of the three, since before there is a result nobody knows which it will be.
    private(set) var anchors: [String: [String: String]] = [:]
    /// By page: the names of figures, tables, claims and equations, which no heading may have.
    private(set) var taken: [String: Set<String>] = [:]

    private var figures = 0
    private var tables = 0
    private var claims = 0
    private var chapterNumber = 0
    private var counters: [Int] = []
    /// Names that no label may take.
    private let directiveIDs: Set<String>

    /// - Parameter numbering: what an exhibit is counted among; nil where nobody knows yet.
    init(book: Book, directives: [SourceRange: String], numbering: (String) -> Exhibit.Numbering?) {
        directiveIDs = Set(directives.values)
        for (index, chapter) in book.chapters.enumerated() {
            chapterNumber = index + 1
            counters = []
            visit(chapter.blocks, page: chapter.page, directives, numbering)
            for note in chapter.footnotes { visit(note.blocks, page: chapter.page, directives, numbering) }
        }
    }

    /// Where a directive's exhibit stands: `evaluation.html#tbl-top`.
    func address(of id: String) -> String? {
        exhibits[id].map { "\($0.place.page)#\($0.place.anchor)" }
    }

    /// The pages on which directives stand, each once, in the order of the book.
    func pages(of ids: [String], in book: Book) -> [String] {
        let pages = Set(ids.compactMap { exhibits[$0]?.place.page })
        return book.chapters.map(\.page).filter(pages.contains)
    }

    private mutating func visit(
        _ blocks: [Block], page: String, _ directives: [SourceRange: String],
        _ numbering: (String) -> Exhibit.Numbering?
    ) {
        for block in blocks {
            switch block {
            case .heading(let level, _, let id, _): heading(level, id, page)
            case .math(_, let label?): equation(Self.bare(label), page)
            case .fence(let fence):
                guard let id = directives[fence.range] else { continue }
                exhibit(id, numbering(id), page)
            case .list, .quote, .callout: visit(block.children, page: page, directives, numbering)
            case .figure(let figure): written(figure.label, .figure, page)
            case .table(let table):
                if let label = table.label { written(label, .table, page) }
            case .paragraph, .math, .rule, .html: continue
            }
        }
    }

    private mutating func heading(_ level: Int, _ id: String, _ page: String) {
        var number = String(chapterNumber)
        if level > 1 {
            let depth = level - 1
            while counters.count < depth { counters.append(0) }
            counters.removeLast(counters.count - depth)
            counters[depth - 1] += 1
            number += counters.map { ".\($0)" }.joined()
        } else {
            counters = []
        }
        headings[page, default: [:]][id] = number
        anchors[page, default: [:]][id] = id
        if sections[id] == nil {
            sections[id] = (Place(page: page, anchor: id, number: number), isChapter: level == 1)
        }
    }

    private mutating func equation(_ label: String, _ page: String) {
        guard equations[label] == nil else { return }
        equations[label] = Place(page: page, anchor: "eq-" + label, number: String(equations.count + 1))
        anchors[page, default: [:]]["eq-" + label] = "eq-" + label
        taken[page, default: []].insert("eq-" + label)
    }

    /// What the author wrote; a directive of that name goes before it.
    private mutating func written(_ label: Located<String>, _ numbering: Exhibit.Numbering, _ page: String) {
        guard !directiveIDs.contains(label.value) else { return }
        exhibit(label.value, numbering, page, label: label.range)
    }

    private mutating func exhibit(
        _ id: String, _ known: Exhibit.Numbering?, _ page: String, label: SourceRange? = nil
    ) {
        guard exhibits[id] == nil else { return }
        let numbering = known ?? .figure
        let number: Int
        switch numbering {
        case .figure:
            figures += 1
            number = figures
        case .table:
            tables += 1
            number = tables
        case .claim:
            claims += 1
            number = claims
        }
        exhibits[id] = Numbered(
            place: Place(page: page, anchor: numbering.prefix + id, number: String(number)), numbering: numbering,
            isKnown: known != nil, label: label)
        name(id, numbering, on: page)
    }

    /// The id that an exhibit has on its page, under every name by which a link may call it.
    private mutating func name(_ id: String, _ numbering: Exhibit.Numbering, on page: String) {
        for prefix in ["fig-", "tbl-", "claim-"] {
            anchors[page, default: [:]][prefix + id] = numbering.prefix + id
            taken[page, default: []].insert(prefix + id)
        }
    }

    /// The place a reference points at and the word before its number; nil when there is none.
    private func target(of reference: CrossReference, _ words: Words) -> (place: Place, word: String)? {
        switch reference.kind {
        case .figure, .table, .claim: exhibits[reference.target].map { ($0.place, $0.numbering.word(words)) }
        case .equation: equations[reference.target].map { ($0, words.equation) }
        case .section:
            (sections["sec-" + reference.target] ?? sections[reference.target])
                .map { ($0.place, $0.isChapter ? words.chapter : words.section) }
        }
    }

    /// `Figure 3`.
    func text(of reference: CrossReference, _ words: Words) -> String? {
        reference.written ?? target(of: reference, words).map { "\($0.word)\u{A0}\($0.place.number)" }
    }

    /// How a reference that is only nearly one should be written; nil where nothing has that name.
    func meant(by reference: CrossReference) -> String? {
        guard let (place, _) = target(of: reference, Words.of("en")) else { return nil }
        switch reference.kind {
        case .figure, .table, .claim, .equation: return "@" + place.anchor
        case .section: return "@" + (place.anchor.hasPrefix("sec-") ? place.anchor : "sec-" + place.anchor)
        }
    }

    /// A label without its prefix: `loss` for `eq-loss` and for `loss`.
    static func bare(_ label: String) -> String { label.hasPrefix("eq-") ? String(label.dropFirst(3)) : label }
}

extension Exhibit.Numbering {
    /// Of anchors and references: `fig-`.
    var prefix: String {
        switch self {
        case .figure: "fig-"
        case .table: "tbl-"
        case .claim: "claim-"
        }
    }

    /// In front of the number.
    func word(_ words: Words) -> String {
        switch self {
        case .figure: words.figure
        case .table: words.table
        case .claim: words.claim
        }
    }
}

extension Chapter {
    /// The file that the chapter becomes.
    var page: String { slug + ".html" }
}
