import Diagnostics

extension Chapter {
    /// Gives the sections of a translation the anchors that they have in the original, so that one address is the same place
    /// in every language.
    ///
    /// Sections belong together in their order; those with a label by it.
    /// - Returns: which sections and labelled formulas only one of both has.
    mutating func takeAnchors(of original: Chapter) -> [Diagnostic] {
        let (there, here) = (original.headings, headings)
        let labels = Set(there.map(\.id))
        var problems: [Diagnostic] = []
        var next = 0
        for heading in here {
            // A label that the original has further on leaves out what stands before it.
            if labels.contains(heading.id), let place = there[next...].firstIndex(where: { $0.id == heading.id }) {
                problems += there[next..<place].map { lacks("the section", "#" + $0.id, $0.range) }
                next = place
            }
            guard next < there.count, there[next].level == heading.level else {
                problems.append(
                    .warning(
                        "not-a-translation", "this section is none of \(original.path), or stands elsewhere there",
                        at: heading.range))
                continue
            }
            let id = there[next].id
            if heading.id != id, heading.id.hasPrefix("sec-") {
                problems.append(
                    .error(
                        "not-a-translation",
                        "the section has the label '#\(id)' in the original; write that, or no label",
                        at: heading.range,
                        notes: [.init("it stands here", at: there[next].range)]))
            }
            blocks[heading.place] = .heading(
                level: heading.level, text: heading.text, id: id, range: heading.range)
            next += 1
        }
        problems += there[next...].map { lacks("the section", "#" + $0.id, $0.range) }
        let known = Set(formulas.map(\.label))
        problems += original.formulas.filter { !known.contains($0.label) }.map {
            lacks("the formula", "#" + $0.label, $0.range)
        }
        return problems
    }

    /// At the beginning of the translation, with the place in the original.
    private func lacks(_ what: String, _ name: String, _ range: SourceRange) -> Diagnostic {
        let start = Position(line: 1, column: 1)
        return .warning(
            "untranslated", "\(what) '\(name)' of the original is missing here",
            at: SourceRange(path: path, start: start, end: start), notes: [.init("it stands here", at: range)])
    }

    private struct Heading {
        var place: Int
        var level: Int
        var text: [Inline]
        var id: String
        var range: SourceRange
    }

    /// Those of the chapter's own level, which make its outline.
    private var headings: [Heading] {
        blocks.enumerated().compactMap { place, block in
            guard case .heading(let level, let text, let id, let range) = block else { return nil }
            return Heading(place: place, level: level, text: text, id: id, range: range)
        }
    }

    private var formulas: [(label: String, range: SourceRange)] {
        blocks.compactMap { block in
            guard case .math(let math, let label?) = block else { return nil }
            return (label, math.range)
        }
    }
}
