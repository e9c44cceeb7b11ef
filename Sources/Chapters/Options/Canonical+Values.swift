extension Canonical {
    var text: String? { if case .text(let value) = self { value } else { nil } }
}

extension Canonical {
    /// The value as an author would write it.
    package var written: String {
        switch self {
        case .none: ""
        case .integer(let value): String(value)
        case .number(let value): shortest(value)
        case .boolean(let value): String(value)
        case .text(let value): value
        case .list(let values): "[" + values.map(\.written).joined(separator: ", ") + "]"
        }
    }
}

/// The shortest text that reads back as the same number: `1`, `0.1`, `1e-05`.
package func shortest(_ number: Double) -> String {
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
