import Imaging
import Markup

/// Writes pictures, and what directives show, as HTML; collects the files that the markup names.
///
/// Nothing here depends on a page, a number or a caption, so that what was written once can be kept.
struct FigureWriter {
    let words: Words
    var images = ImageFiles()
    /// Paths of the pictures and other files that were written, for the weight of a page.
    var used: Set<String> = []

    init(words: Words) { self.words = words }

    /// An exhibit's parts below its caption, with the pictures that they show.
    mutating func markup(of exhibit: Exhibit) -> ExhibitMarkup {
        let others = used
        used = []
        defer { used.formUnion(others) }
        let html = HTML.group(Self.titled(exhibit.parts).map { parts($0, of: exhibit) })
        return ExhibitMarkup(
            pieces: html.pieces, files: images.files.filter { used.contains($0.path) }, isWide: exhibit.isWide,
            isAsked: exhibit.isAsked, tables: exhibit.dataTables)
    }

    /// Parts that stand together: a note directly above a table is its title.
    private static func titled(_ parts: [Exhibit.Part]) -> [ArraySlice<Exhibit.Part>] {
        var groups: [ArraySlice<Exhibit.Part>] = []
        for place in parts.indices {
            if case .table = parts[place], let last = groups.last, last.count == 1, case .note = last.first {
                groups[groups.count - 1] = parts[last.startIndex...place]
            } else {
                groups.append(parts[place...place])
            }
        }
        return groups
    }

    private mutating func parts(_ parts: ArraySlice<Exhibit.Part>, of exhibit: Exhibit) -> HTML {
        let html = parts.map { part($0, of: exhibit) }
        return html.count == 1 ? html[0] : .block("div", ["class": "titled"], .group(html))
    }

    /// Takes in what was written earlier.
    mutating func add(_ markup: ExhibitMarkup) {
        for file in markup.files { images.add(file) }
        used.formUnion(markup.files.map(\.path))
    }
}

extension FigureWriter {
    mutating func part(_ part: Exhibit.Part, of exhibit: Exhibit) -> HTML {
        switch part {
        case .table(let table): TableView.html(table, name: exhibit.id, words: words)
        case .foldedTable(let title, let table):
            TableView.folded(table, title: title.text, name: exhibit.id, words: words)
        case .data: .empty
        case .plot(let plot): self.plot(plot, name: exhibit.id)
        case .bars(let chart): bars(chart, name: exhibit.id)
        case .heatMap(let map): heatMap(map, name: exhibit.id)
        case .scatter(let plot): scatter(plot, name: exhibit.id)
        case .retrieval(let grid): retrieval(grid)
        case .gallery(let gallery): self.gallery(gallery)
        case .frames(let frames): self.frames(frames)
        case .tree(let diagram): tree(diagram)
        case .treeExplorer(let explorer): self.explorer(explorer)
        case .faceExplorer(let explorer): faceExplorer(explorer)
        case .architecture(let diagram): architecture(diagram)
        case .diagram(let diagram): self.diagram(diagram)
        case .claim(let claim): self.claim(claim)
        case .note(let text): .line("p", ["class": "note"], Caption.html(text.text))
        case .failure(let text):
            .line(
                "div", ["class": "failure", "role": "note"], .element("strong", "✗ \(words.failed)."), " ",
                Caption.html(text.text))
        }
    }

    /// `✓ holds: after.map 0.812 > before.map 0.745`.
    private func claim(_ claim: StatedClaim) -> HTML {
        let verdict = claim.holds ? "✓ \(words.holds)" : "✗ \(words.fails)"
        return .line(
            "p", ["class": claim.holds ? "claim holds" : "claim fails"], .element("strong", "\(verdict):"),
            " \(claim.left) \(claim.sign) \(claim.right)\(claim.test.map { "; \($0)" } ?? "")")
    }
}
