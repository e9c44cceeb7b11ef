/// A cursor over part of a file; every step is checked against the end of that part.
struct ByteReader {
    let bytes: [UInt8]
    let end: Int
    private(set) var offset: Int

    /// `range` must lie inside `bytes`.
    init(_ bytes: [UInt8], in range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        self.bytes = bytes
        offset = range.lowerBound
        end = range.upperBound
    }

    init(_ bytes: [UInt8]) { self.init(bytes, in: 0..<bytes.count) }

    var remaining: Int { end - offset }

    /// Passes over `count` bytes and returns where they are. No copy.
    mutating func skip(_ count: Int) throws(CheckpointError) -> Range<Int> {
        guard count >= 0, count <= remaining else {
            throw .damaged("it ends at byte \(end), inside \(count) bytes that begin at byte \(offset)")
        }
        defer { offset += count }
        return offset..<offset + count
    }

    mutating func byte() throws(CheckpointError) -> UInt8 { bytes[try skip(1).lowerBound] }

    mutating func littleEndian(_ count: Int) throws(CheckpointError) -> UInt64 {
        precondition((1...8).contains(count))
        return bytes[try skip(count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func unsigned16() throws(CheckpointError) -> Int { Int(try littleEndian(2)) }

    mutating func unsigned32() throws(CheckpointError) -> Int { Int(try littleEndian(4)) }

    /// An unsigned 64-bit length or offset that fits in memory.
    mutating func length() throws(CheckpointError) -> Int {
        let start = offset
        let value = try littleEndian(8)
        guard let length = Int(exactly: value) else {
            throw .damaged("the length \(value) at byte \(start) is beyond any file")
        }
        return length
    }

    mutating func text(_ count: Int) throws(CheckpointError) -> String {
        let range = try skip(count)
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw .damaged("the text at byte \(range.lowerBound) is not UTF-8")
        }
        return text
    }

    /// Text up to a line feed, which is passed over and not returned.
    mutating func line(limit: Int) throws(CheckpointError) -> String {
        let window = bytes[offset..<min(end, offset + limit + 1)]
        guard let feed = window.firstIndex(of: 0x0A) else {
            throw .damaged("a name at byte \(offset) does not end within \(limit) bytes")
        }
        let text = try text(feed - offset)
        _ = try skip(1)
        return text
    }
}

extension Int {
    /// `self * other`, or nothing where that overflows.
    func multiplied(by other: Int) -> Int? {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? nil : product
    }

    /// `self + other`, or nothing where that overflows.
    func adding(_ other: Int) -> Int? {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? nil : sum
    }
}

extension Array where Element == Int {
    /// The product, for sizes that are all ≥ 0; nothing where one is negative or the product overflows.
    var checkedProduct: Int? {
        var product = 1
        for size in self {
            guard size >= 0, let next = product.multiplied(by: size) else { return nil }
            product = next
        }
        return product
    }
}
