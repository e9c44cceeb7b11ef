import Imaging

/// An image without symmetry that every program can make: ((37x² + 91y + 13xy + 50c) mod 256).
func pattern(_ width: Int, _ height: Int, _ channels: Int) -> Image {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * channels)
    for y in 0..<height {
        for x in 0..<width {
            for c in 0..<channels { pixels.append(UInt8((37 * x * x + 91 * y + 13 * x * y + 50 * c) % 256)) }
        }
    }
    return Image(width: width, height: height, channels: channels, pixels: pixels)
}

/// The bytes that a string of hexadecimal digits spells.
func hex(_ digits: String) -> [UInt8] {
    let values = digits.utf8.compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
    return stride(from: 0, to: values.count - 1, by: 2).map { values[$0] << 4 | values[$0 + 1] }
}

/// The 64-bit FNV-1a hash.
func fnv(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}

/// Why decoding fails, nil when it succeeds.
func refusal(_ bytes: [UInt8]) -> ImageError? {
    do {
        _ = try Image(decoding: bytes, name: "photos/a")
        return nil
    } catch {
        return error
    }
}

/// The checksum that ends a PNG chunk.
func crc32(_ bytes: [UInt8]) -> [UInt8] {
    var crc: UInt32 = .max
    for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1 }
    }
    return (0..<4).map { UInt8(truncatingIfNeeded: ~crc >> (24 - 8 * UInt32($0))) }
}

/// A PNG chunk with its checksum, or with a wrong one.
func chunk(_ type: String, _ data: [UInt8], isSound: Bool = true) -> [UInt8] {
    let body = Array(type.utf8) + data
    var sum = crc32(body)
    if !isSound { sum[3] ^= 1 }
    return bigEndian(data.count) + body + sum
}

/// A PNG with chunks put in behind its header, or before its end.
func inserting(_ chunks: [UInt8], in png: [UInt8], atEnd: Bool = false) -> [UInt8] {
    let at = atEnd ? png.count - 12 : 33
    return Array(png[..<at]) + chunks + png[at...]
}

func bigEndian(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

/// A JPEG with bytes put in before a marker's first occurrence.
func inserting(_ bytes: [UInt8], before marker: UInt8, in jpeg: [UInt8]) -> [UInt8] {
    guard let at = jpeg.indices.dropLast().first(where: { jpeg[$0] == 0xFF && jpeg[$0 + 1] == marker }) else {
        return []
    }
    return Array(jpeg[..<at]) + bytes + jpeg[at...]
}
