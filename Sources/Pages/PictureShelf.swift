import Imaging

/// What a picture is, which decides how its bytes are best compressed.
package enum Medium: Sendable { case photograph, drawing }

/// An image file's bytes, and `png` or `jpg`.
package struct EncodedPicture: Sendable {
    package var bytes: [UInt8]
    package var fileExtension: String

    package init(bytes: [UInt8], fileExtension: String) {
        self.bytes = bytes
        self.fileExtension = fileExtension
    }
}

/// The pictures of all pages, each distinct one encoded and stored once under the name of its content.
struct PictureShelf {
    private(set) var files: [Site.File] = []
    /// The first picture that could not be encoded.
    private(set) var failure: (any Error)?

    private let encode: (Image, Medium) throws -> EncodedPicture
    private var shelved: [UInt64: [(image: Image, medium: Medium, path: String)]] = [:]

    init(encode: @escaping (Image, Medium) throws -> EncodedPicture) { self.encode = encode }

    /// The address of the picture's file, relative to the pages; empty when it could not be encoded.
    mutating func path(of image: Image, _ medium: Medium) -> String {
        let key = Fingerprint.of(image.pixels, seed: UInt64(image.width) << 32 | UInt64(image.channels))
        let twins = shelved[key, default: []]
        if let known = twins.first(where: { $0.medium == medium && $0.image == image }) { return known.path }
        do {
            let encoded = try encode(image, medium)
            // Only different pictures with an equal fingerprint, or one picture in both media, need the suffix.
            let suffix = twins.isEmpty ? "" : "-\(twins.count + 1)"
            let path = "images/\(Fingerprint.text(key))\(suffix).\(encoded.fileExtension)"
            shelved[key, default: []].append((image, medium, path))
            files.append(Site.File(path: path, bytes: encoded.bytes))
            return path
        } catch {
            if failure == nil { failure = error }
            return ""
        }
    }
}

/// A short name for some bytes: 64-bit FNV-1a. It names files and guards nothing.
enum Fingerprint {
    static func of(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
        bytes.withUnsafeBufferPointer { buffer in
            for byte in buffer { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return hash
    }

    static func text(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
