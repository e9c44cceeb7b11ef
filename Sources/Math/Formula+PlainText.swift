extension Formula {
    /// In one line, as one would say it in a message: `α`, `L_t`, `1/2`.
    package var plainText: String {
        switch self {
        case .row(let items): items.map(\.plainText).joined()
        case .identifier(let text, _), .number(let text), .symbol(let text, _), .delimiter(let text, _, _),
            .large(let text),
            .named(let text, _), .text(let text), .failure(let text):
            text
        case .fenced(let open, let body, let close): open + body.plainText + close
        case .fraction(let above, let below, let line): above.plainText + (line ? "/" : " ") + below.plainText
        case .root(let body, _): "√(\(body.plainText))"
        case .scripts(let base, let below, let above):
            base.plainText + (below.map { "_" + $0.plainText } ?? "") + (above.map { "^" + $0.plainText } ?? "")
        case .accent(_, let base, _, _), .stacked(let base, _), .styled(let base, _): base.plainText
        case .space: " "
        case .table(let rows, _): rows.map { $0.map(\.plainText).joined(separator: " ") }.joined(separator: "; ")
        }
    }
}
