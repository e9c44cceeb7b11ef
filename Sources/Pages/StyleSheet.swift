import Assets
import Drawing

/// The report's style sheet: the palette's variables, then the rules.
enum StyleSheet {
    static var text: String {
        """
        :root {
          color-scheme: light dark;
        \(variables(.light, indent: "  "))
        }
        @media screen and (prefers-color-scheme: dark) {
          :root {
        \(variables(.dark, indent: "    "))
          }
        }

        """ + sizes + Assets.style
    }

    /// Widths of a gallery's cells, in steps of five.
    static let cells = 85...680
    /// Of a group's pictures, and of a retrieval's columns: beyond it, they fill the page.
    static let mostCounted = 12
    static let mostColumns = 10

    /// Sizes that pages choose from, as classes: a `style` of its own no element has, so that a server can forbid them.
    private static var sizes: String {
        func rules(_ name: String, _ values: some Sequence<Int>, unit: String = "") -> String {
            values.map { ".\(name)-\($0){--\(name):\($0)\(unit)}" }.joined() + "\n"
        }
        return rules("cell", stride(from: cells.lowerBound, through: cells.upperBound, by: 5), unit: "px")
            + rules("count", 1...mostCounted) + rules("columns", 1...mostColumns)
            + rules("width", 1...100, unit: "%")
    }

    private static func variables(_ palette: Palette, indent: String) -> String {
        palette.variables.map { "\(indent)--\($0.name): \($0.color.css);" }.joined(separator: "\n")
    }
}
