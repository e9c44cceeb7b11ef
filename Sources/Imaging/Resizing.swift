extension Image {
    /// The image at another size, by antialiased bilinear interpolation: the bytes Pillow's `resize` yields.
    ///
    /// Each output pixel is the weighted mean of the source pixels under a triangle that is two source pixels wide, or
    /// two output pixels when shrinking. Weights are 22-bit fixed point. Rows come before columns, with 8 bits in
    /// between, unless the height loses more than twice the pixels that the width does: Pillow 13 introduced that
    /// exception, older releases differ there by ±1. O((height + new height) · new width · window).
    /// Source: behaviour of Pillow 13.0, compared byte for byte in the tests.
    package func resized(width newWidth: Int, height newHeight: Int) -> Image {
        precondition(newWidth > 0 && newHeight > 0)
        let columnsFirst = newHeight < height && height - newHeight > 2 * (width - newWidth)
        return columnsFirst
            ? withHeight(newHeight).withWidth(newWidth)
            : withWidth(newWidth).withHeight(newHeight)
    }

    private func withWidth(_ target: Int) -> Image {
        target == width ? self : resampledRows(ResamplingTable(from: width, to: target))
    }

    private func withHeight(_ target: Int) -> Image {
        target == height ? self : resampledColumns(ResamplingTable(from: height, to: target))
    }

    private func resampledRows(_ table: ResamplingTable) -> Image {
        let newWidth = table.starts.count
        let count = newWidth * height * channels
        let result = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            pixels.withUnsafeBufferPointer { source in
                table.withBuffers { starts, counts, weights, size in
                    for y in 0..<height {
                        let from = UnsafeBufferPointer(rebasing: source[(y * width * channels)...])
                        let to = UnsafeMutableBufferPointer(rebasing: target[(y * newWidth * channels)...])
                        if channels == 1 {
                            for x in 0..<newWidth {
                                let start = starts[x]
                                var sum = ResamplingTable.half
                                for k in 0..<counts[x] { sum &+= Int32(from[start &+ k]) &* weights[x &* size &+ k] }
                                to[x] = ResamplingTable.byte(sum)
                            }
                        } else {
                            for x in 0..<newWidth {
                                var at = 3 &* starts[x]
                                var (red, green, blue) = (
                                    ResamplingTable.half, ResamplingTable.half, ResamplingTable.half
                                )
                                for k in 0..<counts[x] {
                                    let weight = weights[x &* size &+ k]
                                    red &+= Int32(from[at]) &* weight
                                    green &+= Int32(from[at &+ 1]) &* weight
                                    blue &+= Int32(from[at &+ 2]) &* weight
                                    at &+= 3
                                }
                                to[3 &* x] = ResamplingTable.byte(red)
                                to[3 &* x &+ 1] = ResamplingTable.byte(green)
                                to[3 &* x &+ 2] = ResamplingTable.byte(blue)
                            }
                        }
                    }
                }
            }
            initialized = count
        }
        return Image(width: newWidth, height: height, channels: channels, pixels: result)
    }

    private func resampledColumns(_ table: ResamplingTable) -> Image {
        let newHeight = table.starts.count
        let stride = width * channels
        let count = stride * newHeight
        let result = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            pixels.withUnsafeBufferPointer { source in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: stride) { sums in
                    table.withBuffers { starts, counts, weights, size in
                        for y in 0..<newHeight {
                            sums.initialize(repeating: ResamplingTable.half)
                            for k in 0..<counts[y] {
                                let weight = weights[y &* size &+ k]
                                let row = UnsafeBufferPointer(rebasing: source[((starts[y] &+ k) &* stride)...])
                                for i in 0..<stride { sums[i] &+= Int32(row[i]) &* weight }
                            }
                            let to = UnsafeMutableBufferPointer(rebasing: target[(y &* stride)...])
                            for i in 0..<stride { to[i] = ResamplingTable.byte(sums[i]) }
                        }
                    }
                }
            }
            initialized = count
        }
        return Image(width: width, height: newHeight, channels: channels, pixels: result)
    }
}

/// For one axis: which source pixels each output pixel is the mean of, and their weights.
struct ResamplingTable {
    /// First source pixel of each output pixel.
    private(set) var starts: [Int] = []
    private var counts: [Int] = []
    /// `weights[output * size + k]` belongs to source pixel `starts[output] + k`; 2²² is one.
    private var weights: [Int32] = []
    private let size: Int

    static let bits: Int32 = 22
    static let half: Int32 = 1 << (bits - 1)

    @inline(__always)
    static func byte(_ sum: Int32) -> UInt8 { UInt8(truncatingIfNeeded: max(0, min(255, sum >> bits))) }

    init(from source: Int, to target: Int) {
        let scale = Double(source) / Double(target)
        let support = max(scale, 1)
        size = Int(support.rounded(.up)) * 2 + 1
        starts.reserveCapacity(target)
        counts.reserveCapacity(target)
        weights = [Int32](repeating: 0, count: target * size)
        var window = [Double](repeating: 0, count: size)
        for output in 0..<target {
            let center = (Double(output) + 0.5) * scale
            let first = max(0, Int(center - support + 0.5))
            let count = min(source, Int(center + support + 0.5)) - first
            var sum = 0.0
            for k in 0..<count {
                let distance = abs((Double(k + first) - center + 0.5) * (1 / support))
                window[k] = distance < 1 ? 1 - distance : 0
                sum += window[k]
            }
            for k in 0..<count {
                let weight = sum == 0 ? window[k] : window[k] / sum
                weights[output * size + k] = Int32(weight * Double(1 << Self.bits) + 0.5)
            }
            starts.append(first)
            counts.append(count)
        }
    }

    @inline(__always)
    func withBuffers(
        _ body: (UnsafeBufferPointer<Int>, UnsafeBufferPointer<Int>, UnsafeBufferPointer<Int32>, Int) -> Void
    ) {
        starts.withUnsafeBufferPointer { starts in
            counts.withUnsafeBufferPointer { counts in
                weights.withUnsafeBufferPointer { body(starts, counts, $0, size) }
            }
        }
    }
}
