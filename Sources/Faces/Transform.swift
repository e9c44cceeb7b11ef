import Imaging

/// From a face to a network's input: 218×218, scaled to [0, 1], normalised with ImageNet's mean and deviation.
///
/// Tests use this alone; training adds `Augmentation`.
package enum FaceTransform {
    package static let size = 218
    /// Floats of one input: 218 × 218 × 3, NHWC.
    package static let count = size * size * 3

    package static let mean: [Float] = [0.485, 0.456, 0.406]
    package static let deviation: [Float] = [0.229, 0.224, 0.225]

    /// Writes the network's input for one face. O(pixels).
    ///
    /// - Parameter output: 218 × 218 × 3 floats, rows from the top, RGB interleaved.
    package static func write(_ face: Image, to output: UnsafeMutableBufferPointer<Float>) {
        precondition(output.count == count)
        let image = face.resized(width: size, height: size).rgb
        let scale = deviation.map { 1 / (255 * $0) }
        let shift = zip(mean, deviation).map { -$0 / $1 }
        image.pixels.withUnsafeBufferPointer { pixels in
            for pixel in 0..<(size * size) {
                for channel in 0..<3 {
                    let index = pixel * 3 + channel
                    output[index] = Float(pixels[index]) * scale[channel] + shift[channel]
                }
            }
        }
    }

    /// The network's input for one face, in memory of its own. O(pixels).
    package static func input(_ face: Image) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            write(face, to: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
            initialized = count
        }
    }

    /// A network's input as numbers look: −2.2 is black, 0 near mid-gray, 2.7 white, in every channel.
    package static func normalizedPicture(of input: UnsafeBufferPointer<Float>) -> Image {
        let pixels = (0..<count).map { index -> UInt8 in
            UInt8(min(max(((input[index] + 2.2) / 4.9 * 255).rounded(), 0), 255))
        }
        return Image(width: size, height: size, channels: 3, pixels: pixels)
    }

    /// The picture that a network's input shows, for people.
    package static func picture(of input: UnsafeBufferPointer<Float>) -> Image {
        let pixels = (0..<count).map { index -> UInt8 in
            let value = (input[index] * deviation[index % 3] + mean[index % 3]) * 255
            return UInt8(min(max(value.rounded(), 0), 255))
        }
        return Image(width: size, height: size, channels: 3, pixels: pixels)
    }
}
