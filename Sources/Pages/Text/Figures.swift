import Chapters
import Markup

// Pictures and tables that the author wrote, as directives' figures and tables stand.

extension PageWriter {
    mutating func figure(_ figure: TextFigure) -> HTML {
        let content = image(
            figure.source, figure.title, plain(figure.caption.inlines), width: figure.width, at: figure.range)
        let id = id(of: figure.label, .figure)
        let caption = HTML.block("figcaption", captionLine(.figure, id, figure.caption.inlines))
        return exhibit(.figure, id, .group([.block("div", ["class": "content"], content), caption]))
    }

    mutating func captioned(_ table: TextTable, _ markup: HTML) -> HTML {
        let id = table.label.flatMap { self.id(of: $0, .table) }
        let caption = HTML.block("figcaption", captionLine(.table, id, table.caption))
        return exhibit(
            .table, id, isWide: table.header.count > Exhibit.mostNarrowColumns,
            .group([caption, .block("div", ["class": "content"], markup)]))
    }

    /// `Figure 3. What it shows.`
    mutating func captionLine(_ numbering: Exhibit.Numbering, _ id: String?, _ caption: [Inline]) -> HTML {
        let text = inlines(caption)
        guard let id else { return .line("p", ["class": "caption"], text) }
        let number = self.numbering.exhibits[id]?.place.number ?? ""
        let label = HTML.element(
            "a", ["class": "label", "href": "#" + numbering.prefix + id], "\(numbering.word(words)) \(number)")
        return .line("p", ["class": "caption"], label, text.isEmpty ? .empty : " ", text)
    }

    private func exhibit(
        _ numbering: Exhibit.Numbering, _ id: String?, isWide: Bool = false, _ content: HTML
    ) -> HTML {
        let classes = ["exhibit", "\(numbering)", isWide ? "wide" : nil, nesting > 0 ? "nested" : nil]
        return .block(
            "figure",
            ["class": classes.compactMap(\.self).joined(separator: " "), "id": id.map { numbering.prefix + $0 }],
            content)
    }

    /// The name under which a label is known; nil where something else has it.
    private mutating func id(of label: Located<String>, _ numbering: Exhibit.Numbering) -> String? {
        let place = self.numbering.exhibits[label.value]?.label
        if place == label.range { return label.value }
        // A second label of that name has been told where the book is read.
        if place == nil {
            report(
                .error(
                    "duplicate-label",
                    "the label '\(numbering.prefix)\(label.value)' has the name of the directive '\(label.value)'; "
                        + "choose another", at: label.range))
        }
        return nil
    }
}
