import Crypto

/// A SHA-256 digest: the name of a blob, the identity of a file, the fingerprint of a result.
package struct Digest: Sendable, Hashable, Codable, CustomStringConvertible, Comparable {
    /// 64 lower-case hexadecimal digits.
    package let hex: String

    /// The digest of `bytes`. O(n).
    package init(of bytes: [UInt8]) {
        hex = bytes.withUnsafeBytes { buffer in
            var hash = SHA256()
            hash.update(bufferPointer: buffer)
            return hexadecimal(hash.finalize())
        }
    }

    /// Reads what `description` wrote; nil unless it is exactly 64 lower-case hexadecimal digits.
    package init?(hex: String) {
        let valid = hex.utf8.count == 64 && hex.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        guard valid else { return nil }
        self.hex = hex
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

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
