import Markup

/// The small language of what the program itself writes into figures and tables: `code` and *emphasis*, all else plain.
enum Caption {
    static func html(_ text: String) -> String {
        var out = ""
        var rest = Substring(text)
        while let mark = rest.firstIndex(where: { $0 == "`" || $0 == "*" }) {
            out += HTML.escape(String(rest[..<mark]))
            let inside = rest[rest.index(after: mark)...]
            guard let end = inside.firstIndex(of: rest[mark]), end > inside.startIndex else {
                out += HTML.escape(String(rest[mark]))
                rest = inside
                continue
            }
            let element = rest[mark] == "`" ? "code" : "em"
            out += "<\(element)>\(HTML.escape(String(inside[..<end])))</\(element)>"
            rest = inside[inside.index(after: end)...]
        }
        return out + HTML.escape(String(rest))
    }
}
