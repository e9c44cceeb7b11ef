import CZlib

/// Zips for the tests, written byte by byte.
enum ZipFixture {
    struct File {
        var name: String
        var bytes: [UInt8]
        /// The deflated form; nil stores the bytes as they are.
        var deflated: [UInt8]?
        /// What the directory says instead of the truth.
        var claimedSize: Int?

        init(_ name: String, _ bytes: [UInt8], isDeflated: Bool = false, claimedSize: Int? = nil) {
            self.name = name
            self.bytes = bytes
            deflated = isDeflated ? Self.deflate(bytes) : nil
            self.claimedSize = claimedSize
        }

        /// Deflate's own form of plain blocks (RFC 1951, §3.2.4).
        private static func deflate(_ bytes: [UInt8]) -> [UInt8] {
            var out: [UInt8] = []
            var rest = bytes[...]
            repeat {
                let part = rest.prefix(0xFFFF)
                rest = rest.dropFirst(part.count)
                let (low, high) = (UInt8(part.count & 0xFF), UInt8(part.count >> 8))
                out += [rest.isEmpty ? 1 : 0, low, high, ~low, ~high] + part
            } while !rest.isEmpty
            return out
        }
    }

    static func zip(_ files: [File]) -> [UInt8] {
        var out: [UInt8] = []
        var directory: [UInt8] = []
        for file in files {
            let data = file.deflated ?? file.bytes
            let common =
                little(file.deflated == nil ? 0 : 8, 2) + little(0, 4)
                + little(Int(czlib_crc32(file.bytes, file.bytes.count)), 4)
                + little(data.count, 4) + little(file.claimedSize ?? file.bytes.count, 4)
                + little(file.name.utf8.count, 2) + little(0, 2)
            directory +=
                little(0x0201_4B50, 4) + little(20, 2) + little(20, 2) + little(0, 2) + common
                + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(out.count, 4)
                + Array(file.name.utf8)
            out += little(0x0403_4B50, 4) + little(20, 2) + little(0, 2) + common + Array(file.name.utf8) + data
        }
        let start = out.count
        return out + directory + little(0x0605_4B50, 4) + little(0, 4) + little(files.count, 2) + little(files.count, 2)
            + little(directory.count, 4) + little(start, 4) + little(0, 2)
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
