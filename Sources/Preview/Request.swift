/// A request as a value: what the routing table is asked with, from a socket or from a test.
package struct Request: Sendable {
    package enum Body: Sendable {
        case whole([UInt8])
        /// More bytes than the route takes; they were not kept.
        case tooLarge
        /// No memory for it beside the bodies of others.
        case noRoom
    }

    /// `GET`; HEAD is asked as it.
    package var method: String
    /// Path and query as they were sent, not decoded.
    package var target: String
    package var headers: [(name: String, value: String)]
    package var body: Body

    /// - Parameter target: a path with its query, or a whole address, whose host then stands for the header's
    ///   (RFC 9112, §3.2.2).
    package init(
        _ method: String, _ target: String, headers: [(name: String, value: String)] = [],
        body: Body = .whole([])
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        let scheme = "http://"
        guard target.prefix(scheme.count).lowercased() == scheme else { return }
        let rest = target.dropFirst(scheme.count)
        let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = rest.dropFirst(host.count)
        self.target = (path.hasPrefix("/") ? "" : "/") + path
        self.headers = headers.filter { $0.name.lowercased() != "host" } + [("Host", String(host))]
    }

    /// The values of a header, whose name's case does not count.
    package func values(of name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name }.map(\.value)
    }

    /// The value of a header that stands there once; nil where it stands there more often or not at all.
    package func value(of name: String) -> String? {
        let values = values(of: name)
        return values.count == 1 ? values[0] : nil
    }

    /// The announced length of the body; nil where none is announced, or none that is a number.
    package var contentLength: Int? { value(of: "content-length").flatMap { Int($0) } }

    /// The path's parts, decoded one by one; none for `/`.
    ///
    /// - Returns: nil for what is no path: one that does not begin with a slash, or with an escape that is none,
    ///   bytes that are not UTF-8, a zero byte, or a slash within a part.
    package var path: [String]? {
        let path = target.prefix { $0 != "?" && $0 != "#" }
        guard path.hasPrefix("/") else { return nil }
        var parts: [String] = []
        for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let decoded = Self.decoded(part.utf8), !decoded.utf8.contains(0), !decoded.contains("/") else {
                return nil
            }
            parts.append(decoded)
        }
        return parts == [""] ? [] : parts
    }

    /// Most names in a query.
    package static let mostParameters = 128
    /// Most bytes of a target.
    package static let targetBytes = 8192

    /// Whether the target is within those bounds.
    package var isShort: Bool {
        target.utf8.count <= Self.targetBytes
            && target.utf8.drop { $0 != UInt8(ascii: "?") }.split { $0 == UInt8(ascii: "&") }.count
                <= Self.mostParameters
    }

    /// Whether who asks has what an answer of this tag says (RFC 9110, §13.1.2).
    func hasCurrent(_ tag: String) -> Bool {
        values(of: "if-none-match").contains { list in
            list.split(separator: ",").contains { given in
                let given = given.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
                return given == "*" || given == tag || given.hasPrefix("W/") && given.dropFirst(2) == tag
            }
        }
    }

    /// Names and values behind the question mark, decoded as forms are.
    ///
    /// - Returns: nil where an escape is none, text is not UTF-8, or there are too many.
    package var query: [(name: String, value: String)]? {
        guard let mark = target.firstIndex(of: "?") else { return [] }
        var found: [(name: String, value: String)] = []
        for pair in target[target.index(after: mark)...].prefix(while: { $0 != "#" }).split(separator: "&") {
            guard found.count < Self.mostParameters else { return nil }
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0].utf8, isForm: true),
                let value = Self.decoded((parts.count > 1 ? parts[1] : "").utf8, isForm: true)
            else { return nil }
            found.append((name, value))
        }
        return found
    }

    private static func decoded(_ text: Substring.UTF8View, isForm: Bool = false) -> String? {
        func digit(_ byte: UInt8) -> UInt8? {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
            default: nil
            }
        }
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            } else {
                bytes.append(isForm && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
