/// The parts of JSON that a safetensors header is made of, read strictly and in one pass.
///
/// No tree is built, so a hostile header takes no more memory than its own bytes. Source: RFC 8259.
struct JSONScanner {
    private var reader: ByteReader

    init(_ reader: ByteReader) { self.reader = reader }

    private var next: UInt8? { reader.remaining > 0 ? reader.bytes[reader.offset] : nil }

    private mutating func skipSpace() throws(CheckpointError) {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { _ = try reader.skip(1) }
    }

    /// Passes over `character` if it is the next one.
    private mutating func accept(_ character: Unicode.Scalar) throws(CheckpointError) -> Bool {
        try skipSpace()
        guard let byte = next, UInt32(byte) == character.value else { return false }
        _ = try reader.skip(1)
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(CheckpointError) {
        guard try accept(character) else { throw malformed("'\(character)' is expected") }
    }

    /// Calls `member` with each key, the scanner standing before its value. A key given twice is an error.
    mutating func object(
        _ member: (String, inout JSONScanner) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        try expect("{")
        if try accept("}") { return }
        var keys: Set<String> = []
        repeat {
            let key = try string()
            guard keys.insert(key).inserted else { throw malformed("the key \(key.quoted) stands twice") }
            try expect(":")
            try member(key, &self)
        } while try accept(",")
        try expect("}")
    }

    /// A list of whole numbers ≥ 0 with at most `limit` of them.
    mutating func wholeNumbers(limit: Int) throws(CheckpointError) -> [Int] {
        try expect("[")
        var numbers: [Int] = []
        if try accept("]") { return numbers }
        repeat {
            guard numbers.count < limit else { throw malformed("more than \(limit) numbers stand in a list") }
            numbers.append(try wholeNumber())
        } while try accept(",")
        try expect("]")
        return numbers
    }

    private mutating func wholeNumber() throws(CheckpointError) -> Int {
        try skipSpace()
        let start = reader.offset
        var value = 0
        while let byte = next, (0x30...0x39).contains(byte) {
            guard let shifted = value.multiplied(by: 10), let sum = shifted.adding(Int(byte) - 0x30) else {
                throw malformed("a number is beyond any file")
            }
            value = sum
            _ = try reader.skip(1)
        }
        let digits = reader.offset - start
        guard digits > 0, digits == 1 || reader.bytes[start] != 0x30 else {
            throw malformed("a whole number is expected")
        }
        return value
    }

    mutating func string() throws(CheckpointError) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while true {
            let byte = try reader.byte()
            switch byte {
            case 0x22:
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw malformed("a text is not UTF-8")
                }
                return string
            case 0x5C: text += String(try escaped()).utf8
            case 0..<0x20: throw malformed("a text holds a control character")
            default: text.append(byte)
            }
        }
    }

    private mutating func escaped() throws(CheckpointError) -> Unicode.Scalar {
        switch try reader.byte() {
        case 0x22: return "\""
        case 0x5C: return "\\"
        case 0x2F: return "/"
        case 0x62: return "\u{8}"
        case 0x66: return "\u{C}"
        case 0x6E: return "\n"
        case 0x72: return "\r"
        case 0x74: return "\t"
        case 0x75:
            var value = try hexadecimal()
            if (0xD800..<0xDC00).contains(value) {  // the first half of a surrogate pair
                guard try reader.byte() == 0x5C, try reader.byte() == 0x75 else { throw malformed("half a character") }
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw malformed("half a character") }
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(value) else { throw malformed("half a character") }
            return scalar
        default: throw malformed("an unknown escape")
        }
    }

    private mutating func hexadecimal() throws(CheckpointError) -> UInt32 {
        var value: UInt32 = 0
        for byte in reader.bytes[try reader.skip(4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw malformed("an unknown escape")
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    /// Only white space may follow.
    mutating func end() throws(CheckpointError) {
        try skipSpace()
        if reader.remaining > 0 { throw malformed("something follows its last brace") }
    }

    private func malformed(_ what: String) -> CheckpointError {
        .damaged("its header is not what safetensors allows at byte \(reader.offset): \(what)")
    }
}
