/// Reads the subset of TeX's math mode that the report uses into a `Formula`.
///
/// It never stops at a problem: what it cannot read becomes a marked word in the formula and a `Problem` with its
/// place. One pass over the tokens; nesting is limited, so that a hostile chapter cannot exhaust the stack.
package struct TeXReader {
    package struct Problem: Sendable, Hashable {
        package enum Code: String, Sendable {
            case unknownCommand = "unknown-math-command"
            case malformed = "malformed-math"
        }

        package let code: Code
        package let message: String
        /// UTF-8 bytes from the formula's start.
        package let offset: Int
        package let length: Int
    }

    enum Font {
        case italic, upright
        case alphabet(MathAlphabet)
    }

    /// What ends the row being read.
    enum End { case formula, brace, bracket, right, environment }

    let tokens: [TeXToken]
    let length: Int
    var position = 0
    var depth = 0
    var font = Font.italic
    var problems: [Problem] = []
    /// Set where the reader gave up: what is then missing was never looked for.
    var isTooDeep = false

    static let deepest = 64

    init(_ tex: String) {
        tokens = TeXToken.all(in: tex)
        length = tex.utf8.count
    }

    package static func read(_ tex: String) -> (formula: Formula, problems: [Problem]) {
        var reader = TeXReader(tex)
        let formula = reader.row(until: .formula)
        return (formula, reader.problems)
    }

    // MARK: Rows

    mutating func row(until end: End) -> Formula {
        var items: [Formula] = []
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            complain(.malformed, "the formula is nested too deeply: more than \(Self.deepest) levels")
            isTooDeep = true
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

    func ends(_ token: TeXToken, _ end: End) -> Bool {
        switch (end, token.kind) {
        case (.brace, .close), (.bracket, .character("]")), (.right, .command("right")): true
        case (.environment, .cell), (.environment, .newRow), (.environment, .command("end")): true
        default: false
        }
    }

    mutating func scripts(on base: Formula) -> Formula {
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
                // Beside each other, not one in the other: thousands must not nest.
                switch above {
                case nil: above = .symbol(primes, .ordinary)
                case .symbol(let old, _)? where old.first == "′": above = .symbol(old + primes, .ordinary)
                case let old?: above = .row([.symbol(primes, .ordinary)] + (old.items ?? [old]))
                }
            case .space where next(after: .space).map(isScript) == true: position += 1
            default: return .scripts(base: base, below: below, above: above)
            }
        }
        return .scripts(base: base, below: below, above: above)
    }

    func isPrimes(_ formula: Formula) -> Bool {
        if case .symbol(let text, _) = formula { text.allSatisfy { $0 == "′" } } else { false }
    }

    func isScript(_ token: TeXToken) -> Bool { token.kind == .above || token.kind == .below }

    // MARK: Arguments and tokens

    mutating func argument(of token: TeXToken) -> Formula {
        skipSpaces()
        guard let next = current, next.kind != .close, next.kind != .cell, next.kind != .newRow else {
            complain(.malformed, "\(display(token)) needs an argument", at: token)
            return .row([])
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            complain(.malformed, "the formula is nested too deeply: more than \(Self.deepest) levels", at: token)
            isTooDeep = true
            position = tokens.count
            return .failure("…")
        }
        if case .character(let character) = next.kind, character.isASCII, character.isNumber {
            position += 1
            return .number(String(character))  // TeX: x^10 raises the 1 only
        }
        return atom() ?? .row([])
    }

    var current: TeXToken? { token(at: position) }

    func token(at index: Int) -> TeXToken? { index < tokens.count ? tokens[index] : nil }

    func next(after kind: TeXToken.Kind) -> TeXToken? {
        var index = position
        while let token = token(at: index), token.kind == kind { index += 1 }
        return token(at: index)
    }

    mutating func skipSpaces() {
        while current?.kind == .space { position += 1 }
    }

    func name(of token: TeXToken) -> String {
        if case .command(let name) = token.kind { name } else { "" }
    }

    func display(_ token: TeXToken) -> String {
        switch token.kind {
        case .command(let name): "\\" + name
        case .above: "^"
        default: "_"
        }
    }

    mutating func complain(_ code: Problem.Code, _ message: String, at token: TeXToken? = nil) {
        guard !isTooDeep else { return }
        let offset = token?.offset ?? current?.offset ?? length
        problems.append(Problem(code: code, message: message, offset: offset, length: token?.length ?? 1))
    }
}
