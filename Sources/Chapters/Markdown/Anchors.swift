import Diagnostics

/// The heading ids of one chapter: each is used once.
struct Anchors {
    private var used: [String: SourceRange?] = [:]

    /// Takes a name that the author chose; a second use is an error that shows the first.
    mutating func reserve(_ name: String, at range: SourceRange) -> Diagnostic? {
        if let first = used[name] {
            return .error(
                "duplicate-label", "the label '\(name)' is used twice", at: range,
                notes: [Diagnostic.Note("it is first used here", at: first)])
        }
        used[name] = range
        return nil
    }

    /// A free id made from a heading's text: `loss`, then `loss-2`.
    mutating func make(from text: String) -> String {
        let slug = Name.slug(text)
        // `sec-…` is what authors choose, unique in the whole book; the others name figures, tables, claims and
        // equations.
        let base =
            if slug.isEmpty {
                "section"
            } else if slug.hasPrefix("sec-") {
                "section-" + slug.dropFirst(4)
            } else if ["fig-", "tbl-", "claim-", "eq-"].contains(where: slug.hasPrefix) {
                "section-" + slug
            } else {
                slug
            }
        var candidate = base
        var number = next[base] ?? 2
        while used[candidate] != nil {
            candidate = "\(base)-\(number)"
            number += 1
        }
        next[base] = number
        used[candidate] = .some(nil)
        return candidate
    }

    /// The number to try next for a text, so that many equal headings stay linear.
    private var next: [String: Int] = [:]
}
