/// Words set upright: names of operators, `\text`.
extension TeXReader {
    /// `\mathrm{Sign}`: neighbouring letters become one word.
    mutating func upright(_ token: TeXToken) -> Formula {
        guard case .row(let items) = set(.upright, token) else { return .row([]) }
        var merged: [Formula] = []
        for item in items {
            if case .identifier(let letter, true) = item, case .identifier(let word, true)? = merged.last {
                merged[merged.count - 1] = .identifier(word + letter, upright: true)
            } else {
                merged.append(item)
            }
        }
        return merged.count == 1 ? merged[0] : .row(merged)
    }

    mutating func operatorName(_ token: TeXToken) -> Formula {
        var limits = false
        if current?.kind == .character("*") {
            limits = true
            position += 1
        }
        return .named(words(of: token), limits: limits)
    }

    /// The argument's characters as written, for `\text` and names.
    mutating func words(of token: TeXToken) -> String {
        skipSpaces()
        guard current?.kind == .open else {
            complain(.malformed, "\\\(name(of: token)) needs its words in { }", at: token)
            return ""
        }
        position += 1
        var text = ""
        var nesting = 1
        while let token = current {
            position += 1
            switch token.kind {
            case .open: nesting += 1
            case .close:
                nesting -= 1
                if nesting == 0 { return text }
            case .space: if text.last != " " { text += " " }
            case .character(let character): text.append(character == "~" ? "\u{A0}" : character)
            case .command(","): text += "\u{2009}"
            case .command(let name) where name.count == 1: text += name
            case .command(let name): text += TeXSymbols.upright[name] ?? unknownWord(name, token)
            case .above: text += "^"
            case .below: text += "_"
            case .cell: text += "&"
            case .newRow: text += " "
            }
        }
        complain(.malformed, "the formula has a { without its }", at: token)
        return text
    }

    mutating func unknownWord(_ name: String, _ token: TeXToken) -> String {
        complain(.unknownCommand, "text in formulas has no command \\\(name)", at: token)
        return name
    }
}
