/// How prose wants a value: `.3f`, `.1%`, `,d` and their combinations, after Python's and D3's format language.
package struct ValueFormat: Sendable, Hashable {
    enum Style: Character, Sendable {
        case fixed = "f"
        case percent = "%"
        case integer = "d"
        case scientific = "e"
    }

    private var grouped = false
    private var digits: Int?
    private var style: Style

    /// nil for what the format language does not have.
    package init?(_ text: String) {
        var rest = Substring(text)
        if rest.first == "," {
            grouped = true
            rest.removeFirst()
        }
        if rest.first == "." {
            rest.removeFirst()
            let figures = rest.prefix { $0.isASCII && $0.isNumber }
            guard let value = Int(figures), value <= 12 else { return nil }
            digits = value
            rest = rest.dropFirst(figures.count)
        }
        guard rest.count == 1, let last = rest.first, let style = Style(rawValue: last) else { return nil }
        if style == .integer, digits != nil { return nil }
        self.style = style
    }

    /// The value as text, or nil when the value is text and has no such format.
    package func text(of value: Quotable) -> String? {
        let number: Double
        switch value {
        case .number(let value): number = value
        case .count(let value): number = Double(value)
        case .text: return nil
        }
        switch style {
        case .fixed: return Numeral.fixed(number, digits: digits ?? 6, grouped: grouped)
        case .integer: return Numeral.fixed(number.rounded(), digits: 0, grouped: grouped)
        case .scientific: return Numeral.scientific(number, digits: digits ?? 6)
        case .percent: return Numeral.fixed(number * 100, digits: digits ?? 0, grouped: grouped) + "%"
        }
    }

    /// Without a format the value decides.
    package static func text(of value: Quotable) -> String {
        switch value {
        case .number(let value): Numeral.brief(value)
        case .count(let value): Numeral.count(value)
        case .text(let text): text
        }
    }
}
