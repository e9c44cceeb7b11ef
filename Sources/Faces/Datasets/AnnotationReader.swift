import Files

/// Goes through an annotation file line by line: words between runs of spaces, or fields between commas in a `.csv`.
///
/// Tolerated: CRLF, trailing spaces, tabs, empty lines, a byte order mark, quotes around a whole field. A line that is
/// not UTF-8 is an error at its place. O(bytes), no memory per line.
struct AnnotationReader {
    let path: String
    let isCSV: Bool
    /// The current line, from 1.
    private(set) var line = 0
    private let bytes: [UInt8]
    private var offset = 0
    private var fields: [Range<Int>] = []

    init(_ path: String) throws(DatasetError) {
        self.path = path
        isCSV = path.hasSuffix(".csv")
        do {
            bytes = try Files.read(path, limit: 1 << 30)
        } catch {
            throw DatasetError(path, error.problem)
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    /// Fields of the current line.
    var count: Int { fields.count }

    /// Moves to the next line with anything on it; false at the end.
    mutating func next() throws(DatasetError) -> Bool {
        while offset < bytes.count {
            line += 1
            fields.removeAll(keepingCapacity: true)
            let start = offset
            let isASCII = isCSV ? splitAtCommas() : splitAtSpaces()
            let end = offset
            offset += 1  // the line feed
            if !isASCII, String(validating: bytes[start..<end], as: UTF8.self) == nil { throw error("is not UTF-8") }
            if !fields.isEmpty { return true }
        }
        return false
    }

    /// Both splitters stop at the line feed and say whether the line is plain ASCII.
    private mutating func splitAtSpaces() -> Bool {
        var seen: UInt8 = 0
        bytes.withUnsafeBufferPointer { bytes in
            while offset < bytes.count, bytes[offset] != 10 {
                if Self.isSpace(bytes[offset]) {
                    offset += 1
                    continue
                }
                let start = offset
                while offset < bytes.count, bytes[offset] != 10, !Self.isSpace(bytes[offset]) {
                    seen |= bytes[offset]
                    offset += 1
                }
                fields.append(start..<offset)
            }
        }
        return seen < 0x80
    }

    private mutating func splitAtCommas() -> Bool {
        var seen: UInt8 = 0
        bytes.withUnsafeBufferPointer { bytes in
            var start = offset
            func field(_ end: Int) -> Range<Int> {
                var (low, high) = (start, end)
                while low < high, Self.isSpace(bytes[low]) { low += 1 }
                while high > low, Self.isSpace(bytes[high - 1]) { high -= 1 }
                if high - low >= 2, bytes[low] == 34, bytes[high - 1] == 34 { return low + 1..<high - 1 }
                return low..<high
            }
            while offset < bytes.count, bytes[offset] != 10 {
                seen |= bytes[offset]
                if bytes[offset] == UInt8(ascii: ",") {
                    fields.append(field(offset))
                    start = offset + 1
                }
                offset += 1
            }
            let last = field(offset)
            if !fields.isEmpty || !last.isEmpty { fields.append(last) }
        }
        return seen < 0x80
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }

    /// A field of the current line as text.
    func text(_ index: Int) throws(DatasetError) -> String {
        guard let text = String(validating: bytes[fields[index]], as: UTF8.self) else { throw error("is not UTF-8") }
        return text
    }

    /// A field as a whole number: an optional sign and at most 15 digits; nil for anything else.
    func integer(_ index: Int) -> Int? {
        let range = fields[index]
        return bytes.withUnsafeBufferPointer { bytes -> Int? in
            var start = range.lowerBound
            let isNegative = start < range.upperBound && bytes[start] == UInt8(ascii: "-")
            if isNegative || (start < range.upperBound && bytes[start] == UInt8(ascii: "+")) { start += 1 }
            guard (1...15).contains(range.upperBound - start) else { return nil }
            var value = 0
            for byte in bytes[start..<range.upperBound] {
                guard byte >= 48, byte <= 57 else { return nil }
                value = value * 10 + Int(byte - 48)
            }
            return isNegative ? -value : value
        }
    }

    /// What is wrong with the current line.
    func error(_ message: String) -> DatasetError { DatasetError(path, line: max(1, line), message) }
}
