/// Reads the subset of TeX's math mode that the report uses into a `Formula`.
///
/// It never stops at a problem: what it cannot read becomes a marked word in the formula and a `Problem` with its place.
/// One pass over the tokens; nesting is limited, so that a hostile chapter cannot exhaust the stack.
struct TeXReader {
    struct Problem: Sendable, Hashable {
        enum Code: String, Sendable { case unknownCommand = "unknown-math-command", malformed = "malformed-math" }

        var code: Code
        var message: String
        /// UTF-8 bytes from the formula's start.
        var offset: Int
        var length: Int
    }

    private enum Font { case italic, upright, alphabet(MathAlphabet) }
    /// What ends the row being read.
    private enum End { case formula, brace, bracket, right, environment }

    private let tokens: [TeXToken]
    private let length: Int
    private var position = 0
    private var depth = 0
    private var font = Font.italic
    private(set) var problems: [Problem] = []

    private static let deepest = 64

    private init(_ tex: String) {
        tokens = TeXToken.all(in: tex)
        length = tex.utf8.count
    }

    static func read(_ tex: String) -> (formula: Formula, problems: [Problem]) {
        var reader = TeXReader(tex)
        let formula = reader.row(until: .formula)
        return (formula, reader.problems)
    }

    // MARK: Rows

    private mutating func row(until end: End) -> Formula {
        var items: [Formula] = []
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            complain(.malformed, "the formula is nested too deeply")
            position = tokens.count
            return .failure("…")
        }
        while let token = current, !ends(token, end) {
            switch token.kind {
            case .above, .below: items.append(scripts(on: items.popLast() ?? .row([])))
            case .character("'"): items.append(scripts(on: items.popLast() ?? .row([])))
            case .command("limits"), .command("nolimits"): position += 1
            case .command("displaystyle"), .command("textstyle"):
                position += 1
                let rest = row(until: end)
                items.append(.styled(rest, display: token.kind == .command("displaystyle")))
            default: if let item = atom() { items.append(item) }
            }
        }
        return items.count == 1 ? items[0] : .row(items)
    }

    private func ends(_ token: TeXToken, _ end: End) -> Bool {
        switch (end, token.kind) {
        case (.brace, .close), (.bracket, .character("]")), (.right, .command("right")): true
        case (.environment, .cell), (.environment, .newRow), (.environment, .command("end")): true
        default: false
        }
    }

    private mutating func scripts(on base: Formula) -> Formula {
        var base = base
        var below: Formula?
        var above: Formula?
        if case .scripts(let inner, let b, let a) = base { (base, below, above) = (inner, b, a) }
        while let token = current {
            switch token.kind {
            case .below, .above:
                position += 1
                let script = argument(of: token)
                if token.kind == .below {
                    if below != nil { complain(.malformed, "the formula has two subscripts here", at: token) }
                    below = script
                } else {
                    if case .some(let old) = above, !isPrimes(old) {
                        complain(.malformed, "the formula has two superscripts here", at: token)
                    }
                    above = above.map { isPrimes($0) ? .row([$0, script]) : script } ?? script
                }
            case .character("'"):
                var primes = ""
                while current?.kind == .character("'") {
                    primes += "′"
                    position += 1
                }
                above = above.map { .row([.symbol(primes, .ordinary), $0]) } ?? .symbol(primes, .ordinary)
            case .space where next(after: .space).map(isScript) == true: position += 1
            default: return .scripts(base: base, below: below, above: above)
            }
        }
        return .scripts(base: base, below: below, above: above)
    }

    private func isPrimes(_ formula: Formula) -> Bool {
        if case .symbol(let text, _) = formula { text.allSatisfy { $0 == "′" } } else { false }
    }

    private func isScript(_ token: TeXToken) -> Bool { token.kind == .above || token.kind == .below }

    // MARK: Atoms

    /// The next unit, or nil for what leaves no trace (a space).
    private mutating func atom() -> Formula? {
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

    private mutating func group(from open: TeXToken) -> Formula {
        let body = row(until: .brace)
        if current == nil {
            complain(.malformed, "the formula has a { without its }", at: open)
        } else {
            position += 1
        }
        if case .row(let items) = body { return items.isEmpty ? body : .row(items) }
        return .row([body])
    }

    private mutating func plain(_ character: Character) -> Formula {
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

    private mutating func number(from first: Character) -> Formula {
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

    private func letter(_ character: Character) -> Formula {
        switch font {
        case .italic: .identifier(String(character), upright: false)
        case .upright: .identifier(String(character), upright: true)
        case .alphabet(let alphabet): .identifier(alphabet.styled(character), upright: true)
        }
    }

    // MARK: Commands

    private mutating func command(_ name: String, _ token: TeXToken) -> Formula? {
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

    private func simple(_ name: String) -> Formula? {
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

    private mutating func unknown(_ name: String, _ token: TeXToken) -> Formula {
        let hint = Nearest.name(to: name, in: TeXSymbols.allNames).map { "; did you mean \\\($0)?" } ?? ""
        complain(.unknownCommand, "formulas have no command \\\(name)\(hint)", at: token)
        return .failure(name.isEmpty ? "?" : name)
    }

    private mutating func root(_ token: TeXToken) -> Formula {
        skipSpaces()
        var index: Formula?
        if current?.kind == .character("[") {
            position += 1
            index = row(until: .bracket)
            position += current == nil ? 0 : 1
        }
        return .root(argument(of: token), index: index)
    }

    private mutating func set(_ newFont: Font, _ token: TeXToken) -> Formula {
        let old = font
        font = newFont
        defer { font = old }
        return argument(of: token)
    }

    /// `\mathrm{Sign}`: neighbouring letters become one word.
    private mutating func upright(_ token: TeXToken) -> Formula {
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

    private mutating func operatorName(_ token: TeXToken) -> Formula {
        var limits = false
        if current?.kind == .character("*") {
            limits = true
            position += 1
        }
        return .named(words(of: token), limits: limits)
    }

    /// The argument's characters as written, for `\text` and names.
    private mutating func words(of token: TeXToken) -> String {
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

    private mutating func unknownWord(_ name: String, _ token: TeXToken) -> String {
        complain(.unknownCommand, "text in formulas has no command \\\(name)", at: token)
        return name
    }

    // MARK: Delimiters and environments

    private mutating func fenced(_ token: TeXToken) -> Formula {
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

    private mutating func delimiter(of token: TeXToken) -> (symbol: String, kind: Formula.Class) {
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

    private static let environments: [String: (columns: Formula.Columns, open: String, close: String)] = [
        "matrix": (.centered, "", ""), "smallmatrix": (.centered, "", ""), "pmatrix": (.centered, "(", ")"),
        "bmatrix": (.centered, "[", "]"), "Bmatrix": (.centered, "{", "}"), "vmatrix": (.centered, "|", "|"),
        "Vmatrix": (.centered, "‖", "‖"), "cases": (.left, "{", ""), "aligned": (.alternating, "", ""),
        "align": (.alternating, "", ""), "align*": (.alternating, "", ""), "split": (.alternating, "", ""),
        "gathered": (.centered, "", ""),
    ]

    private mutating func environment(_ token: TeXToken) -> Formula {
        let name = words(of: token)
        let known = Self.environments[name]
        if known == nil {
            let hint = Nearest.name(to: name, in: Self.environments.keys.sorted()).map { "; did you mean \($0)?" } ?? ""
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

    // MARK: Arguments and tokens

    private mutating func argument(of token: TeXToken) -> Formula {
        skipSpaces()
        guard let next = current, next.kind != .close, next.kind != .cell, next.kind != .newRow else {
            complain(.malformed, "\(display(token)) needs an argument", at: token)
            return .row([])
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            complain(.malformed, "the formula is nested too deeply", at: token)
            position = tokens.count
            return .failure("…")
        }
        if case .character(let character) = next.kind, character.isASCII, character.isNumber {
            position += 1
            return .number(String(character))  // TeX: x^10 raises the 1 only
        }
        return atom() ?? .row([])
    }

    private var current: TeXToken? { token(at: position) }

    private func token(at index: Int) -> TeXToken? { index < tokens.count ? tokens[index] : nil }

    private func next(after kind: TeXToken.Kind) -> TeXToken? {
        var index = position
        while let token = token(at: index), token.kind == kind { index += 1 }
        return token(at: index)
    }

    private mutating func skipSpaces() {
        while current?.kind == .space { position += 1 }
    }

    private func name(of token: TeXToken) -> String {
        if case .command(let name) = token.kind { name } else { "" }
    }

    private func display(_ token: TeXToken) -> String {
        switch token.kind {
        case .command(let name): "\\" + name
        case .above: "^"
        default: "_"
        }
    }

    private mutating func complain(_ code: Problem.Code, _ message: String, at token: TeXToken? = nil) {
        let offset = token?.offset ?? current?.offset ?? length
        problems.append(Problem(code: code, message: message, offset: offset, length: token?.length ?? 1))
    }
}
