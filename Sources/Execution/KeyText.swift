import Chapters

extension Canonical {
    /// The one spelling that keys use; the type is part of it, so `"3"` and `3` differ.
    package var keyText: String {
        switch self {
        case .none: "none"
        case .integer(let value): "int \(value)"
        case .number(let value): "number \(value.bitPattern == 0x8000_0000_0000_0000 ? 0.0 : value)"
        case .boolean(let value): "bool \(value)"
        case .text(let value): "text \(value.utf8.count) \(value)"
        case .list(let values): "list \(values.count) [" + values.map(\.keyText).joined(separator: ", ") + "]"
        }
    }

    /// The value with that key text, as a manifest holds it; nil for any other text.
    package init?(keyText text: String) {
        var reader = KeyTextReader(rest: Array(text.utf8)[...])
        guard let value = reader.value(), value.keyText == text else { return nil }
        self = value
    }
}

/// Reads what `keyText` writes, and lists that lie no deeper than options have them: one in another.
private struct KeyTextReader {
    var rest: ArraySlice<UInt8>

    mutating func value(depth: Int = 0) -> Canonical? {
        switch word(before: " ") {
        case "int": return word(before: ",]").flatMap { Int($0) }.map(Canonical.integer)
        case "number": return word(before: ",]").flatMap { Double($0) }.map(Canonical.number)
        case "bool": return word(before: ",]").flatMap { Bool($0) }.map(Canonical.boolean)
        case "text": return text().map(Canonical.text)
        case "list": return list(depth: depth).map(Canonical.list)
        default: return nil
        }
    }

    private mutating func text() -> String? {
        guard let count = word(before: " ").flatMap({ Int($0) }), (0...rest.count).contains(count) else { return nil }
        defer { rest = rest.dropFirst(count) }
        return String(validating: rest.prefix(count), as: UTF8.self)
    }

    private mutating func list(depth: Int) -> [Canonical]? {
        guard depth < 2, let count = word(before: " ").flatMap({ Int($0) }) else { return nil }
        var values: [Canonical] = []
        rest = rest.dropFirst()  // the bracket
        while values.count < count {
            guard let value = value(depth: depth + 1) else { return nil }
            values.append(value)
            rest = rest.dropFirst(values.count < count ? 2 : 1)  // a comma and a blank, or the other bracket
        }
        return values
    }

    /// Up to one of `ends`, or to the end; a blank there is taken away as well.
    private mutating func word(before ends: String) -> String? {
        let word = rest.prefix { !ends.utf8.contains($0) }
        rest = rest.dropFirst(word.count + (ends == " " ? 1 : 0))
        return String(validating: word, as: UTF8.self)
    }
}
