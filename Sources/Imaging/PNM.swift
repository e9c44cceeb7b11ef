/// Reads the gray and colour formats of Netpbm: P2 and P3 (text), P5 and P6 (binary, 8 or 16 bits).
///
/// Samples are scaled from 0...maxval to 0...255 with rounding. Bytes after the first image are ignored.
struct PNMReader {
    let bytes: [UInt8]
    let name: String
    private var offset = 0

    init(bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    mutating func image() throws(ImageError) -> Image {
        guard bytes.count > 2 else { throw damaged("the header ends early") }
        let kind = bytes[1]
        let channels = kind == UInt8(ascii: "3") || kind == UInt8(ascii: "6") ? 3 : 1
        let (width, height) = try size()
        let maximum = try number("largest value")
        guard (1...65_535).contains(maximum) else { throw damaged("the largest value \(maximum) is not 1 to 65535") }
        let count = try DecodingLimits.pixels(width: width, height: height, name: name) * channels

        let pixels =
            kind == UInt8(ascii: "2") || kind == UInt8(ascii: "3")
            ? try textSamples(count, maximum) : try binarySamples(count, maximum)
        return Image(width: width, height: height, channels: channels, pixels: pixels)
    }

    /// The first two numbers of the header.
    mutating func size() throws(ImageError) -> (width: Int, height: Int) {
        offset = 2
        return (try number("width"), try number("height"))
    }

    private mutating func binarySamples(_ count: Int, _ maximum: Int) throws(ImageError) -> [UInt8] {
        let size = maximum > 255 ? 2 : 1
        skipDelimiter(samples: count * size)
        guard bytes.count - offset >= count * size else {
            throw ImageError(
                name: name, reason: .truncated,
                problem: """
                    PNM data ends early (\(bytes.count - min(offset, bytes.count)) bytes of samples instead of \
                    \(count * size)); replace the file or remove it
                    """)
        }
        if maximum == 255 { return [UInt8](bytes[offset..<offset + count]) }
        var samples = [UInt8](repeating: 0, count: count)
        for i in 0..<count {
            let value =
                size == 1 ? Int(bytes[offset + i]) : Int(bytes[offset + 2 * i]) << 8 | Int(bytes[offset + 2 * i + 1])
            samples[i] = try scaled(value, maximum)
        }
        return samples
    }

    /// Passes the one white space between the header and binary samples. A comment right behind the largest value is part
    /// of it, up to and with the end of its line, as Netpbm reads it; one behind that white space is samples.
    private mutating func skipDelimiter(samples count: Int) {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "#") else {
            offset += 1
            return
        }
        skipComment()
        let endsWithReturn = offset < bytes.count && bytes[offset] == 0x0D
        offset += 1
        // A line may end with two characters; the second is no sample where enough of those follow.
        if endsWithReturn, offset < bytes.count, bytes[offset] == 0x0A, bytes.count - offset > count { offset += 1 }
    }

    /// Stops at the end of the line.
    private mutating func skipComment() {
        while offset < bytes.count, bytes[offset] != 0x0A, bytes[offset] != 0x0D { offset += 1 }
    }

    private mutating func textSamples(_ count: Int, _ maximum: Int) throws(ImageError) -> [UInt8] {
        // A digit each and something between them: nothing is allocated for samples that cannot be there.
        guard bytes.count - offset >= 2 * count - 1 else { throw damaged("the samples end early") }
        var samples = [UInt8](repeating: 0, count: count)
        for i in 0..<count { samples[i] = try scaled(number("sample"), maximum) }
        return samples
    }

    private func scaled(_ value: Int, _ maximum: Int) throws(ImageError) -> UInt8 {
        guard value <= maximum else { throw damaged("sample \(value) is above the largest value \(maximum)") }
        return UInt8((value * 255 + maximum / 2) / maximum)
    }

    /// The next decimal number, after white space and comments; stops behind its last digit.
    private mutating func number(_ what: String) throws(ImageError) -> Int {
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "#") {
                skipComment()
            } else if Self.isSpace(bytes[offset]) {
                offset += 1
            } else {
                break
            }
        }
        let start = offset
        var value = 0
        while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) {
            guard offset - start < 9 else { throw damaged("the \(what) has too many digits") }
            value = value * 10 + Int(bytes[offset] - 0x30)
            offset += 1
        }
        guard offset > start else {
            throw damaged(offset == bytes.count ? "the \(what) is missing at the end" : "the \(what) is not a number")
        }
        guard offset == bytes.count || Self.isSpace(bytes[offset]) || bytes[offset] == UInt8(ascii: "#") else {
            throw damaged("the \(what) is not a number")
        }
        return value
    }

    private func damaged(_ what: String) -> ImageError {
        ImageError(
            name: name, reason: .damaged, problem: "PNM data is damaged (\(what)); replace the file or remove it")
    }
}
