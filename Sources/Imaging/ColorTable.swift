/// The distinct colours of an RGB image, numbered in the order of their first use, with the pixels that each has.
struct ColorTable {
    /// More are no drawing's.
    static let mostColors = 1 << 15

    /// `0xRRGGBB`
    private(set) var colors: [UInt32] = []
    private(set) var counts: [Int] = []
    /// Open addressing: number + 1 of the colour in each place, 0 where there is none; at most a quarter is taken.
    private var places = [UInt32](repeating: 0, count: 4 * mostColors)

    /// Nil for an image of more colours. One look-up for each run of equal pixels.
    init?(_ pixels: UnsafeBufferPointer<UInt8>) {
        for run in ColorRuns(pixels) {
            guard add(run.color, run.pixels.count) else { return nil }
        }
    }

    /// The pixels with each colour replaced by what stands under its number.
    func mapped(_ pixels: UnsafeBufferPointer<UInt8>, to values: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: pixels.count / 3) { target, count in
            for run in ColorRuns(pixels) {
                let value = values[Int(places[place(of: run.color)]) - 1]
                target[run.pixels].update(repeating: value)
            }
            count = pixels.count / 3
        }
    }

    private mutating func add(_ color: UInt32, _ count: Int) -> Bool {
        let place = place(of: color)
        if places[place] > 0 {
            counts[Int(places[place]) - 1] += count
            return true
        }
        guard colors.count < Self.mostColors else { return false }
        colors.append(color)
        counts.append(count)
        places[place] = UInt32(colors.count)
        return true
    }

    /// Where the colour stands, or the free place that it would take.
    private func place(of color: UInt32) -> Int {
        var place = Int((color &* 0x9E37_79B1) >> 15)
        while places[place] > 0, colors[Int(places[place]) - 1] != color { place = (place + 1) & (places.count - 1) }
        return place
    }
}

/// The runs of equal pixels of an RGB image, in their order.
struct ColorRuns: Sequence, IteratorProtocol {
    private let bytes: UnsafeRawBufferPointer
    private var start = 0

    init(_ pixels: UnsafeBufferPointer<UInt8>) { bytes = UnsafeRawBufferPointer(pixels) }

    /// The colour is `0xRRGGBB`.
    @inline(__always)
    mutating func next() -> (color: UInt32, pixels: Range<Int>)? {
        guard start < bytes.count else { return nil }
        let color = color(at: start)
        // As long as eight bytes are those that stand a pixel before them, the run goes on.
        var same = start + 3
        while same + 8 <= bytes.count, word(at: same) == word(at: same - 3) { same += 8 }
        var end = start + (same - start) / 3 * 3
        while end < bytes.count, self.color(at: end) == color { end += 3 }
        defer { start = end }
        return (color, start / 3..<end / 3)
    }

    @inline(__always)
    private func word(at index: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) }

    @inline(__always)
    private func color(at index: Int) -> UInt32 {
        UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
    }
}
