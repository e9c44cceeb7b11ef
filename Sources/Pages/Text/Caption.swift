import Markup

/// The small language of what the program itself writes into figures and tables: `code` and *emphasis*, all else plain.
enum Caption {
    static func html(_ text: String) -> HTML {
        var nodes: [HTML] = []
        var rest = Substring(text)
        while let mark = rest.firstIndex(where: { $0 == "`" || $0 == "*" }) {
            nodes.append(.text(String(rest[..<mark])))
            let inside = rest[rest.index(after: mark)...]
            guard let end = inside.firstIndex(of: rest[mark]), end > inside.startIndex else {
                nodes.append(.text(String(rest[mark])))
                rest = inside
                continue
            }
            nodes.append(.element(rest[mark] == "`" ? "code" : "em", .text(String(inside[..<end]))))
            rest = inside[inside.index(after: end)...]
        }
        return .group(nodes + [.text(String(rest))])
    }
}
