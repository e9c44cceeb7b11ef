import Foundation

/// Numbers as text, the same on every machine, in the language that is being written: in English a point for decimals, commas
/// between thousands; a true minus sign.
package enum Numeral {
    /// `digits` after the point; what is not a number becomes an en dash.
    package static func fixed(_ value: Double, digits: Int, grouped: Bool = false) -> String {
        guard value.isFinite else { return value.isNaN ? "–" : value < 0 ? "−∞" : "∞" }
        let text = String(format: "%.\(max(0, min(digits, 17)))f", value)
        return polished(text, grouped: grouped)
    }

    /// With its sign, also where it is a plus: `+1.25`.
    package static func signed(_ value: Double, digits: Int) -> String {
        (value < 0 ? "" : "+") + fixed(value, digits: digits)
    }

    /// `12,345`.
    package static func count(_ value: Int) -> String { polished(String(value), grouped: true) }

    /// A number that was written in English, as the language writes it; other text stays.
    static func said(_ text: String) -> String {
        let digits = text.drop { $0 == "−" || $0 == "+" }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        let isNumber =
            !digits.isEmpty && parts.count <= 2
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2C }
            }
        guard isNumber else { return text }
        let language = Language.current
        return String(
            text.map { $0 == "." ? language.decimal : $0 == "," ? language.grouping : String($0) }.joined())
    }

    /// Four significant digits without trailing zeros: how prose quotes a number that has no format.
    static func brief(_ value: Double) -> String {
        guard value.isFinite else { return fixed(value, digits: 0) }
        let size = abs(value)
        if size >= 1000 || size == 0 { return fixed(value, digits: 0, grouped: true) }
        if size < 0.0001 { return scientific(value, digits: 2) }
        let digits = 3 - Int(log10(size).rounded(.down))
        return trimmed(String(format: "%.\(digits)f", value))
    }

    /// As a plot's data table needs it: enough digits for the value, no more.
    static func data(_ value: Double) -> String {
        guard value.isFinite else { return fixed(value, digits: 0) }
        if value == value.rounded(), abs(value) < 1e15 {
            return polished(String(format: "%.0f", value), grouped: false)
        }
        return brief(value)
    }

    /// `1.2 × 10⁻⁵`
    static func scientific(_ value: Double, digits: Int) -> String {
        guard value.isFinite else { return fixed(value, digits: 0) }
        let parts = String(format: "%.\(max(0, min(digits, 17)))e", value).split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return fixed(value, digits: digits) }
        return polished(String(parts[0]), grouped: false) + " × 10" + raised(exponent)
    }

    /// A power of ten as `10⁻⁵`.
    static func power(of value: Double) -> String {
        guard value > 0, value.isFinite else { return fixed(value, digits: 0) }
        return "10" + raised(Int(log10(value).rounded()))
    }

    private static func trimmed(_ text: String) -> String {
        var text = text
        if text.contains(".") {
            while text.last == "0" { text.removeLast() }
            if text.last == "." { text.removeLast() }
        }
        return polished(text, grouped: false)
    }

    private static func polished(_ text: String, grouped: Bool) -> String {
        let language = Language.current
        let negative = text.hasPrefix("-")
        let digits = negative ? String(text.dropFirst()) : text
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        var whole = String(parts[0])
        if grouped, whole.count > 3 {
            var result = ""
            for (index, digit) in whole.enumerated() {
                if index > 0, (whole.count - index) % 3 == 0 { result += language.grouping }
                result.append(digit)
            }
            whole = result
        }
        let text = parts.count == 2 ? whole + language.decimal + parts[1] : whole
        let isZero = !digits.contains { ("1"..."9").contains($0) }
        return negative && !isZero ? "−" + text : text
    }

    private static func raised(_ value: Int) -> String {
        let figures = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        return String(value).map { $0 == "-" ? "⁻" : $0.wholeNumberValue.map { String(figures[$0]) } ?? "" }.joined()
    }
}
