import CZlib

extension Orientation {
    /// Walks the chunks: `eXIf`, or the text "Raw profile type exif" in which it was kept before that was defined.
    ///
    /// Source: PNG extensions 1.5.0 for `eXIf`; ImageMagick for the text. A chunk before or behind the pixels counts; of
    /// several `eXIf` the first does. Throws `damaged` where a chunk that would turn the image fails its checksum.
    init(png bytes: [UInt8], name: String) throws(ImageError) {
        // Of several texts the first counts: each may inflate to far more than it takes.
        var text: RawProfile?
        var offset = 8
        while offset + 12 <= bytes.count {
            let length = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            let type = String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self)
            guard type != "IEND", length <= bytes.count - offset - 12 else { break }
            let data = bytes[offset + 8..<offset + 8 + length]
            let isProfile = text == nil && RawProfile.isProfile(type, data)
            if type == "eXIf" || isProfile {
                guard Self.isSound(bytes[offset + 4..<offset + 12 + length]) else {
                    throw ImageError(
                        name: name, reason: .damaged,
                        problem: "PNG data is damaged (\(type): CRC error); replace the file or remove it")
                }
            }
            if type == "eXIf", let value = Self.tag(inTIFF: data) {
                self.init(value: value)
                return
            }
            if isProfile { text = RawProfile(type, data) }
            offset += 12 + length
        }
        self.init(value: text.flatMap { Self.tag(inTIFF: $0.bytes[...]) } ?? 1)
    }

    /// Whether a chunk from its type on ends with its checksum.
    private static func isSound(_ chunk: ArraySlice<UInt8>) -> Bool {
        let body = chunk.dropLast(4)
        let sum = body.withUnsafeBufferPointer { czlib_crc32($0.baseAddress, $0.count) }
        return chunk.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) } == sum
    }
}

/// A profile as text: an empty line, a name, a length, then hexadecimal digits in lines.
private struct RawProfile {
    var bytes: [UInt8] = []

    private static let keyword = Array("Raw profile type exif".utf8) + [0]
    /// More text than the first directory of any photograph.
    private static let limit = 1 << 17

    /// Whether a chunk is such a text.
    static func isProfile(_ type: String, _ data: ArraySlice<UInt8>) -> Bool {
        ["tEXt", "zTXt", "iTXt"].contains(type) && data.starts(with: keyword)
    }

    init(_ type: String, _ data: ArraySlice<UInt8>) {
        var rest = data.dropFirst(Self.keyword.count)
        var isCompressed = type == "zTXt"
        if type == "iTXt" {
            isCompressed = rest.first == 1
            rest = rest.dropFirst(2)
            for _ in 0..<2 { rest = rest.drop { $0 != 0 }.dropFirst() }  // language, translated keyword
        } else if type == "zTXt" {
            rest = rest.dropFirst()
        }
        let text = isCompressed ? Self.inflated(rest) : [UInt8](rest.prefix(Self.limit))
        var lines = 0
        var high: UInt8?
        for byte in text {
            if byte == 10 { lines += 1 }
            guard lines >= 3, let digit = Self.digit(byte) else { continue }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
    }

    private static func inflated(_ stream: ArraySlice<UInt8>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: limit) { target, count in
            count = stream.withUnsafeBufferPointer {
                czlib_inflate_start($0.baseAddress, $0.count, target.baseAddress, limit)
            }
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
