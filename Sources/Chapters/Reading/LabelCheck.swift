import Diagnostics

/// Labels of sections, equations, figures and tables are one name space over the whole book. Figures and tables share
/// their names, as those of directives do.
enum LabelCheck {
    static func problems(in chapters: [Chapter]) -> [Diagnostic] {
        var first: [String: SourceRange] = [:]
        var problems: [Diagnostic] = []
        for chapter in chapters {
            // Within one chapter, headings have been checked where the place of the name is known.
            var own: Set<String> = []
            for (label, range, isHeading) in labels(in: chapter.blocks + chapter.footnotes.flatMap(\.blocks)) {
                let name = label.hasPrefix("tbl-") ? "fig-" + label.dropFirst(4) : label
                if let other = first[name], !(isHeading && own.contains(name)) {
                    problems.append(
                        .error(
                            "duplicate-label", "the label '\(label)' is used twice", at: range,
                            notes: [Diagnostic.Note("it is first used here", at: other)]))
                }
                if first[name] == nil { first[name] = range }
                own.insert(name)
            }
        }
        return problems
    }

    private static func labels(in blocks: [Block]) -> [(label: String, range: SourceRange, isHeading: Bool)] {
        blocks.flatMap { block -> [(label: String, range: SourceRange, isHeading: Bool)] in
            switch block {
            case .heading(_, _, let id, let range): id.hasPrefix("sec-") ? [(id, range, true)] : []
            case .figure(let figure): [("fig-" + figure.label.value, figure.label.range, false)]
            case .table(let table): table.label.map { [("tbl-" + $0.value, $0.range, false)] } ?? []
            case .math(let math, let label): label.map { [($0, math.range, false)] } ?? []
            default: labels(in: block.children)
            }
        }
    }
}
