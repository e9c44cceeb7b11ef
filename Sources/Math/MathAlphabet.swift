/// The alphabets of math mode, as Unicode's mathematical letters: MathML Core has no other way to say them.
enum MathAlphabet: Sendable {
    case bold, blackboard, calligraphic, fraktur, sansSerif, typewriter

    /// The letter or digit in this alphabet, or the character itself where Unicode has none.
    func styled(_ character: Character) -> String {
        if let exception = exceptions[character] { return exception }
        guard let ascii = character.asciiValue else { return String(character) }
        let value: UInt32?
        switch ascii {
        case 0x41...0x5A: value = capitals + UInt32(ascii - 0x41)
        case 0x61...0x7A: value = capitals + 26 + UInt32(ascii - 0x61)
        case 0x30...0x39: value = digits.map { $0 + UInt32(ascii - 0x30) }
        default: value = nil
        }
        return value.flatMap(Unicode.Scalar.init).map { String(Character($0)) } ?? String(character)
    }

    private var capitals: UInt32 {
        switch self {
        case .bold: 0x1D400
        case .blackboard: 0x1D538
        case .calligraphic: 0x1D49C
        case .fraktur: 0x1D504
        case .sansSerif: 0x1D5A0
        case .typewriter: 0x1D670
        }
    }

    private var digits: UInt32? {
        switch self {
        case .bold: 0x1D7CE
        case .blackboard: 0x1D7D8
        case .sansSerif: 0x1D7E2
        case .typewriter: 0x1D7F6
        case .calligraphic, .fraktur: nil
        }
    }

    // Letters that Unicode had before the block of mathematical letters; their code points there are empty.
    private var exceptions: [Character: String] {
        switch self {
        case .blackboard: ["C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"]
        case .calligraphic:
            [
                "B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ", "e": "ℯ", "g": "ℊ",
                "o": "ℴ",
            ]
        case .fraktur: ["C": "ℭ", "H": "ℌ", "I": "ℑ", "R": "ℜ", "Z": "ℨ"]
        case .bold:
            [
                "α": "𝛂", "β": "𝛃", "γ": "𝛄", "δ": "𝛅", "θ": "𝛉", "λ": "𝛌", "μ": "𝛍", "σ": "𝛔", "φ": "𝛗", "ω": "𝛚",
                "Σ": "𝚺", "Λ": "𝚲", "Ω": "𝛀", "Φ": "𝚽",
            ]
        case .sansSerif, .typewriter: [:]
        }
    }
}
