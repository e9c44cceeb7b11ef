import Drawing

/// The report's style sheet: the palette's variables, then the rules.
enum StyleSheet {
    static var text: String {
        let rules = String(decoding: PackageResources.style_css, as: UTF8.self)
        return """
            :root {
              color-scheme: light dark;
            \(variables(.light, indent: "  "))
            }
            @media screen and (prefers-color-scheme: dark) {
              :root {
            \(variables(.dark, indent: "    "))
              }
            }

            """ + rules
    }

    private static func variables(_ palette: Palette, indent: String) -> String {
        palette.variables.map { "\(indent)--\($0.name): \($0.color.css);" }.joined(separator: "\n")
    }
}
