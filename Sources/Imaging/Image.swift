/// An 8-bit image in memory: rows from the top, pixels interleaved, one channel (gray) or three (RGB).
///
/// `pixels[(y * width + x) * channels + c]`, and `pixels.count == width * height * channels`.
package struct Image: Sendable, Hashable {
    package let width: Int
    package let height: Int
    /// 1 (gray) or 3 (RGB).
    package let channels: Int
    package var pixels: [UInt8]

    package init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0 && (channels == 1 || channels == 3))
        precondition(pixels.count == width * height * channels)
        self.width = width
        self.height = height
        self.channels = channels
        self.pixels = pixels
    }
}
