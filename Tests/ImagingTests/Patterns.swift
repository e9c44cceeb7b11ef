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
