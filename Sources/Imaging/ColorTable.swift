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
        var start = 0
        while start < pixels.count {
            let color = Self.color(pixels, at: start)
            var end = start + 3
            while end < pixels.count, Self.color(pixels, at: end) == color { end += 3 }
            guard add(color, (end - start) / 3) else { return nil }
            start = end
        }
    }

    /// The pixels with each colour replaced by what stands under its number.
    func mapped(_ pixels: UnsafeBufferPointer<UInt8>, to values: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: pixels.count / 3) { target, count in
            var last: (color: UInt32, value: UInt8) = (.max, 0)
            for pixel in 0..<pixels.count / 3 {
                let color = Self.color(pixels, at: 3 * pixel)
                if color != last.color { last = (color, values[Int(places[place(of: color)]) - 1]) }
                target[pixel] = last.value
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

    @inline(__always)
    private static func color(_ pixels: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32 {
        UInt32(pixels[index]) << 16 | UInt32(pixels[index + 1]) << 8 | UInt32(pixels[index + 2])
    }
}
