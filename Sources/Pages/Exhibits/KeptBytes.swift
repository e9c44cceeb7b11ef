/// A value that is kept as bytes, which are read back at once: what every rendering reads, JSON's decoder takes longer to read
/// than the rendering itself takes.
protocol Kept {
    func write(to out: inout [UInt8])
    /// - Throws: `KeptBytes.Damaged`.
    init(from bytes: inout KeptBytes) throws
}

/// A cursor over what `Kept.write` wrote; every step is checked against the end.
struct KeptBytes {
    private let bytes: [UInt8]
    private var offset = 0

    /// They are not what was written.
    struct Damaged: Error {}

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func byte() throws -> UInt8 { bytes[try take(1).lowerBound] }

    /// Eight bytes, the lowest first.
    mutating func word() throws -> UInt64 {
        let range = try take(8)
        return bytes.withUnsafeBytes {
            UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: range.lowerBound, as: UInt64.self))
        }
    }

    mutating func text(_ count: Int) throws -> String {
        let range = try take(count)
        return bytes.withUnsafeBufferPointer { String(decoding: $0[range], as: UTF8.self) }
    }

    /// A number of elements, none of which takes less than a byte.
    mutating func count() throws -> Int {
        guard let count = Int(exactly: try word()), count <= bytes.count - offset else { throw Damaged() }
        return count
    }

    private mutating func take(_ count: Int) throws -> Range<Int> {
        guard count <= bytes.count - offset else { throw Damaged() }
        defer { offset += count }
        return offset..<offset + count
    }
}

extension UInt64 {
    fileprivate func write(to out: inout [UInt8]) {
        withUnsafeBytes(of: littleEndian) { out.append(contentsOf: $0) }
    }
}

extension Int: Kept {
    func write(to out: inout [UInt8]) { UInt64(bitPattern: Int64(self)).write(to: &out) }
    init(from bytes: inout KeptBytes) throws { self.init(Int64(bitPattern: try bytes.word())) }
}

extension Double: Kept {
    func write(to out: inout [UInt8]) { bitPattern.write(to: &out) }
    init(from bytes: inout KeptBytes) throws { self.init(bitPattern: try bytes.word()) }
}

extension Bool: Kept {
    func write(to out: inout [UInt8]) { out.append(self ? 1 : 0) }
    init(from bytes: inout KeptBytes) throws { self = try bytes.byte() != 0 }
}

extension String: Kept {
    func write(to out: inout [UInt8]) {
        utf8.count.write(to: &out)
        out.append(contentsOf: utf8)
    }

    init(from bytes: inout KeptBytes) throws { self = try bytes.text(try bytes.count()) }
}

extension Optional: Kept where Wrapped: Kept {
    func write(to out: inout [UInt8]) {
        (self != nil).write(to: &out)
        self?.write(to: &out)
    }

    init(from bytes: inout KeptBytes) throws { self = try Bool(from: &bytes) ? try Wrapped(from: &bytes) : nil }
}

extension Array: Kept where Element: Kept {
    func write(to out: inout [UInt8]) {
        count.write(to: &out)
        for element in self { element.write(to: &out) }
    }

    init(from bytes: inout KeptBytes) throws {
        let count = try bytes.count()
        self.init()
        reserveCapacity(count)
        for _ in 0..<count { append(try Element(from: &bytes)) }
    }
}

extension Dictionary: Kept where Key == String, Value: Kept {
    func write(to out: inout [UInt8]) {
        count.write(to: &out)
        for (key, value) in sorted(by: { $0.key < $1.key }) {
            key.write(to: &out)
            value.write(to: &out)
        }
    }

    init(from bytes: inout KeptBytes) throws {
        self.init()
        for _ in 0..<(try bytes.count()) { self[try String(from: &bytes)] = try Value(from: &bytes) }
    }
}
