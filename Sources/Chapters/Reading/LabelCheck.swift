import Diagnostics

/// Labels of sections and equations are one name space over the whole book.
enum LabelCheck {
    static func problems(in chapters: [Chapter]) -> [Diagnostic] {
        var first: [String: SourceRange] = [:]
        var problems: [Diagnostic] = []
        for chapter in chapters {
            // Within one chapter, headings have been checked where the place of the name is known.
            var own: Set<String> = []
            for (label, range, isHeading) in labels(in: chapter.blocks + chapter.footnotes.flatMap(\.blocks)) {
                if let other = first[label], !(isHeading && own.contains(label)) {
                    problems.append(
                        .error(
                            "duplicate-label", "the label '\(label)' is used twice", at: range,
                            notes: [Diagnostic.Note("it is first used here", at: other)]))
                }
                if first[label] == nil { first[label] = range }
                own.insert(label)
            }
        }
        return problems
    }

    private static func labels(in blocks: [Block]) -> [(label: String, range: SourceRange, isHeading: Bool)] {
        blocks.flatMap { block -> [(label: String, range: SourceRange, isHeading: Bool)] in
            switch block {
            case .heading(_, _, let id, let range): id.hasPrefix("sec-") ? [(id, range, true)] : []
            case .math(let math, let label): label.map { [($0, math.range, false)] } ?? []
            default: labels(in: block.children)
            }
        }
    }
}
