// Reading a canonical value back. It has been checked against its declaration, so another form is a mistake of ours.

extension Canonical {
    var asInteger: Int {
        guard case .integer(let value) = self else { preconditionFailure("a whole number was declared, not \(self)") }
        return value
    }

    var asNumber: Double {
        guard case .number(let value) = self else { preconditionFailure("a number was declared, not \(self)") }
        return value
    }

    var asBoolean: Bool {
        guard case .boolean(let value) = self else { preconditionFailure("true or false was declared, not \(self)") }
        return value
    }

    var asText: String {
        guard case .text(let value) = self else { preconditionFailure("a text was declared, not \(self)") }
        return value
    }

    var asList: [Canonical] {
        guard case .list(let values) = self else { preconditionFailure("a list was declared, not \(self)") }
        return values
    }

    func asCase<Value: RawRepresentable<String>>(of type: Value.Type) -> Value {
        guard let value = Value(rawValue: asText) else { preconditionFailure("'\(asText)' is not among the choices") }
        return value
    }
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
