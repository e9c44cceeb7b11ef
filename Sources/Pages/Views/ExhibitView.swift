import Chapters
import Foundation
import Markup

extension PageWriter {
    /// What a directive shows: its exhibit, or a note in its place that there is none.
    mutating func directive(_ id: String, _ fence: Fence) -> HTML {
        if promises != nil {
            // Its caption is read where it stands; the rest is there when it has run.
            if let caption = captions[id] { _ = inlines(caption.inlines) }
            return .empty
        }
        let exhibit =
            exhibits[id]
            ?? Exhibit(id: id, numbering: .figure, caption: nil, parts: [.failure(words.noResult.verbatim)])
        if exhibits[id] == nil {
            report(.warning("missing-result", "'\(id)' has no result to show", at: fence.range))
        }
        return figure(exhibit)
    }

    private mutating func figure(_ exhibit: Exhibit) -> HTML {
        let caption = self.caption(of: exhibit)
        let markup: ExhibitMarkup
        if let known = exhibit.markup {
            markup = known
            figures.add(known)
        } else {
            markup = figures.markup(of: exhibit)
            markups[exhibit.id] = markup
        }
        let parts = HTML.written(markup.pieces)
        let content = HTML.block(
            "div", ["class": "content"],
            exhibit.pending.map { figures.pending($0, reasons: exhibit.outdated, isShown: exhibit.isOutdated) }
                ?? .empty,
            exhibit.isOutdated ? .block("div", ["class": "outdated"], parts) : parts)
        // A failure is not put away.
        let isFolded = exhibit.isFolded && exhibit.pending == nil && !exhibit.hasFailed
        let classes = [
            "exhibit", "\(exhibit.numbering)", markup.isWide ? "wide" : nil, nesting > 0 ? "nested" : nil,
            isFolded ? "fold" : nil,
        ]
        if isFolded {
            return .block(
                "figure", ["class": classes.compactMap(\.self).joined(separator: " "), "id": anchor(of: exhibit)],
                caption, .block("details", .line("summary", .text(words.showResult)), content))
        }
        return .block(
            "figure", ["class": classes.compactMap(\.self).joined(separator: " "), "id": anchor(of: exhibit)],
            .group(exhibit.numbering == .table ? [caption, content] : [content, caption]))
    }

    private func anchor(of exhibit: Exhibit) -> String { exhibit.numbering.prefix + exhibit.id }

    private mutating func caption(of exhibit: Exhibit) -> HTML {
        .block(
            "figcaption", captionLine(exhibit.numbering, exhibit.id, exhibit.caption?.inlines ?? []),
            marks(exhibit.marks),
            exhibit.provenance.map { provenance($0, of: exhibit) } ?? .empty)
    }

    private func marks(_ marks: [Exhibit.Mark]) -> HTML {
        guard !marks.isEmpty else { return .empty }
        let badges = marks.withoutRepetition.map { mark in
            HTML.element(
                "span", ["class": "mark", "tabindex": 0], "⚠ \(mark.label)",
                .element("span", ["class": "explanation"], .text(mark.explanation)))
        }
        return .line("p", ["class": "marks"], .joined(badges, separator: " "))
    }

    private func provenance(_ provenance: Provenance, of exhibit: Exhibit) -> HTML {
        let facts = provenance.facts.map { fact in
            HTML.line("div", .element("dt", .text(fact.name)), .element("dd", .text(fact.value)))
        }
        return .line(
            "details", ["class": "provenance"], .line("summary", .text(provenance.summary)),
            .element("dl", "\n", .group(facts)), results(of: exhibit))
    }

    /// The files that programs read.
    private func results(of exhibit: Exhibit) -> HTML {
        guard exhibit.record != nil, !exhibit.hasFailed else { return .empty }
        let tables = exhibit.dataTables
        let paths = [ResultFile.path(of: exhibit.id)] + tables.map { ResultFile.path(of: exhibit.id, table: $0.name) }
        let links = paths.map { path in
            HTML.element("a", ["href": path], .text(String(path.dropFirst(ResultFile.folder.count + 1))))
        }
        return .line("p", ["class": "results"], .joined(links, separator: " "))
    }
}

extension Exhibit {
    /// Columns of a table that fit into the text's width.
    static let mostNarrowColumns = 6

    /// Whether it steps out over the margin column; its caption then stands above or below it.
    var isWide: Bool {
        parts.contains { part in
            switch part {
            case .table(let table): table.columns.count > Self.mostNarrowColumns
            case .plot(let plot): plot.panels.count > 1
            case .scatter(let plot): plot.panels.count > 1
            case .retrieval, .tree, .faceExplorer: true
            case .gallery(let gallery): gallery.groups.reduce(0) { $0 + $1.items.count } > 6
            case .diagram(let diagram): diagram.width > Diagram.textWidth
            case .frames, .bars, .heatMap, .foldedTable, .data, .claim, .note, .failure, .treeExplorer, .architecture:
                false
            }
        }
    }
}

extension [Exhibit.Mark] {
    /// Without marks whose label another one has that says all that they say and more.
    fileprivate var withoutRepetition: [Exhibit.Mark] {
        func sentences(_ mark: Exhibit.Mark) -> Set<String> { Set(mark.explanation.components(separatedBy: ". ")) }
        return indices.filter { place in
            !indices.contains { other in
                guard other != place, self[other].label == self[place].label else { return false }
                let (own, more) = (sentences(self[place]), sentences(self[other]))
                return own.isStrictSubset(of: more) || (own == more && other < place)
            }
        }.map { self[$0] }
    }
}
