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

        /// Whether the relation holds for numbers as a reader takes them: what differs by the rounding of a sum is equal.
        package func holds(_ a: Double, _ b: Double) -> Bool {
            let isEqual = Self.areEqual(a, b)
            return switch self {
            case .less: a < b && !isEqual
            case .lessOrEqual: a <= b || isEqual
            case .greater: a > b && !isEqual
            case .greaterOrEqual: a >= b || isEqual
            case .equal: isEqual
            case .unequal: !isEqual
            }
        }

        /// A mean of a million values is off by some 1e-13, shares of a million things differ by 1e-12 at least. A difference
        /// of two means has the error of the means, however small it is itself. Whole numbers are counts and exact.
        static func areEqual(_ a: Double, _ b: Double) -> Bool {
            if a == b { return true }
            if a == a.rounded(), b == b.rounded() { return false }
            return abs(a - b) <= 5e-13 * max(1, abs(a), abs(b))
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
        let words = Self.words(text)
        guard words.count == 3, let relation = Relation(rawValue: words[1] == "==" ? "=" : words[1]),
            let left = Self.term(words[0]), let right = Self.term(words[2]), left.id != nil || right.id != nil
        else { return nil }
        self.left = left
        self.relation = relation
        self.right = right
    }

    /// `a.b > 10 %` is three words.
    private static func words(_ text: String) -> [String] {
        text.split(separator: " ").reduce(into: []) { words, word in
            if word == "%", let last = words.last, Double(last) != nil {
                words[words.count - 1] = last + "%"
            } else {
                words.append(String(word))
            }
        }
    }

    /// Whether it would be a claim if a value were among its terms.
    static func comparesNumbers(_ text: String) -> Bool {
        let words = words(text)
        guard words.count == 3, Relation(rawValue: words[1] == "==" ? "=" : words[1]) != nil else { return false }
        return term(words[0]) != nil && term(words[2]) != nil
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
