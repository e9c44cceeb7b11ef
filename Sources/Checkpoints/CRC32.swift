/// The checksum of zip entries: polynomial 0xEDB88320, reflected, sixteen bytes a step.
///
/// O(n), about 2 GB/s. Source: "slicing by" tables, Kounavis and Berry 2005.
enum CRC32 {
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 16 * 256)
        for i in 0..<256 {
            var value = UInt32(i)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
            tables[i] = value
        }
        for i in 256..<16 * 256 {
            let previous = tables[i - 256]
            tables[i] = previous >> 8 ^ tables[Int(previous & 0xFF)]
        }
        return tables
    }()

    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        tables.withUnsafeBufferPointer { tables in
            bytes.withUnsafeBytes { bytes in
                var crc: UInt32 = 0xFFFF_FFFF
                var i = 0
                while i + 16 <= bytes.count {
                    var low = bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self).littleEndian ^ UInt64(crc)
                    var high = bytes.loadUnaligned(fromByteOffset: i + 8, as: UInt64.self).littleEndian
                    crc = 0
                    for table in 0..<8 {
                        crc ^= tables[(15 - table) << 8 | Int(low & 0xFF)] ^ tables[(7 - table) << 8 | Int(high & 0xFF)]
                        low >>= 8
                        high >>= 8
                    }
                    i += 16
                }
                while i < bytes.count {
                    crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[i])) & 0xFF)]
                    i += 1
                }
                return ~crc
            }
        }
    }
}
