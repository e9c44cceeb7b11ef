/// Goes through the HTML of a trusted book tag by tag and gives attributes other values.
///
/// It reads tags as browsers do: in double quotes, in single ones or in none; comments and the texts of scripts, styles and
/// titles are no markup. O(bytes).
struct TagRewriter {
    private let bytes: [UInt8]
    private let change: (Attribute) -> [Attribute]
    private var out: [UInt8] = []
    private var position = 0

    /// - Parameter change: of attributes that depend on the page: their names in lower case, their values escaped as they
    ///   stand.
    static func rewrite(_ markup: String, _ change: (Attribute) -> [Attribute]) -> String {
        withoutActuallyEscaping(change) { change in
            var rewriter = TagRewriter(markup, change)
            rewriter.run()
            return String(decoding: rewriter.out, as: UTF8.self)
        }
    }

    private init(_ markup: String, _ change: @escaping (Attribute) -> [Attribute]) {
        bytes = Array(markup.utf8)
        self.change = change
        out.reserveCapacity(bytes.count)
    }

    private mutating func run() {
        while let open = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
            copy(to: open)
            if bytes[open...].starts(with: "<!--".utf8) {
                copy(past: Array("-->".utf8), from: open + 4)
            } else if open + 1 < bytes.count, Self.isLetter(bytes[open + 1]) {
                tag(from: open)
            } else {
                copy(to: open + 1)
            }
        }
        copy(to: bytes.count)
    }

    private mutating func tag(from open: Int) {
        var end = open + 1
        while end < bytes.count, !Self.isBlank(bytes[end]), bytes[end] != UInt8(ascii: ">"),
            bytes[end] != UInt8(ascii: "/")
        { end += 1 }
        let name = String(decoding: bytes[(open + 1)..<end], as: UTF8.self).lowercased()
        copy(to: end)
        while position < bytes.count, bytes[position] != UInt8(ascii: ">") {
            if Self.isBlank(bytes[position]) || bytes[position] == UInt8(ascii: "/") {
                copy(to: position + 1)
            } else {
                attribute()
            }
        }
        copy(to: min(position + 1, bytes.count))
        if ["script", "style", "title", "textarea"].contains(name) { copyText(of: Array(name.utf8)) }
    }

    private mutating func attribute() {
        var end = position + 1
        while end < bytes.count, !Self.isBlank(bytes[end]), !"=>/".utf8.contains(bytes[end]) { end += 1 }
        let name = String(decoding: bytes[position..<end], as: UTF8.self).lowercased()
        var value = end
        while value < bytes.count, Self.isBlank(bytes[value]) { value += 1 }
        guard value < bytes.count, bytes[value] == UInt8(ascii: "=") else { return copy(to: end) }
        value += 1
        while value < bytes.count, Self.isBlank(bytes[value]) { value += 1 }
        guard value < bytes.count else { return copy(to: value) }
        let quote = bytes[value]
        let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        let start = isQuoted ? value + 1 : value
        let stop =
            bytes[start...].firstIndex { isQuoted ? $0 == quote : Self.isBlank($0) || $0 == UInt8(ascii: ">") }
            ?? bytes.count
        let after = isQuoted ? min(stop + 1, bytes.count) : stop
        let attribute = Attribute(name, String(decoding: bytes[start..<stop], as: UTF8.self))
        let changed = attribute.dependsOnPage ? change(attribute) : [attribute]
        guard let first = changed.first, changed != [attribute] else { return copy(to: after) }
        let mark = isQuoted ? quote : UInt8(ascii: "\"")
        out += bytes[position..<end] + [UInt8(ascii: "="), mark] + Array((first.value ?? "").utf8) + [mark]
        for other in changed.dropFirst() { out += " \(other.name)=\"\(other.value ?? "")\"".utf8 }
        position = after
    }

    private mutating func copy(to end: Int) {
        out += bytes[position..<end]
        position = end
    }

    private mutating func copy(past mark: [UInt8], from start: Int) {
        var index = start
        while index + mark.count <= bytes.count, !bytes[index...].starts(with: mark) { index += 1 }
        copy(to: min(index + mark.count, bytes.count))
    }

    /// Up to the element's end tag.
    private mutating func copyText(of name: [UInt8]) {
        var index = position
        while index + name.count + 2 <= bytes.count {
            if bytes[index] == UInt8(ascii: "<"), bytes[index + 1] == UInt8(ascii: "/"),
                bytes[(index + 2)..<(index + 2 + name.count)].map({ $0 | 0x20 }) == name
            {
                return copy(to: index)
            }
            index += 1
        }
        copy(to: bytes.count)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
