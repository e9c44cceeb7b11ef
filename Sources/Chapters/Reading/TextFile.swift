import Diagnostics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Reads the files of a book within limits.
enum TextFile {
    static let largest = 4 * 1024 * 1024

    /// The text of a file, or the diagnostic that says why it cannot be read.
    ///
    /// Refused: what is no regular file, more than 4 MB, bytes that are not UTF-8, NUL characters.
    /// A byte order mark at the start is dropped.
    /// - Parameter name: the path as messages should show it.
    static func read(_ path: String, displayedAs name: String) -> Result<String, Refusal> {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return refuse("unreadable-file", "\(name) cannot be read: \(reason(errno))") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return refuse("unreadable-file", "\(name) cannot be read: it is not a file")
        }
        guard let bytes = readAll(file, expecting: Int(status.st_size)) else {
            return refuse("unreadable-file", "\(name) cannot be read: \(reason(errno))")
        }
        guard bytes.count <= largest else {
            return refuse("file-too-large", "\(name) is larger than \(largest / 1024 / 1024) MB; split it")
        }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        if let offset = bytes.firstIndex(of: 0) {
            let place = LineTable(bytes).position(of: offset)
            return refuse(
                "not-text", "\(name) has a NUL character; it is not a text file",
                at: SourceRange(path: name, start: place, end: place))
        }
        guard let text = String(validating: bytes[start...], as: UTF8.self) else {
            let place = LineTable(bytes).position(of: firstInvalid(bytes))
            return refuse(
                "not-utf8", "\(name) is not UTF-8 here; save it in that encoding",
                at: SourceRange(path: name, start: place, end: place))
        }
        return .success(text)
    }

    struct Refusal: Error {
        var diagnostic: Diagnostic
    }

    static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

    private static func refuse(_ code: String, _ message: String, at range: SourceRange? = nil) -> Result<
        String, Refusal
    > {
        .failure(Refusal(diagnostic: .error(code, message, at: range)))
    }

    /// At most one byte more than the limit is read, whatever the file says about its size.
    private static func readAll(_ file: Int32, expecting size: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(max(size, 0), largest) + 1)
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while bytes.count <= largest {
            let count = buffer.withUnsafeMutableBytes { readBytes(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return bytes
    }

    private static func firstInvalid(_ bytes: [UInt8]) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
        return offset
    }
}

/// `read(2)`, whose name the type's own method hides.
private func readBytes(_ file: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(file, buffer, count)
}
