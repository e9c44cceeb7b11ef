import Diagnostics

/// What is known of a directive's result before it is there: enough to check what the text says about it.
package struct Promise: Sendable, Hashable {
    /// nil: not known before the directive's mistakes are mended.
    package var numbering: Exhibit.Numbering?
    /// The names of its numbers; one `*` stands for what only the result knows: `share.*`. nil: not known.
    package var values: [String]?
    /// The names of its values that are text.
    package var texts: [String]

    package init(numbering: Exhibit.Numbering? = nil, values: [String]? = nil, texts: [String] = []) {
        self.numbering = numbering
        self.values = values
        self.texts = texts
    }

    /// Whether a value of this name may be among the result's.
    package func allows(_ path: String) -> Bool {
        guard let values else { return true }
        return texts.contains(path) || values.contains { Self.matches(path.utf8, $0.utf8) }
    }

    /// Whether the `*` of a pattern can be filled so that it says `path`.
    private static func matches(_ path: String.UTF8View, _ pattern: String.UTF8View) -> Bool {
        guard let star = pattern.firstIndex(of: UInt8(ascii: "*")) else { return path.elementsEqual(pattern) }
        let (head, tail) = (pattern[..<star], pattern[pattern.index(after: star)...])
        return path.count > head.count + tail.count && path.starts(with: head)
            && path.suffix(tail.count).elementsEqual(tail)
    }

    /// What is wrong with quoting `path`, in the words that a result without it is met with; nil: nothing that is known.
    package func problem(with path: String, of id: String) -> (code: String, message: String)? {
        guard let values, !allows(path) else { return nil }
        return Self.problem(with: path, of: id, names: (values + texts).sorted())
    }

    /// What to say about a value that is not among `names`.
    package static func problem(with path: String, of id: String, names: [String]) -> (code: String, message: String) {
        if names.isEmpty { return (code: "missing-value", message: "'\(id)' has no values that could be quoted") }
        let hint = suggestion(for: path, among: names)
        let known = "; it has \(names.prefix(8).joined(separator: ", "))\(names.count > 8 ? ", …" : "")"
        return (code: "unknown-value", message: "'\(id)' has no value '\(path)'\(hint.isEmpty ? known : hint)")
    }
}
