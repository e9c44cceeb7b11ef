import Imaging

/// A picture in the making: RGB over a gray photograph, in which translucent rectangles are laid.
package struct Painting {
    typealias Tint = SIMD3<Double>

    let width: Int
    let height: Int
    private var pixels: [Tint]

    /// A gray image at another size, its brightness between black and `white`, of 255.
    init(_ image: Image, width: Int, height: Int, white: Double = 255) {
        let gray = image.gray.resized(width: width, height: height)
        self.init(width: width, height: height, pixels: gray.pixels.map { Tint(repeating: Double($0) * white / 255) })
    }

    /// A gray image with every pixel a square of `factor` pixels.
    package init(pixelated image: Image, factor: Int) {
        let gray = image.gray
        let (width, height) = (gray.width * factor, gray.height * factor)
        self.init(
            width: width, height: height,
            pixels: (0..<width * height).map { i in
                Tint(repeating: Double(gray.pixels[i / width / factor * gray.width + i % width / factor]))
            })
    }

    private init(width: Int, height: Int, pixels: [Tint]) {
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    mutating func blend(_ x: Int, _ y: Int, _ tint: Tint, opacity: Double) {
        let i = y * width + x
        pixels[i] += (tint - pixels[i]) * opacity
    }

    /// Lays a tint over the part of a rectangle inside the picture.
    mutating func fill(_ rectangle: Rectangle, _ tint: Tint, opacity: Double) {
        for y in clamped(rectangle.y, rectangle.height, height) {
            for x in clamped(rectangle.x, rectangle.width, width) {
                blend(x, y, tint, opacity: opacity)
            }
        }
    }

    private func clamped(_ start: Int, _ length: Int, _ end: Int) -> Range<Int> {
        let first = max(0, min(end, start))
        return first..<max(first, min(end, start + length))
    }

    package var image: Image {
        Image(
            width: width, height: height, channels: 3,
            pixels: pixels.flatMap { [$0.x, $0.y, $0.z].map { UInt8(max(0, min(255, $0.rounded()))) } })
    }

    /// From dark indigo by way of teal to yellow: lightness rises all the way, so that the order survives colour blindness.
    static func ramp(_ share: Double) -> Tint {
        let stops: [Tint] = [[52, 22, 92], [52, 88, 150], [30, 142, 140], [98, 196, 100], [250, 230, 50]]
        let place = max(0, min(1, share)) * Double(stops.count - 1)
        let first = min(Int(place), stops.count - 2)
        return stops[first] + (stops[first + 1] - stops[first]) * (place - Double(first))
    }
}
