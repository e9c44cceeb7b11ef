extension String {
    /// Names from foreign files made fit for one line of a terminal: what would steer it, turn the direction of its text
    /// or begin a new line is shown as a picture or as �. O(n).
    package var printable: String {
        guard unicodeScalars.contains(where: \.steers) else { return self }
        var shown = UnicodeScalarView()
        for scalar in unicodeScalars { shown.append(scalar.steers ? scalar.picture : scalar) }
        return String(shown)
    }

    /// Fit for an error message: printable, at most 80 characters.
    package var brief: String {
        let shown = String(String.UnicodeScalarView(unicodeScalars.prefix(80))).printable
        return shown + (unicodeScalars.count > 80 ? "…" : "")
    }

    /// The same in quotes.
    var quoted: String { "'\(brief)'" }
}

extension Unicode.Scalar {
    /// Control characters, and those without a shape that change how their neighbours are shown: directions, joiners,
    /// tags.
    fileprivate var steers: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }

    /// `␛` for escape; � for what has no picture.
    fileprivate var picture: Unicode.Scalar {
        switch value {
        case 0..<0x20: Unicode.Scalar(0x2400 + value) ?? "\u{FFFD}"
        case 0x7F: "\u{2421}"
        default: "\u{FFFD}"
        }
    }
}
