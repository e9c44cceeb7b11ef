import Imaging
import Pages

/// The simplest encoder that a browser can read: PNG with stored blocks. For tests only.
enum TinyPNG {
    static let encode: @Sendable (Image, Medium) throws -> EncodedPicture = { image, medium in
        EncodedPicture(bytes: bytes(of: image), fileExtension: "png")
    }

    static func bytes(of image: Image) -> [UInt8] {
        let row = image.width * image.channels
        var raw: [UInt8] = []
        for y in 0..<image.height { raw += [0] + image.pixels[(y * row)..<((y + 1) * row)] }
        var zlib: [UInt8] = [0x78, 0x01]
        var start = 0
        while start < raw.count {
            let end = min(start + 65535, raw.count)
            let length = UInt16(end - start)
            zlib.append(end == raw.count ? 1 : 0)
            zlib += [UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)]
            zlib += raw[start..<end]
            start = end
        }
        zlib += big(adler(raw))
        let header = big(UInt32(image.width)) + big(UInt32(image.height)) + [8, image.channels == 3 ? 2 : 0, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + chunk("IDAT", zlib)
            + chunk("IEND", [])
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        return big(UInt32(data.count)) + body + big(crc(body))
    }

    private static func big(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
    }

    private static func adler(_ bytes: [UInt8]) -> UInt32 {
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return b << 16 | a
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 255)] ^ ($0 >> 8) }
    }
}
