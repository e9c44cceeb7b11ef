import Chapters

/// docs/directives.md: every directive with its options, from the declarations that also check them.
package func referencePage() -> String {
    let intro = """
        # Directives

        A directive is a fenced code block whose info string is a directive's name and whose body is YAML. This page is
        generated from the declarations that chapters are checked against.

        """
    let sections = allDirectives.map { directive in
        OptionReference.markdown(kind: directive.kind, summary: directive.summary, declarations: directive.options)
    }
    return ([intro] + sections).joined(separator: "\n")
}
