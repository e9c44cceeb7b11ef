/// A form with files, as browsers and curl send it (RFC 7578): read strictly, and from bytes that are all there.
package struct Multipart {
    package struct Part {
        package var name: String
        package var bytes: ArraySlice<UInt8>

        /// What a plain field says; nil where it is not UTF-8.
        var text: String? { String(validating: bytes, as: UTF8.self) }
    }

    package struct Malformed: Error, CustomStringConvertible {
        package let description: String
        init(_ what: String) { description = "the form cannot be read: \(what)" }
    }

    package static let mostParts = 64
    static let headBytes = 4096

    /// Whether a request's body is such a form.
    static func isMeant(by contentType: String?) -> Bool {
        contentType.map { kind(of: $0) == "multipart/form-data" } ?? false
    }

    private static func kind(of contentType: String) -> String {
        contentType.prefix { $0 != ";" }.trimmingBlanks.lowercased()
    }

    /// The parts in their order. O(bytes).
    package static func parts(of body: [UInt8], contentType: String) throws(Malformed) -> [Part] {
        let boundary = try boundary(of: contentType)
        let delimiter = Array("\r\n--".utf8) + boundary
        // A line break before the first delimiter is not needed.
        var rest = body[...]
        guard rest.starts(with: delimiter.dropFirst(2)) else {
            throw Malformed("it does not begin with its boundary")
        }
        rest = rest.dropFirst(delimiter.count - 2)
        var parts: [Part] = []
        while true {
            if rest.starts(with: Array("--".utf8)) { return parts }
            guard rest.starts(with: [0x0D, 0x0A]) else { throw Malformed("a boundary does not end its line") }
            guard parts.count < mostParts else { throw Malformed("it has more than \(mostParts) parts") }
            rest = rest.dropFirst(2)
            guard let end = find(delimiter, in: rest) else { throw Malformed("its last boundary is missing") }
            parts.append(try part(rest[..<end]))
            rest = rest[(end + delimiter.count)...]
        }
    }

    private static func part(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> Part {
        // Headers may be none at all, which no part of a form is.
        guard let end = find(Array("\r\n\r\n".utf8), in: bytes.prefix(headBytes)) else {
            throw Malformed("a part's headers have no end")
        }
        guard let head = String(validating: bytes[..<end], as: UTF8.self) else {
            throw Malformed("a part's headers are not UTF-8")
        }
        var name: String?
        for line in head.split(separator: "\r\n", omittingEmptySubsequences: false) {
            guard let colon = line.firstIndex(of: ":") else { throw Malformed("a part's header has no colon") }
            switch line[..<colon].lowercased() {
            case "content-disposition":
                guard name == nil else { throw Malformed("a part says twice what it is") }
                let value = String(line[line.index(after: colon)...])
                guard kind(of: value) == "form-data", let own = parameter("name", of: value) else {
                    throw Malformed("a part has no name")
                }
                name = own
            case "content-transfer-encoding": throw Malformed("a part is encoded; send its bytes as they are")
            default: break
            }
        }
        guard let name else { throw Malformed("a part has no name") }
        return Part(name: name, bytes: bytes[(end + 4)...])
    }

    /// One to seventy characters of those that RFC 2046 names.
    private static func boundary(of contentType: String) throws(Malformed) -> [UInt8] {
        guard let boundary = parameter("boundary", of: contentType) else { throw Malformed("it names no boundary") }
        let allowed = "'()+_,-./:=? "
        guard (1...70).contains(boundary.utf8.count), !boundary.hasSuffix(" "),
            boundary.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) || allowed.contains($0) })
        else { throw Malformed("its boundary is none") }
        return Array(boundary.utf8)
    }

    /// `name="value"` or `name=value` behind a header's first semicolon.
    private static func parameter(_ name: String, of header: String) -> String? {
        var rest = header[...].drop { $0 != ";" }
        while let first = rest.first, first == ";" {
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
            let key = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest.dropFirst(key.count)
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst()
            var value = ""
            if rest.first == "\"" {
                rest = rest.dropFirst()
                while let character = rest.popFirst(), character != "\"" {
                    value.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
                }
                rest = rest.drop { $0 != ";" }
            } else {
                let plain = rest.prefix { $0 != ";" }
                rest = rest.dropFirst(plain.count)
                value = plain.trimmingBlanks
            }
            if key.trimmingBlanks.lowercased() == name { return value }
        }
        return nil
    }

    /// Where `pattern` begins first. O(bytes) for a pattern whose first byte is rare.
    private static func find(_ pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        bytes.withUnsafeBufferPointer { buffer in
            guard pattern.count <= buffer.count else { return nil }
            var place = 0
            let last = buffer.count - pattern.count
            while place <= last {
                guard let next = buffer[place...last].firstIndex(of: pattern[0]) else { return nil }
                var matched = 1
                while matched < pattern.count, buffer[next + matched] == pattern[matched] { matched += 1 }
                if matched == pattern.count { return bytes.startIndex + next }
                place = next + 1
            }
            return nil
        }
    }
}

extension StringProtocol {
    fileprivate var trimmingBlanks: String {
        var text = self[...]
        while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        return String(text)
    }
}
