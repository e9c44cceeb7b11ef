/// What a claim states: two terms and how they compare.
///
///     after.top10.accuracy > before.top10.accuracy
///     tuned.loss.last <= 0.4
package struct ClaimText: Sendable {
    package enum Relation: String, CaseIterable, Sendable {
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case equal = "="
        case unequal = "!="

        var sign: String {
            switch self {
            case .lessOrEqual: "≤"
            case .greaterOrEqual: "≥"
            case .unequal: "≠"
            case .less, .greater, .equal: rawValue
            }
        }

        package func holds(_ a: Double, _ b: Double) -> Bool {
            switch self {
            case .less: a < b
            case .lessOrEqual: a <= b
            case .greater: a > b
            case .greaterOrEqual: a >= b
            case .equal: a == b
            case .unequal: a != b
            }
        }
    }

    package enum Term: Sendable, Hashable {
        case number(Double)
        case value(id: String, path: String)

        var id: String? {
            if case .value(let id, _) = self { id } else { nil }
        }
    }

    package let left: Term
    package let relation: Relation
    package let right: Term

    /// nil for what is no claim: not exactly one relation, or a term that is neither a number nor `id.value`.
    package init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 3, let relation = Relation(rawValue: words[1] == "==" ? "=" : words[1]),
            let left = Self.term(words[0]), let right = Self.term(words[2]), left.id != nil || right.id != nil
        else { return nil }
        self.left = left
        self.relation = relation
        self.right = right
    }

    private static func term(_ word: String) -> Term? {
        if let number = Double(word), number.isFinite { return .number(number) }
        if word.hasSuffix("%"), let number = Double(word.dropLast()), number.isFinite { return .number(number / 100) }
        let parts = word.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        return .value(id: String(parts[0]), path: String(parts[1]))
    }

    /// The ids it names, each once.
    package var ids: [String] {
        let ids = [left.id, right.id].compactMap { $0 }
        return ids.count == 2 && ids[0] == ids[1] ? [ids[0]] : ids
    }
}
