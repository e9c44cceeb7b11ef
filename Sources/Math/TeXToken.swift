/// A lexical unit of TeX's math mode and where it starts, in UTF-8 bytes from the formula's start.
struct TeXToken: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// `\frac`, `\,`: without the backslash.
        case command(String)
        case open, close
        case above, below
        case cell
        /// `\\`
        case newRow
        case space
        case character(Character)
    }

    var kind: Kind
    var offset: Int
    var length: Int

    /// All tokens of a formula; never fails, every character ends up in one token.
    static func all(in tex: String) -> [TeXToken] {
        var tokens: [TeXToken] = []
        let characters = Array(tex)
        var index = 0
        var offset = 0
        func size(_ range: Range<Int>) -> Int { characters[range].reduce(0) { $0 + $1.utf8.count } }
        while index < characters.count {
            let start = index
            let kind: Kind
            switch characters[index] {
            case "\\":
                index += 1
                if index == characters.count {
                    kind = .command("")
                } else if characters[index] == "\\" {
                    index += 1
                    kind = .newRow
                } else if isLetter(characters[index]) {
                    while index < characters.count, isLetter(characters[index]) { index += 1 }
                    kind = .command(String(characters[(start + 1)..<index]))
                } else {
                    index += 1
                    kind = .command(String(characters[index - 1]))
                }
            case let character:
                index += 1
                kind = plain(character)
            }
            let length = size(start..<index)
            tokens.append(TeXToken(kind: kind, offset: offset, length: length))
            offset += length
        }
        return tokens
    }

    private static func plain(_ character: Character) -> Kind {
        switch character {
        case "{": .open
        case "}": .close
        case "^": .above
        case "_": .below
        case "&": .cell
        case _ where character.isWhitespace: .space
        default: .character(character)
        }
    }

    private static func isLetter(_ character: Character) -> Bool { character.isASCII && character.isLetter }
}
