import Chapters
import Markup

/// The page of what differs from an earlier report: a section for each result.
struct ChangesView {
    let changes: Changes
    let numbering: Numbering
    let words: Words

    /// Of a result; the rest is behind a line that opens it.
    private static let mostShown = 12

    init(_ changes: Changes, _ numbering: Numbering, words: Words) {
        (self.changes, self.numbering, self.words) = (changes, numbering, words)
    }

    var html: HTML {
        .group([
            .line("h1", .text(words.changes)), .line("p", .text(changes.summary.text)),
            .line("p", ["class": "note"], .text(Changes.explanation.text)),
            .group(changes.results.map(section)),
        ])
    }

    private func section(_ result: Changes.Result) -> HTML {
        let name = numbering.address(of: result.id).map { HTML.element("a", ["href": $0], .text(result.id)) }
        let head = HTML.line(
            "h2", ["id": "change-" + result.id], name ?? .text(result.id), " ",
            .element("small", .text(result.directive)))
        let verdict = result.verdict.map { verdict in
            HTML.line("p", ["class": "claim \(verdict.new ? "holds" : "fails")"], .text(Self.said(verdict).text))
        }
        let reasons = result.reasons.map { HTML.element("li", .text($0.text)) }
        let (first, rest) = (result.values.prefix(Self.mostShown), result.values.dropFirst(Self.mostShown))
        return .group([
            head,
            result.kind == .changed ? .empty : .line("p", .text(result.kind == .new ? Self.new.text : Self.gone.text)),
            verdict ?? .empty,
            reasons.isEmpty ? .empty : .line("ul", ["class": "reasons"], .group(reasons)),
            first.isEmpty ? .empty : TableView.html(Self.table(Array(first)), name: result.id, words: words),
            rest.isEmpty
                ? .empty
                : TableView.folded(
                    Self.table(Array(rest)), title: Self.more(rest.count).text, name: result.id, words: words),
            result.moves.isEmpty
                ? .empty
                : TableView.folded(
                    Self.table(result.moves), title: Self.moved(result.moves).text, name: result.id, words: words),
        ])
    }

    private static var new: Phrase { "A new result." }
    private static var gone: Phrase { "No longer in the report." }

    static func said(_ verdict: (old: Bool, new: Bool)) -> Phrase {
        verdict.new ? "holds now; it did not before" : "does not hold any more"
    }

    private static func more(_ count: Int) -> Phrase {
        count == 1 ? "1 more value" : "\(Numeral.count(count)) more values"
    }

    private static func moved(_ moves: [Changes.Move]) -> Phrase {
        let queries = Set(moves.map(\.query)).count
        return moves.count == 1
            ? "1 place shows another person" : "\(moves.count) places, of \(queries) queries, show other people"
    }

    private static func table(_ values: [Changes.Value]) -> Table {
        Table(
            columns: [.init("value"), .init("before"), .init("now"), .init("95 % interval now")],
            rows: values.map { value in
                [
                    .text("`\(value.name)`".verbatim), .text(value.oldText.verbatim),
                    .text(value.newText.verbatim), .text((value.interval ?? "").verbatim),
                ]
            })
    }

    private static func table(_ moves: [Changes.Move]) -> Table {
        Table(
            columns: [.init("query"), .init("rank"), .init("before"), .init("now")],
            rows: moves.map { move in
                [
                    .count(move.query), .count(move.rank), .text((move.old ?? "–").verbatim),
                    .text((move.new ?? "–").verbatim),
                ]
            })
    }
}

extension Changes {
    /// One line: `12 values and 1 claim differ from the report of 2026-01-23 14:05 UTC.`
    package var summary: Phrase {
        let counts = [
            (valueCount, "1 value" as Phrase, "\(Numeral.count(valueCount)) values" as Phrase),
            (claimCount, "1 claim", "\(Numeral.count(claimCount)) claims"),
            (gridCount, "1 grid", "\(Numeral.count(gridCount)) grids"),
            (count(of: .new), "1 new result", "\(Numeral.count(count(of: .new))) new results"),
            (count(of: .gone), "1 result gone", "\(Numeral.count(count(of: .gone))) results gone"),
        ]
        let parts = counts.filter { $0.0 > 0 }.map { $0.0 == 1 ? $0.1.text : $0.2.text }
        guard !parts.isEmpty else { return "Nothing differs from the report of \(since)." }
        return "Since the report of \(since): \(parts.joined(separator: ", "))."
    }

    private func count(of kind: Result.Kind) -> Int { results.count { $0.kind == kind } }

    static var explanation: Phrase {
        """
        Times of a run are left out: they differ whenever something runs. Of each result, the values that moved most, as a share of \
        their size, come first; below its name stands which of its inputs differ.
        """
    }
}
