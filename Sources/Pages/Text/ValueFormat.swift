import Chapters

extension ValueFormat {
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
        case .percent:
            return Numeral.fixed(number * 100, digits: digits ?? 0, grouped: grouped) + Language.current.percent
        }
    }

    /// Without a format the value decides.
    package static func text(of value: Quotable) -> String {
        switch value {
        case .number(let value): Numeral.brief(value)
        case .count(let value): Numeral.count(value)
        case .text(let text): text.text
        }
    }
}
