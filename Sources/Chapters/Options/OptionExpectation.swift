import Diagnostics

/// What an option's kind accepts, in words and as a check.
extension Declaration.Kind {
    /// `a whole number from 1 to 1000`, to follow `epochs expects`.
    package var expectation: String {
        switch self {
        case .integer(let bounds):
            Self.bounded(
                "a whole number", bounds.lowerBound == .min ? nil : String(bounds.lowerBound),
                bounds.upperBound == .max ? nil : String(bounds.upperBound))
        case .number(let bounds):
            Self.bounded(
                "a number", bounds.lowerBound <= -Double.greatestFiniteMagnitude ? nil : shortest(bounds.lowerBound),
                bounds.upperBound >= Double.greatestFiniteMagnitude ? nil : shortest(bounds.upperBound))
        case .boolean: "true or false"
        case .text, .prose: "a text"
        case .choice(let choices): choices.count == 1 ? "'\(choices[0])'" : "one of " + choices.joined(separator: ", ")
        case .reference(let kinds): "the id of a directive of kind " + Self.alternatives(kinds)
        case .list(let item, let count): "a list of " + Self.counted(count) + item.plural
        case .countOrList(let item, let count):
            Self.integer(count).expectation + ", or a list of as many " + item.plural
        }
    }

    private var plural: String {
        switch self {
        case .integer, .number:
            expectation.replacing("a whole number", with: "whole numbers", maxReplacements: 1)
                .replacing("a number", with: "numbers", maxReplacements: 1)
        case .boolean: "true or false"
        case .text, .prose: "texts"
        case .choice(let choices): "items among " + choices.joined(separator: ", ")
        case .reference(let kinds): "ids of directives of kind " + Self.alternatives(kinds)
        case .list, .countOrList: "lists"
        }
    }

    private static func bounded(_ noun: String, _ low: String?, _ high: String?) -> String {
        switch (low, high) {
        case (nil, nil): noun
        case (let low?, nil): "\(noun) of at least \(low)"
        case (nil, let high?): "\(noun) of at most \(high)"
        case (let low?, let high?): "\(noun) from \(low) to \(high)"
        }
    }

    private static func counted(_ count: ClosedRange<Int>) -> String {
        if count.lowerBound == count.upperBound { return "\(count.lowerBound) " }
        if count.upperBound >= 1000 { return count.lowerBound > 1 ? "at least \(count.lowerBound) " : "" }
        return "\(count.lowerBound) to \(count.upperBound) "
    }

    static func alternatives(_ names: [String]) -> String {
        let quoted = names.map { "'\($0)'" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
        return quoted.dropLast().joined(separator: ", ") + " or " + last
    }
}

/// Reads scalars strictly: what YAML's many spellings of numbers would let through is refused.
enum Scalar {
    static func integer(_ text: String) -> Int? {
        let digits =
            text.utf8.first == UInt8(ascii: "-") || text.utf8.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy(\.isDigit) else { return nil }
        return Int(text)
    }

    /// Digits with an optional sign, point and exponent; finite.
    static func number(_ text: String) -> Double? {
        var rest = Array(text.utf8)[...]
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let whole = rest.prefix { $0.isDigit }
        rest = rest.dropFirst(whole.count)
        var digits = whole.count
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { $0.isDigit }
            digits += fraction.count
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard digits > 0 else { return nil }
        if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
            let exponent = rest.prefix { $0.isDigit }
            guard !exponent.isEmpty else { return nil }
            rest = rest.dropFirst(exponent.count)
        }
        guard rest.isEmpty, let value = Double(text), value.isFinite else { return nil }
        return value == 0 ? 0 : value
    }

    static func boolean(_ text: String) -> Bool? {
        switch text {
        case "true": true
        case "false": false
        default: nil
        }
    }

    /// YAML's ways to write nothing.
    static func isNothing(_ text: String) -> Bool { text.isEmpty || text == "~" || text == "null" }
}
