import Diagnostics

/// Single characters, numbers and commands.
extension TeXReader {
    /// The next unit, or nil for what leaves no trace (a space).
    mutating func atom() -> Formula? {
        guard let token = current else { return nil }
        position += 1
        switch token.kind {
        case .space: return nil
        case .open: return group(from: token)
        case .close:
            complain(.malformed, "the formula has a } without its {", at: token)
            return nil
        case .cell, .newRow:
            complain(.malformed, "& and \\\\ belong into an environment such as aligned", at: token)
            return nil
        case .above, .below: return nil  // a row reads these before it asks for an atom
        case .character(let character): return plain(character)
        case .command(let name): return command(name, token)
        }
    }

    mutating func group(from open: TeXToken) -> Formula {
        let body = row(until: .brace)
        if current == nil {
            complain(.malformed, "the formula has a { without its }", at: open)
        } else {
            position += 1
        }
        if case .row(let items) = body { return items.isEmpty ? body : .row(items) }
        return .row([body])
    }

    mutating func plain(_ character: Character) -> Formula {
        if character.isASCII, character.isNumber { return number(from: character) }
        switch character {
        case "+": return .symbol("+", .binary)
        case "-": return .symbol("−", .binary)
        case "*": return .symbol("∗", .binary)
        case "=", "<", ">": return .symbol(String(character), .relation)
        case ":": return .symbol(":", .relation)
        case ",", ";": return .symbol(String(character), .punctuation)
        case "(", "[": return .symbol(String(character), .opening)
        case ")", "]", "!", "?": return .symbol(String(character), .closing)
        case "~": return .space(0.25)
        case _ where character.isLetter: return letter(character)
        default: return .symbol(String(character), .ordinary)
        }
    }

    mutating func number(from first: Character) -> Formula {
        var text = String(first)
        while case .character(let character)? = current?.kind {
            if character.isASCII, character.isNumber {
                text.append(character)
                position += 1
            } else if character == ".", case .character(let digit)? = token(at: position + 1)?.kind, digit.isASCII,
                digit.isNumber
            {
                text.append(character)
                position += 1
            } else {
                break
            }
        }
        if case .alphabet(let alphabet) = font { return .number(text.map(alphabet.styled).joined()) }
        return .number(text)
    }

    func letter(_ character: Character) -> Formula {
        switch font {
        case .italic: .identifier(String(character), upright: false)
        case .upright: .identifier(String(character), upright: true)
        case .alphabet(let alphabet): .identifier(alphabet.styled(character), upright: true)
        }
    }

    mutating func command(_ name: String, _ token: TeXToken) -> Formula? {
        if let symbol = simple(name) { return symbol }
        if let (mark, under, wide) = TeXSymbols.accents[name] {
            return .accent(mark, base: argument(of: token), under: under, wide: wide)
        }
        if let height = TeXSymbols.sizes[name] {
            let (symbol, kind) = delimiter(of: token)
            return .delimiter(symbol, kind, height: height)
        }
        switch name {
        case "frac": return .fraction(argument(of: token), argument(of: token), line: true)
        case "dfrac", "tfrac":
            let fraction = Formula.fraction(argument(of: token), argument(of: token), line: true)
            return .styled(fraction, display: name == "dfrac")
        case "binom":
            let body = Formula.fraction(argument(of: token), argument(of: token), line: false)
            return .fenced(open: "(", body: body, close: ")")
        case "sqrt": return root(token)
        case "text", "textrm", "mbox", "textnormal", "textit", "textbf": return .text(words(of: token))
        case "operatorname": return operatorName(token)
        case "mathrm", "mathup": return upright(token)
        case "mathbf", "boldsymbol", "bm": return set(.alphabet(.bold), token)
        case "mathbb": return set(.alphabet(.blackboard), token)
        case "mathcal", "mathscr": return set(.alphabet(.calligraphic), token)
        case "mathfrak": return set(.alphabet(.fraktur), token)
        case "mathsf": return set(.alphabet(.sansSerif), token)
        case "mathtt": return set(.alphabet(.typewriter), token)
        case "mathit": return set(.italic, token)
        case "left": return fenced(token)
        case "middle":
            let (symbol, _) = delimiter(of: token)
            return .delimiter(symbol, .relation, height: nil)
        case "overset", "stackrel":
            let above = argument(of: token)
            return .stacked(base: argument(of: token), above: above)
        case "begin": return environment(token)
        case "right", "end":
            complain(.malformed, "\\\(name) has no \(name == "right" ? "\\left" : "\\begin") before it", at: token)
            return nil
        default: return unknown(name, token)
        }
    }

    func simple(_ name: String) -> Formula? {
        if let letter = TeXSymbols.greek[name] {
            if case .alphabet(let alphabet) = font, let character = letter.first {
                return .identifier(alphabet.styled(character), upright: true)
            }
            return .identifier(letter, upright: false)
        }
        if let letter = TeXSymbols.upright[name] {
            if case .alphabet(let alphabet) = font, let character = letter.first {
                return .identifier(alphabet.styled(character), upright: true)
            }
            return .identifier(letter, upright: true)
        }
        if let symbol = TeXSymbols.binary[name] { return .symbol(symbol, .binary) }
        if let symbol = TeXSymbols.relations[name] { return .symbol(symbol, .relation) }
        if let symbol = TeXSymbols.punctuation[name] { return .symbol(symbol, .punctuation) }
        if let symbol = TeXSymbols.dots[name] { return .symbol(symbol, .ordinary) }
        if let symbol = TeXSymbols.large[name] { return .large(symbol) }
        if let limits = TeXSymbols.functions[name] { return .named(name, limits: limits) }
        if let (symbol, kind) = TeXSymbols.delimiters[name] { return .symbol(symbol, kind) }
        if let width = TeXSymbols.spaces[name] { return .space(width) }
        return nil
    }

    mutating func unknown(_ name: String, _ token: TeXToken) -> Formula {
        let hint = nearest(to: name, among: TeXSymbols.allNames).map { "; did you mean \\\($0)?" } ?? ""
        complain(.unknownCommand, "formulas have no command \\\(name)\(hint)", at: token)
        return .failure(name.isEmpty ? "?" : name)
    }

    mutating func root(_ token: TeXToken) -> Formula {
        skipSpaces()
        var index: Formula?
        if current?.kind == .character("[") {
            position += 1
            index = row(until: .bracket)
            position += current == nil ? 0 : 1
        }
        return .root(argument(of: token), index: index)
    }

    mutating func set(_ newFont: Font, _ token: TeXToken) -> Formula {
        let old = font
        font = newFont
        defer { font = old }
        return argument(of: token)
    }
}
