import Chapters
import Diagnostics
import Markup

extension PageWriter {
    /// `@fig-loss` as a link that says `Figure 3`.
    mutating func reference(_ reference: CrossReference) -> HTML {
        if let written = reference.written {
            if let meant = numbering.meant(by: reference) {
                report(
                    .warning(
                        "near-reference", "'\(written)' stays as it is written; did you mean \(meant)?",
                        at: reference.range))
            }
            return .text(written)
        }
        let name = "@\(reference.kind.rawValue)-\(reference.target)"
        switch reference.kind {
        case .claim: return exhibitReference(reference, .claim, name)
        case .figure: return exhibitReference(reference, .figure, name)
        case .table: return exhibitReference(reference, .table, name)
        case .equation:
            if let place = numbering.equations[reference.target] { return link(to: place, words.equation) }
            return unresolved(name, reference) { [numbering] in numbering.equations.keys.map { "@eq-" + $0 } }
        case .section:
            if let found = numbering.sections["sec-" + reference.target] ?? numbering.sections[reference.target] {
                return link(to: found.place, found.isChapter ? words.chapter : words.section)
            }
            return unresolved(name, reference) { [numbering] in
                numbering.sections.keys.map { $0.hasPrefix("sec-") ? "@" + $0 : "@sec-" + $0 }
            }
        }
    }

    private mutating func exhibitReference(
        _ reference: CrossReference, _ wanted: Exhibit.Numbering, _ name: String
    ) -> HTML {
        let word = wanted.word(words)
        guard let found = numbering.exhibits[reference.target] else {
            return unresolved(name, reference) { [numbering] in
                numbering.exhibits.map { "@" + $0.value.numbering.prefix + $0.key }
            }
        }
        // Without a result nobody knows yet whether it will be a figure or a table.
        guard found.numbering == wanted || !found.isKnown else {
            let right = "@" + found.numbering.prefix + reference.target
            report(
                .error(
                    "wrong-reference", "'\(reference.target)' is a \(found.numbering); write \(right)",
                    at: reference.range))
            return link(to: found.place, found.numbering.word(words))
        }
        return link(to: found.place, word)
    }

    private func link(to place: Numbering.Place, _ word: String) -> HTML {
        let text = HTML.text("\(word)\u{A0}\(place.number)")
        // A link holds no other one.
        return isInsideLink ? text : .element("a", ["class": "reference", "href": address(of: place)], text)
    }

    private mutating func unresolved(
        _ name: String, _ reference: CrossReference, candidates: () -> [String]
    ) -> HTML {
        let hint = near(name, candidates).map { "; did you mean \($0)?" } ?? ""
        report(.error("unknown-reference", "nothing in the book is called \(name)\(hint)", at: reference.range))
        return missing(name)
    }

    /// A result quoted in prose.
    mutating func value(_ reference: ValueReference) -> HTML {
        let path = reference.path.joined(separator: ".")
        if let promises { return promised(reference, path, promises) }
        guard let exhibit = exhibits[reference.id] else {
            let ids = Set(exhibits.keys).union(directives.values)
            if ids.contains(reference.id) {
                return missing(
                    reference, "missing-value", "'\(reference.id)' has no result that could be quoted; build it first")
            }
            let hint = near(reference.id, { Array(ids) }).map { "; did you mean '\($0)'?" } ?? ""
            return missing(reference, "unknown-value", "no directive has the id '\(reference.id)'\(hint)")
        }
        if exhibit.pending != nil, !exhibit.isOutdated || exhibit.values[path] == nil {
            return .element("span", ["class": "value pending", "title": words.beingComputed], "…")
        }
        if exhibit.hasFailed {
            report(
                .warning(
                    "missing-value", "'\(reference.id)' has no current result; the page shows the value as missing",
                    at: reference.range))
            return missing(reference)
        }
        guard let value = exhibit.values[path] else {
            let problem = Promise.problem(with: path, of: reference.id, names: exhibit.values.keys.sorted())
            return missing(reference, problem.code, problem.message)
        }
        let text: String
        if let name = reference.format {
            guard let format = ValueFormat(name) else {
                return missing(
                    reference, "unknown-format", "'\(name)' is not a format; use one such as .3f, .1% or ,d")
            }
            guard let formatted = format.text(of: value) else {
                return missing(reference, "unknown-format", "'\(path)' is text and takes no format '\(name)'")
            }
            text = formatted
        } else {
            text = ValueFormat.text(of: value)
        }
        let outdated =
            exhibit.isOutdated ? ["\(words.earlierResult): \(exhibit.outdated.joined(separator: "; "))."] : []
        let marks = (outdated + exhibit.marks.map { "\($0.label): \($0.explanation)" }).joined(separator: " ")
        let kind = exhibit.isOutdated ? "value outdated" : marks.isEmpty ? "value" : "value marked"
        return .element(
            "span",
            [
                "class": kind, "data-source": "\(reference.id).\(path)",
                "title": marks.isEmpty ? nil : marks,
            ], .text(text))
    }

    /// In a proof: whether the value can be there once its directive has run, and the format is one.
    private mutating func promised(
        _ reference: ValueReference, _ path: String, _ promises: [String: Promise]
    ) -> HTML {
        if let name = reference.format, ValueFormat(name) == nil {
            return missing(reference, "unknown-format", "'\(name)' is not a format; use one such as .3f, .1% or ,d")
        }
        guard isDirective(reference.id) else {
            let hint =
                near(reference.id) { [directives] in Array(Set(directives.values)) }
                .map { "; did you mean '\($0)'?" } ?? ""
            return missing(reference, "unknown-id", "no directive has the id '\(reference.id)'\(hint)")
        }
        if let problem = promises[reference.id]?.problem(with: path, of: reference.id) {
            return missing(reference, problem.code, problem.message)
        }
        if let format = reference.format, promises[reference.id]?.texts.contains(path) == true {
            return missing(reference, "unknown-format", "'\(path)' is text and takes no format '\(format)'")
        }
        return .empty
    }

    private mutating func missing(_ reference: ValueReference, _ code: String, _ message: String) -> HTML {
        report(.error(code, message, at: reference.range))
        return missing(reference)
    }

    private func isDirective(_ id: String) -> Bool {
        numbering.exhibits[id].map { $0.label == nil } ?? false
    }

    private func missing(_ reference: ValueReference) -> HTML {
        missing(([reference.id] + reference.path).joined(separator: "."))
    }
}
