/// How a camera was held: EXIF orientation 1 to 8, from a JPEG's APP1 segment or a PNG's chunks.
///
/// Source: Exif 2.3, tag 0x0112; TIFF 6.0 for the directory. A file without a readable tag is upright.
struct Orientation: Equatable {
    let value: Int

    static let upright = Orientation(value: 1)

    init(value: Int) { self.value = (1...8).contains(value) ? value : 1 }

    /// Looks into the segments before the first scan.
    init(jpeg bytes: [UInt8]) {
        var segments = JPEGSegments(bytes)
        while let segment = segments.next() {
            if segment.marker == 0xE1, let value = Self.tag(inExif: segment.body) {
                self.init(value: value)
                return
            }
        }
        self = .upright
    }

    private static let prefix: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]

    /// The tag's value behind "Exif" and two zero bytes, nil when the bytes are not EXIF or have none.
    static func tag(inExif bytes: ArraySlice<UInt8>) -> Int? {
        bytes.starts(with: prefix) ? tag(inTIFF: bytes.dropFirst(prefix.count)) : nil
    }

    /// The tag's value in the first directory of a TIFF, whatever whole number it is kept as; nil when there is none.
    static func tag(inTIFF bytes: ArraySlice<UInt8>) -> Int? {
        if bytes.starts(with: prefix) { return tag(inExif: bytes) }
        let tiff = [UInt8](bytes)
        guard tiff.count >= 8 else { return nil }
        let little = tiff[0] == 0x49 && tiff[1] == 0x49
        guard little || (tiff[0] == 0x4D && tiff[1] == 0x4D) else { return nil }
        func u16(_ at: Int) -> Int? {
            guard at >= 0, at + 2 <= tiff.count else { return nil }
            return little ? Int(tiff[at]) | Int(tiff[at + 1]) << 8 : Int(tiff[at]) << 8 | Int(tiff[at + 1])
        }
        func u32(_ at: Int) -> Int? {
            guard let low = u16(little ? at : at + 2), let high = u16(little ? at + 2 : at) else { return nil }
            return high << 16 | low
        }
        guard u16(2) == 42, let directory = u32(4), let entries = u16(directory) else { return nil }
        for entry in 0..<entries {
            let at = directory + 2 + 12 * entry
            guard let tag = u16(at), let type = u16(at + 2) else { return nil }
            guard tag == 0x0112 else { continue }
            switch type {
            case 3, 8: return u16(at + 8)  // SHORT, SSHORT
            case 4, 9: return u32(at + 8)  // LONG, SLONG
            case 6: return at + 8 < tiff.count ? Int(tiff[at + 8]) : nil  // SBYTE
            default: continue
            }
        }
        return nil
    }
}

extension Image {
    /// The image as its photographer saw it.
    func upright(from orientation: Orientation) -> Image {
        let value = orientation.value
        guard value != 1 else { return self }
        let turned = value >= 5
        let (columns, rows) = turned ? (height, width) : (width, height)
        var result = [UInt8](repeating: 0, count: pixels.count)
        for y in 0..<rows {
            for x in 0..<columns {
                let (sx, sy): (Int, Int) =
                    switch value {
                    case 2: (width - 1 - x, y)
                    case 3: (width - 1 - x, height - 1 - y)
                    case 4: (x, height - 1 - y)
                    case 5: (y, x)
                    case 6: (y, height - 1 - x)
                    case 7: (width - 1 - y, height - 1 - x)
                    default: (width - 1 - y, x)
                    }
                for c in 0..<channels {
                    result[(y * columns + x) * channels + c] = pixels[(sy * width + sx) * channels + c]
                }
            }
        }
        return Image(width: columns, height: rows, channels: channels, pixels: result)
    }
}
