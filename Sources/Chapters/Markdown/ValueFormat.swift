/// How prose wants a value: `.3f`, `.1%`, `,d` and their combinations, after Python's and D3's format language.
package struct ValueFormat: Sendable, Hashable {
    package enum Style: Character, Sendable {
        case fixed = "f"
        case percent = "%"
        case integer = "d"
        case scientific = "e"
    }

    package private(set) var grouped = false
    package private(set) var digits: Int?
    package let style: Style

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
}
