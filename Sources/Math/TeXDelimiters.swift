import Diagnostics

/// What encloses: `\left … \right`, environments.
extension TeXReader {
    mutating func fenced(_ token: TeXToken) -> Formula {
        let (open, _) = delimiter(of: token)
        let body = row(until: .right)
        guard let right = current else {
            complain(.malformed, "\\left has no \\right", at: token)
            return .fenced(open: open, body: body, close: "")
        }
        position += 1
        let (close, _) = delimiter(of: right)
        return .fenced(open: open, body: body, close: close)
    }

    mutating func delimiter(of token: TeXToken) -> (symbol: String, kind: Formula.Class) {
        skipSpaces()
        guard let next = current else {
            complain(.malformed, "\\\(name(of: token)) needs a delimiter", at: token)
            return ("", .ordinary)
        }
        position += 1
        switch next.kind {
        case .character("."): return ("", .ordinary)
        case .character("("), .character("["): return (next.kind == .character("(") ? "(" : "[", .opening)
        case .character(")"), .character("]"): return (next.kind == .character(")") ? ")" : "]", .closing)
        case .character("|"): return ("|", .ordinary)
        case .character("/"): return ("/", .ordinary)
        case .character("<"): return ("⟨", .opening)
        case .character(">"): return ("⟩", .closing)
        case .command(let name):
            if let found = TeXSymbols.delimiters[name] { return (found.symbol, found.kind) }
        default: break
        }
        complain(.malformed, "\\\(name(of: token)) needs a delimiter such as ( or \\lVert", at: next)
        return ("", .ordinary)
    }

    static let environments: [String: (columns: Formula.Columns, open: String, close: String)] = [
        "matrix": (.centered, "", ""), "smallmatrix": (.centered, "", ""), "pmatrix": (.centered, "(", ")"),
        "bmatrix": (.centered, "[", "]"), "Bmatrix": (.centered, "{", "}"), "vmatrix": (.centered, "|", "|"),
        "Vmatrix": (.centered, "‖", "‖"), "cases": (.left, "{", ""), "aligned": (.alternating, "", ""),
        "align": (.alternating, "", ""), "align*": (.alternating, "", ""), "split": (.alternating, "", ""),
        "gathered": (.centered, "", ""),
    ]

    mutating func environment(_ token: TeXToken) -> Formula {
        let name = words(of: token)
        let known = Self.environments[name]
        if known == nil {
            let hint = nearest(to: name, among: Self.environments.keys.sorted()).map { "; did you mean \($0)?" } ?? ""
            complain(.unknownCommand, "formulas have no environment '\(name)'\(hint)", at: token)
        }
        var rows: [[Formula]] = [[]]
        var closed = false
        reading: while true {
            rows[rows.count - 1].append(row(until: .environment))
            guard let end = current else { break }
            position += 1
            switch end.kind {
            case .cell: continue
            case .newRow: rows.append([])
            default:
                closed = true
                let closing = words(of: end)
                if closing != name {
                    complain(.malformed, "\\begin{\(name)} ends with \\end{\(closing)}", at: end)
                }
                break reading
            }
        }
        if !closed { complain(.malformed, "\\begin{\(name)} has no \\end{\(name)}", at: token) }
        if rows.count > 1, rows.last == [.row([])] { rows.removeLast() }
        let table = Formula.table(rows: rows, known?.columns ?? .centered)
        guard let known, !(known.open.isEmpty && known.close.isEmpty) else { return table }
        return .fenced(open: known.open, body: table, close: known.close)
    }
}
