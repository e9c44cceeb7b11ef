/// Recognises what CommonMark reads literally between `<` and `>`, so that nothing is marked inside it.
struct InlineHTML {
    private let bytes: [UInt8]
    /// Set once no `-->` follows, so that many unfinished comments do not cost quadratic time.
    private var commentsEnd = true

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The index after the tag, comment or autolink that starts at `start` (a `<`), or nil when there is none.
    mutating func end(from start: Int) -> Int? {
        let next = start + 1
        guard next < bytes.count else { return nil }
        switch bytes[next] {
        case UInt8(ascii: "!"): return comment(from: start)
        case UInt8(ascii: "/"): return closingTag(from: next + 1)
        default: return autolink(from: next) ?? openTag(from: next)
        }
    }

    private mutating func comment(from start: Int) -> Int? {
        guard commentsEnd, bytes[start...].starts(with: Array("<!--".utf8)) else { return nil }
        var index = start + 4
        while index + 2 < bytes.count {
            if bytes[index] == 0x2D, bytes[index + 1] == 0x2D, bytes[index + 2] == 0x3E { return index + 3 }
            index += 1
        }
        commentsEnd = false
        return nil
    }

    private func closingTag(from start: Int) -> Int? {
        guard let name = tagName(from: start) else { return nil }
        let index = skipBlanks(from: name)
        return byte(index) == UInt8(ascii: ">") ? index + 1 : nil
    }

    private func openTag(from start: Int) -> Int? {
        guard var index = tagName(from: start) else { return nil }
        while true {
            let afterBlanks = skipBlanks(from: index)
            if byte(afterBlanks) == UInt8(ascii: ">") { return afterBlanks + 1 }
            if byte(afterBlanks) == UInt8(ascii: "/") {
                return byte(afterBlanks + 1) == UInt8(ascii: ">") ? afterBlanks + 2 : nil
            }
            guard afterBlanks > index, let end = attribute(from: afterBlanks) else { return nil }
            index = end
        }
    }

    private func attribute(from start: Int) -> Int? {
        guard let first = byte(start), first.isLetter || first == UInt8(ascii: "_") || first == UInt8(ascii: ":")
        else { return nil }
        var index = start + 1
        while let next = byte(index), next.isLetter || next.isDigit || "_:.-".utf8.contains(next) { index += 1 }
        let equals = skipBlanks(from: index)
        guard byte(equals) == UInt8(ascii: "=") else { return index }
        index = skipBlanks(from: equals + 1)
        guard let quote = byte(index) else { return nil }
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            index += 1
            while let next = byte(index), next != quote { index += 1 }
            return byte(index) == quote ? index + 1 : nil
        }
        let value = index
        while let next = byte(index), next > 0x20, !"\"'=<>`".utf8.contains(next) { index += 1 }
        return index > value ? index : nil
    }

    /// `scheme:anything` or an e-mail address, up to `>`.
    private func autolink(from start: Int) -> Int? {
        var index = start
        var marked = false
        while let next = byte(index), next > 0x20, next != UInt8(ascii: "<"), index - start < 4096 {
            if next == UInt8(ascii: ">") { return marked ? index + 1 : nil }
            // A scheme has two letters at least; attributes of a tag come after a blank.
            if next == UInt8(ascii: "@") || next == UInt8(ascii: ":") && index - start >= 2 { marked = true }
            index += 1
        }
        return nil
    }

    private func tagName(from start: Int) -> Int? {
        guard let first = byte(start), first.isLetter else { return nil }
        var index = start + 1
        while let next = byte(index), next.isLetter || next.isDigit || next == UInt8(ascii: "-") { index += 1 }
        return index
    }

    private func skipBlanks(from start: Int) -> Int {
        var index = start
        while let next = byte(index), next.isBlank { index += 1 }
        return index
    }

    private func byte(_ index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }
}

extension UInt8 {
    var isLetter: Bool { (0x41...0x5A).contains(self & 0xDF) }
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLowercase: Bool { (0x61...0x7A).contains(self) }
    /// Space, tab or line break.
    var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
    /// What a backslash may escape in Markdown.
    var isPunctuation: Bool {
        (0x21...0x2F).contains(self) || (0x3A...0x40).contains(self) || (0x5B...0x60).contains(self)
            || (0x7B...0x7E).contains(self)
    }
}
