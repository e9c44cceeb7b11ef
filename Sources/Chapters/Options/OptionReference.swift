/// The reference page of a directive, made from the declarations that also check its options.
package enum OptionReference {
    /// A Markdown section: heading, summary, a table of the options; those that every directive has come last.
    package static func markdown(kind: String, summary: String, declarations: Declarations) -> String {
        var lines = ["## `\(kind)`", "", summary, ""]
        lines.append("| option | expects | default | meaning |")
        lines.append("|---|---|---|---|")
        for declaration in (declarations + Options.shared).all { lines.append(row(declaration)) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ declaration: Declaration) -> String {
        var expects = declaration.kind.expectation
        if let unit = declaration.unit, !expects.contains(unit) { expects += " (\(unit))" }
        let fallback =
            switch declaration.fallback {
            case .some(let value): "`\(value.written)`"
            case nil: declaration.optional ? "none" : "required"
            }
        let cells = ["`\(declaration.name)`", expects, fallback, declaration.help]
        return "| " + cells.map(escaped).joined(separator: " | ") + " |"
    }

    private static func escaped(_ cell: String) -> String {
        cell.replacing("|", with: "\\|").replacing("\n", with: " ")
    }
}
