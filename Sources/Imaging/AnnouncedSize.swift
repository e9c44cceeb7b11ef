/// How many pixels a file's header announces: a guess before anything is decoded, 0 where nobody can tell.
enum AnnouncedSize {
    /// Pixels that decoding will hold at once. A progressive JPEG counts threefold: its coefficients are kept as well.
    static func pixels(of bytes: [UInt8]) -> Int {
        let size: (width: Int, height: Int, weight: Int)? =
            switch ImageFormat(of: bytes) {
            case .png: png(bytes)
            case .jpeg: jpeg(bytes)
            case .pnm: pnm(bytes)
            default: nil
            }
        guard let size else { return 0 }
        let (count, overflow) = size.width.multipliedReportingOverflow(by: size.height)
        // What is beyond the limit is refused before it costs anything.
        return overflow || count > DecodingLimits.pixels ? 0 : count * size.weight
    }

    private static func png(_ bytes: [UInt8]) -> (Int, Int, Int)? {
        guard bytes.count >= 24 else { return nil }
        func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        return (number(16), number(20), 1)
    }

    private static func pnm(_ bytes: [UInt8]) -> (Int, Int, Int)? {
        var reader = PNMReader(bytes: bytes, name: "")
        return (try? reader.size()).map { ($0.width, $0.height, 1) }
    }

    /// The first frame header: SOF0 to SOF15 but for DHT, JPG and DAC, which have numbers among them.
    private static func jpeg(_ bytes: [UInt8]) -> (Int, Int, Int)? {
        var segments = JPEGSegments(bytes)
        while let segment = segments.next() {
            guard (0xC0...0xCF).contains(segment.marker), ![0xC4, 0xC8, 0xCC].contains(segment.marker) else { continue }
            let body = Array(segment.body.prefix(5))
            guard body.count == 5 else { return nil }
            return (Int(body[3]) << 8 | Int(body[4]), Int(body[1]) << 8 | Int(body[2]), segment.marker & 3 == 2 ? 3 : 1)
        }
        return nil
    }
}

/// The segments of a JPEG up to its first scan, over fill bytes and stray bytes between them.
///
/// Every offset is checked against the file's length; a segment that would leave it ends the walk.
struct JPEGSegments: IteratorProtocol {
    private let bytes: [UInt8]
    private var offset = 2

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> (marker: UInt8, body: ArraySlice<UInt8>)? {
        while offset + 4 <= bytes.count {
            let marker = bytes[offset + 1]
            // A segment begins with 0xFF and a byte that is neither 0xFF (a fill byte) nor 0 (then both are data).
            guard bytes[offset] == 0xFF, marker != 0xFF, marker != 0 else {
                offset += 1
                continue
            }
            if marker == 0xDA || marker == 0xD9 { return nil }
            // Markers that stand alone.
            if marker == 0x01 || (0xD0...0xD8).contains(marker) {
                offset += 2
                continue
            }
            let length = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
            guard length >= 2, offset + 2 + length <= bytes.count else { return nil }
            defer { offset += 2 + length }
            return (marker, bytes[(offset + 4)..<(offset + 2 + length)])
        }
        return nil
    }
}
