/// What an image is decoded for: how many channels are kept.
package enum Depth: Sendable, Hashable {
    /// Gray when the file is gray, RGB otherwise.
    case asStored
    /// Gray alone, converted row by row: a third of the memory of a colour image.
    case gray
}

/// Turns a decoder's rows into an image's: transparency is composited on white, colours become gray where that is wanted.
struct RowConversion {
    /// Of a decoder's pixels: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA.
    let sourceChannels: Int
    /// Of the image: 1 or 3.
    let channels: Int

    init(sourceChannels: Int, depth: Depth) {
        self.sourceChannels = sourceChannels
        channels = depth == .gray || sourceChannels < 3 ? 1 : 3
    }

    /// Whether rows are the image's as they come.
    var isIdentity: Bool { sourceChannels == channels }

    /// Converts `count` pixels; `target` may be `source`, since it never overtakes it.
    func convert(_ source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>, count: Int) {
        switch (sourceChannels, channels) {
        case (2, 1):
            for i in 0..<count { target[i] = Self.onWhite(source[2 * i], source[2 * i + 1]) }
        case (4, 3):
            for i in 0..<count {
                let alpha = source[4 * i + 3]
                let (red, green, blue) = (source[4 * i], source[4 * i + 1], source[4 * i + 2])
                target[3 * i] = Self.onWhite(red, alpha)
                target[3 * i + 1] = Self.onWhite(green, alpha)
                target[3 * i + 2] = Self.onWhite(blue, alpha)
            }
        case (3, 1):
            for i in 0..<count { target[i] = grayValue(source[3 * i], source[3 * i + 1], source[3 * i + 2]) }
        case (4, 1):
            for i in 0..<count {
                let alpha = source[4 * i + 3]
                target[i] = grayValue(
                    Self.onWhite(source[4 * i], alpha), Self.onWhite(source[4 * i + 1], alpha),
                    Self.onWhite(source[4 * i + 2], alpha))
            }
        default:
            for i in 0..<count * channels { target[i] = source[i] }
        }
    }

    /// round(c · a + 255 · (1 − a)), a in 0...1.
    @inline(__always)
    private static func onWhite(_ color: UInt8, _ alpha: UInt8) -> UInt8 {
        let sum = UInt32(color) &* UInt32(alpha) &+ 255 &* (255 &- UInt32(alpha)) &+ 127
        return UInt8(truncatingIfNeeded: sum / 255)
    }
}

/// (9798 R + 19235 G + 3735 B + 2¹⁴) >> 15, OpenCV's integer weights.
@inline(__always)
func grayValue(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    let sum = 9798 &* UInt32(red) &+ 19235 &* UInt32(green) &+ 3735 &* UInt32(blue)
    return UInt8(truncatingIfNeeded: (sum &+ 16384) >> 15)
}
