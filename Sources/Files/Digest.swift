/// A SHA-256 digest: the name of a blob, the identity of a file, the fingerprint of a result.
package struct Digest: Sendable, Hashable, Codable, CustomStringConvertible, Comparable {
    /// 64 lower-case hexadecimal digits.
    package let hex: String

    /// The digest of `bytes`. O(n).
    package init(of bytes: [UInt8]) {
        hex = bytes.withUnsafeBytes { buffer in
            var hash = SHA256()
            hash.update(buffer)
            return hexadecimal(hash.finalize())
        }
    }

    /// The digest of several runs of bytes, one behind the other. O(n).
    package init(joining parts: [UInt8]...) {
        var hash = SHA256()
        for part in parts { part.withUnsafeBytes { hash.update($0) } }
        hex = hexadecimal(hash.finalize())
    }

    /// The digest of a file's bytes, which are read a piece at a time. O(n), in memory that does not grow with the file.
    package init(contentsOf path: String) throws(FileError) {
        var hash = SHA256()
        try Files.stream(path) { hash.update($0) }
        hex = hexadecimal(hash.finalize())
    }

    /// Reads what `description` wrote; nil unless it is exactly 64 lower-case hexadecimal digits.
    package init?(hex: String) {
        let valid = hex.utf8.count == 64 && hex.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        guard valid else { return nil }
        self.hex = hex
    }

    /// From the 32 bytes that `bytes` gives; nil for another number of them.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        hex = hexadecimal(bytes)
    }

    /// The digest itself, 32 bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        var high: UInt8?
        for digit in hex.utf8 {
            let value = digit < 58 ? digit - 48 : digit - 87
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let digest = Digest(hex: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is not a SHA-256 digest"))
        }
        self = digest
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }

    package var description: String { hex }

    /// The first twelve digits, for people.
    package var short: String { String(hex.prefix(12)) }

    package static func < (a: Digest, b: Digest) -> Bool { a.hex < b.hex }
}

private func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }
    return String(unsafeUninitializedCapacity: 64) { text in
        var count = 0
        for byte in bytes.prefix(32) {
            text[count] = digit(byte >> 4)
            text[count + 1] = digit(byte & 15)
            count += 2
        }
        return count
    }
}
