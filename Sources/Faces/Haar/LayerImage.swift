import Imaging

/// A gray image and its shrunk copies, one strip of one copy at a time in the same memory.
///
/// Shrinking is bilinear in exact fixed point: 8-bit weights, rows to 8.8 bits, then columns, rounded half up. Pixels
/// beyond the edge repeat the edge. Source: the definition of OpenCV's INTER_LINEAR_EXACT.
struct LayerImage {
    private let image: Image
    private(set) var pixels: [UInt8]
    private var above: [UInt16]
    private var below: [UInt16]

    /// - Parameter layers: with the rows of their highest strips.
    init(_ image: Image, layers: [(layer: PyramidLayer, rows: Int)]) {
        self.image = image
        let width = layers.map(\.layer.width).max() ?? 0
        pixels = [UInt8](repeating: 0, count: layers.map { $0.layer.width * $0.rows }.max() ?? 0)
        above = [UInt16](repeating: 0, count: width)
        below = [UInt16](repeating: 0, count: width)
    }

    /// Fills `pixels` with some rows of the image at the given size, without gaps. O(width · rows).
    mutating func shrink(toWidth width: Int, height: Int, rows wanted: Range<Int>) {
        if width == image.width, height == image.height {
            let part = image.pixels[wanted.lowerBound * width..<wanted.upperBound * width]
            pixels.withUnsafeMutableBufferPointer {
                _ = UnsafeMutableBufferPointer(rebasing: $0.prefix(part.count)).update(from: part)
            }
            return
        }
        let columns = Taps(from: image.width, to: width)
        let rows = Taps(from: image.height, to: height)
        var (rowAbove, rowBelow) = (-1, -1)
        let original = image
        original.pixels.withUnsafeBufferPointer { source in
            for (y, target) in zip(wanted, 0...) {
                let (first, second) = (rows.first[y], rows.second[y])
                if rowBelow == first {
                    swap(&above, &below)
                    swap(&rowAbove, &rowBelow)
                }
                if rowAbove != first {
                    Self.shrinkRow(source, first * original.width, columns, &above)
                    rowAbove = first
                }
                if rowBelow != second {
                    Self.shrinkRow(source, second * original.width, columns, &below)
                    rowBelow = second
                }
                let weight = UInt32(rows.weight[y])
                let rest = 256 - weight
                pixels.withUnsafeMutableBufferPointer { pixels in
                    above.withUnsafeBufferPointer { above in
                        below.withUnsafeBufferPointer { below in
                            let row = UnsafeMutableBufferPointer(
                                rebasing: pixels[(target * width)..<((target + 1) * width)])
                            for x in 0..<width {
                                let sum = UInt32(above[x]) &* rest &+ UInt32(below[x]) &* weight
                                row[x] = UInt8(truncatingIfNeeded: (sum &+ 32768) >> 16)
                            }
                        }
                    }
                }
            }
        }
    }

    /// A whole copy of its own, for looking at.
    func whole(_ layer: PyramidLayer) -> Image {
        var copy = LayerImage(image, layers: [(layer, layer.height)])
        copy.shrink(toWidth: layer.width, height: layer.height, rows: 0..<layer.height)
        return Image(width: layer.width, height: layer.height, channels: 1, pixels: copy.pixels)
    }

    private static func shrinkRow(
        _ source: UnsafeBufferPointer<UInt8>, _ start: Int, _ taps: Taps, _ target: inout [UInt16]
    ) {
        let row = UnsafeBufferPointer(rebasing: source[start...])
        taps.first.withUnsafeBufferPointer { first in
            taps.second.withUnsafeBufferPointer { second in
                taps.weight.withUnsafeBufferPointer { weights in
                    target.withUnsafeMutableBufferPointer { target in
                        for x in 0..<first.count {
                            let weight = weights[x]
                            target[x] = UInt16(row[first[x]]) &* (256 &- weight) &+ UInt16(row[second[x]]) &* weight
                        }
                    }
                }
            }
        }
    }

    /// Along one axis: the two source pixels of each target pixel, and the weight of the second, of 256.
    private struct Taps {
        var first: [Int]
        var second: [Int]
        var weight: [UInt16]

        init(from source: Int, to target: Int) {
            first = [Int](repeating: 0, count: target)
            second = first
            weight = [UInt16](repeating: 0, count: target)
            let scale = 1 / (Double(target) / Double(source))
            for i in 0..<target {
                let position = scale * (Double(i) + 0.5) - 0.5
                let start = Int(position.rounded(.down))
                if start < 0 { continue }
                first[i] = min(start, source - 1)
                second[i] = min(start + 1, source - 1)
                if start < source - 1 {
                    weight[i] = UInt16(((position - Double(start)) * 256).rounded(.toNearestOrEven))
                }
            }
        }
    }
}
