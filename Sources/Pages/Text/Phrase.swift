import Foundation

/// What the report itself says, in the language that is being written: a literal is looked up among its words, and what is
/// interpolated stands in its places.
///
///     let note: Phrase = "Over \(count) queries."     // key: "Over {0} queries."
///
/// Names that somebody else gave (people, ids, files) are no phrases: `name.verbatim`.
package struct Phrase: Sendable, Hashable, Codable, ExpressibleByStringInterpolation, CustomStringConvertible {
    package let text: String

    /// As it is, whatever the language.
    package init(verbatim text: some StringProtocol) { self.text = String(text) }

    /// The words for an English text that was kept when it was made.
    package init(key: String) { self.init(key, []) }

    fileprivate init(_ key: String, _ values: [String]) { text = Self.said(key, values) }

    package init(stringLiteral text: String) {
        Unsaid.note(text)
        self.init(text, [])
    }

    package init(stringInterpolation parts: StringInterpolation) {
        Unsaid.note(parts.key)
        self.init(parts.key, parts.values)
    }

    package var description: String { text }

    package var isEmpty: Bool { text.isEmpty }

    package static func + (first: Phrase, second: Phrase) -> Phrase { Phrase(verbatim: first.text + second.text) }

    package init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    private static func said(_ key: String, _ values: [String]) -> String {
        filled(Language.current.words(for: key) ?? key, values)
    }

    /// Puts values into the places `{0}`, `{1}`; other braces stay.
    private static func filled(_ words: String, _ values: [String]) -> String {
        guard !values.isEmpty else { return words }
        var result = ""
        var rest = words[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "}"), let place = Int(rest[rest.index(after: open)..<close]),
                values.indices.contains(place)
            else {
                result.append("{")
                rest = rest.dropFirst()
                continue
            }
            result += values[place]
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var key = ""
        fileprivate var values: [String] = []

        package init(literalCapacity: Int, interpolationCount: Int) { values.reserveCapacity(interpolationCount) }

        package mutating func appendLiteral(_ literal: String) { key += literal }

        package mutating func appendInterpolation(_ value: Phrase) { append(value.text) }
        package mutating func appendInterpolation(_ value: some StringProtocol) { append(String(value)) }
        package mutating func appendInterpolation(_ value: Int) { append(String(value)) }

        private mutating func append(_ value: String) {
            key += "{\(values.count)}"
            values.append(value)
        }
    }
}

/// A phrase that a result keeps, to be said in the language of whatever page shows it.
package struct KeptPhrase: Sendable, Codable, ExpressibleByStringInterpolation {
    private let key: String
    private let values: [String]

    package init(stringLiteral text: String) { (key, values) = (text, []) }

    package init(stringInterpolation parts: Phrase.StringInterpolation) { (key, values) = (parts.key, parts.values) }

    package var phrase: Phrase { Phrase(key, values.map(Numeral.said)) }

    /// Of a text that was kept with its numbers in it.
    package init(_ text: String) {
        var (key, values) = ("", [String]())
        for part in text.split(separator: " ", omittingEmptySubsequences: false) {
            let number = part.prefix { $0.isASCII && $0.isNumber }
            if !key.isEmpty || !values.isEmpty { key += " " }
            key += number.isEmpty ? String(part) : "{\(values.count)}" + part.dropFirst(number.count)
            if !number.isEmpty { values.append(String(number)) }
        }
        (self.key, self.values) = (key, values)
    }

    /// One without values is a text.
    package init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            (key, values) = (text, [])
            return
        }
        var container = try decoder.unkeyedContainer()
        key = try container.decode(String.self)
        values = try container.decode([String].self)
    }

    package func encode(to encoder: any Encoder) throws {
        guard !values.isEmpty else {
            var container = encoder.singleValueContainer()
            return try container.encode(key)
        }
        var container = encoder.unkeyedContainer()
        try container.encode(key)
        try container.encode(values)
    }
}

extension StringProtocol {
    /// The text as it is, whatever the language: a name that somebody gave, or what has been said already.
    package var verbatim: Phrase { Phrase(verbatim: self) }
}

extension [Phrase] {
    package func joined(separator: String = "") -> Phrase {
        Phrase(verbatim: map(\.text).joined(separator: separator))
    }
}

/// Phrases of the sources that the language lacks: for a test, which lists them.
package final class Unsaid: @unchecked Sendable {
    private let lock = NSLock()
    private var found: Set<String> = []

    /// Who listens to what is said now.
    @TaskLocal package static var listener: Unsaid?

    package init() {}

    package var keys: [String] { lock.withLock { found.sorted() } }

    fileprivate static func note(_ key: String) {
        let language = Language.current
        guard let listener, language.tag != Language.english.tag, key.contains(where: \.isLetter),
            language.words(for: key) == nil
        else { return }
        listener.lock.withLock { _ = listener.found.insert(key) }
    }
}
