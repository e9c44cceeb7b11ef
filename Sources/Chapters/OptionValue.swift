import Diagnostics

/// A YAML value as written in a directive's body, with the place of every part.
package struct Located<Value: Sendable>: Sendable {
    package var value: Value
    package var range: SourceRange

    package init(_ value: Value, at range: SourceRange) {
        self.value = value
        self.range = range
    }
}

package indirect enum OptionValue: Sendable {
    /// `quoted` scalars are always text: `"10"` is not a number.
    case scalar(String, quoted: Bool)
    case list([Located<OptionValue>])
    case mapping([Entry])

    package struct Entry: Sendable {
        package var key: Located<String>
        package var value: Located<OptionValue>

        package init(key: Located<String>, value: Located<OptionValue>) {
            self.key = key
            self.value = value
        }
    }
}

/// A fence read as a directive: its kind and the entries of its YAML body.
package struct DirectiveBlock: Sendable {
    package var kind: Located<String>
    package var entries: [OptionValue.Entry]
    /// From the opening to the closing fence.
    package var range: SourceRange

    package init(kind: Located<String>, entries: [OptionValue.Entry], range: SourceRange) {
        self.kind = kind
        self.entries = entries
        self.range = range
    }
}

extension OptionValue {
    /// Whether both say the same, wherever they are written.
    func says(_ other: OptionValue) -> Bool {
        switch (self, other) {
        case (.scalar(let a, let isQuoted), .scalar(let b, let isOtherQuoted)):
            if a == b { return true }
            guard !isQuoted, !isOtherQuoted, let first = Double(a), let second = Double(b) else { return false }
            return first == second
        case (.list(let a), .list(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { $0.value.says($1.value) }
        case (.mapping(let a), .mapping(let b)):
            return a.count == b.count
                && zip(a, b).allSatisfy { $0.key.value == $1.key.value && $0.value.value.says($1.value.value) }
        default: return false
        }
    }
}
