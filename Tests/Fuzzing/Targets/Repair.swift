import CZlib

/// Checksums put right, so that a changed byte reaches what stands behind them.
enum Repair {
    /// Every chunk's CRC of a PNG, as far as its lengths can be followed.
    static func png(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        var start = 8
        while start + 12 <= bytes.count {
            let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= bytes.count - start - 12 else { break }
            let sum = checksum(bytes[start + 4..<start + 8 + length])
            for index in 0..<4 {
                bytes[start + 8 + length + index] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * index))
            }
            start += 12 + length
        }
        return bytes
    }

    /// The CRCs of a zip's stored entries, in the directory and before the entries themselves.
    static func zip(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        func number(_ at: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        for start in bytes.indices.dropLast(45) where bytes[start...].starts(with: [0x50, 0x4B, 1, 2]) {
            let (local, size) = (number(start + 42, 4), number(start + 20, 4))
            guard number(start + 10, 2) == 0, local + 30 <= bytes.count else { continue }
            let data = local + 30 + number(local + 26, 2) + number(local + 28, 2)
            guard data <= bytes.count, size <= bytes.count - data else { continue }
            let sum = checksum(bytes[data..<data + size])
            for index in 0..<4 {
                let byte = UInt8(truncatingIfNeeded: sum >> (8 * index))
                bytes[start + 16 + index] = byte
                bytes[local + 14 + index] = byte
            }
        }
        return bytes
    }

    /// Every header's sum of a tar, as far as its sizes can be followed.
    static func tar(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        var start = 0
        while start + 512 <= bytes.count, bytes[start] != 0 {
            for index in 148..<156 { bytes[start + index] = 0x20 }
            var sum = bytes[start..<start + 512].reduce(0) { $0 + Int($1) }
            for index in stride(from: 153, through: 148, by: -1) {
                bytes[start + index] = 0x30 + UInt8(sum % 8)
                sum /= 8
            }
            bytes[start + 154] = 0
            let digits = bytes[start + 124..<start + 135].filter { (0x30...0x37).contains($0) }
            let size = digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }
            guard size <= bytes.count else { break }
            start += 512 + (size + 511) / 512 * 512
        }
        return bytes
    }

    /// A whole zip of stored entries.
    static func stored(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var out: [UInt8] = []
        var directory: [UInt8] = []
        for file in files {
            let common =
                little(0, 8) + little(Int(checksum(file.bytes[...])), 4) + little(file.bytes.count, 4)
                + little(file.bytes.count, 4) + little(file.name.utf8.count, 2) + little(0, 2)
            directory +=
                Array("PK\u{1}\u{2}".utf8) + little(20, 2) + little(20, 2) + common + little(0, 10)
                + little(out.count, 4) + Array(file.name.utf8)
            out += Array("PK\u{3}\u{4}".utf8) + little(20, 2) + common + Array(file.name.utf8) + file.bytes
        }
        return out + directory + Array("PK\u{5}\u{6}".utf8) + little(0, 4) + little(files.count, 2)
            + little(files.count, 2) + little(directory.count, 4) + little(out.count, 4) + little(0, 2)
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 < 8 ? value >> (8 * $0) : 0) }
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.withUnsafeBufferPointer { czlib_crc32($0.baseAddress, $0.count) }
    }
}
