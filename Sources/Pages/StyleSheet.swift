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

        """ + Assets.style
    }

    private static func variables(_ palette: Palette, indent: String) -> String {
        palette.variables.map { "\(indent)--\($0.name): \($0.color.css);" }.joined(separator: "\n")
    }
}
