/// At most 256 colours that stand for those of a drawing.
///
/// Up to 256 are kept as they are. More are put into boxes (median cut: Heckbert, "Color image quantization for frame
/// buffer display", 1982), the box of the largest error cut first; a colour of most of a box's pixels stands for it as
/// it is, so that paper, ink and lines keep their colours and only blends between them move.
struct ColorPalette {
    static let mostColors = 256

    /// `0xRRGGBB`
    private(set) var colors: [UInt32]
    /// The palette's place for each colour of the table.
    private(set) var places: [UInt8]

    init(_ table: ColorTable) {
        guard table.colors.count > Self.mostColors else {
            colors = table.colors
            places = table.colors.indices.map { UInt8($0) }
            return
        }
        var boxes = [Box(table.colors.indices.map { Entry(table.colors[$0], table.counts[$0]) })]
        while boxes.count < Self.mostColors {
            var widest = 0
            for index in boxes.indices where boxes[index].error > boxes[widest].error { widest = index }
            guard boxes[widest].error > 0 else { break }
            let (low, high) = boxes[widest].cut()
            boxes[widest] = low
            boxes.append(high)
        }
        // In the order of green, in which neighbours are looked for.
        let chosen = Set(boxes.map(\.color)).map { RGB($0) }.sorted { ($0.green, $0.color) < ($1.green, $1.color) }
        colors = chosen.map(\.color)
        places = table.colors.map { Self.nearest(to: RGB($0), in: chosen) }
    }

    /// What is lost: the mean over pixels and channels, and the largest, in levels of a channel.
    func error(of table: ColorTable) -> (mean: Double, largest: Int) {
        var sum = 0
        var largest = 0
        var pixels = 0
        for (number, color) in table.colors.enumerated() {
            let (a, b) = (RGB(color), RGB(colors[Int(places[number])]))
            let differences = [a.red - b.red, a.green - b.green, a.blue - b.blue].map { abs($0) }
            sum += differences.reduce(0, +) * table.counts[number]
            largest = max(largest, differences.max() ?? 0)
            pixels += table.counts[number]
        }
        return (Double(sum) / Double(max(1, 3 * pixels)), largest)
    }

    /// Goes from the colour's own green to both sides, until green alone is farther away than what was found.
    private static func nearest(to wanted: RGB, in colors: [RGB]) -> UInt8 {
        var (low, high) = (0, colors.count)
        while low < high {
            let middle = (low + high) / 2
            if colors[middle].green < wanted.green { low = middle + 1 } else { high = middle }
        }
        var best = (place: 0, distance: Int.max)
        var (down, up) = (low - 1, low)
        func look(_ place: Int) -> Bool {
            let green = colors[place].green - wanted.green
            guard green * green < best.distance else { return false }
            let distance = colors[place].squaredDistance(to: wanted)
            if distance < best.distance { best = (place, distance) }
            return true
        }
        while down >= 0 || up < colors.count {
            down = down >= 0 && look(down) ? down - 1 : -1
            up = up < colors.count && look(up) ? up + 1 : colors.count
        }
        return UInt8(best.place)
    }
}

private struct RGB {
    let color: UInt32
    var red: Int { Int(color >> 16) }
    var green: Int { Int(color >> 8 & 0xFF) }
    var blue: Int { Int(color & 0xFF) }

    init(_ color: UInt32) { self.color = color }

    func channel(_ index: Int) -> Int { Int(color >> (16 - 8 * UInt32(index)) & 0xFF) }

    func squaredDistance(to other: RGB) -> Int {
        let (r, g, b) = (red - other.red, green - other.green, blue - other.blue)
        return r * r + g * g + b * b
    }
}

private struct Entry {
    let color: RGB
    let count: Int
    /// Grows with the pixels slowly: a blend that a few pixels have is seen as well.
    let weight: Int

    init(_ color: UInt32, _ count: Int) {
        (self.color, self.count) = (RGB(color), count)
        weight = Int.bitWidth - count.leadingZeroBitCount
    }
}

/// Colours that one stands for.
private struct Box {
    private let entries: [Entry]
    private let axis: Int
    /// Of the axis, by weight.
    private let mean: Double
    /// Weighted squared distances from the mean, along the axis on which they are largest.
    let error: Double

    init(_ entries: [Entry]) {
        self.entries = entries
        let weight = Double(entries.reduce(0) { $0 + $1.weight })
        var widest = (axis: 0, mean: 0.0, error: -1.0)
        for axis in 0..<3 {
            var (sum, squares) = (0, 0)
            for entry in entries {
                let value = entry.color.channel(axis)
                sum += entry.weight * value
                squares += entry.weight * value * value
            }
            // Whole numbers below 2^53: exact, and zero where all values are equal.
            let error = (Double(squares) * weight - Double(sum) * Double(sum)) / weight
            if error > widest.error { widest = (axis, Double(sum) / weight, error) }
        }
        (axis, mean, error) = widest
    }

    /// Below the mean, and above: neither is empty where there is an error.
    func cut() -> (low: Box, high: Box) {
        (
            Box(entries.filter { Double($0.color.channel(axis)) <= mean }),
            Box(entries.filter { Double($0.color.channel(axis)) > mean })
        )
    }

    /// The one that most of the pixels have, else their mean.
    var color: UInt32 {
        let pixels = entries.reduce(0) { $0 + $1.count }
        if let most = entries.max(by: { ($0.count, $0.color.color) < ($1.count, $1.color.color) }),
            2 * most.count >= pixels
        {
            return most.color.color
        }
        return (0..<3).reduce(0) { color, axis in
            let sum = entries.reduce(0) { $0 + $1.count * $1.color.channel(axis) }
            return color << 8 | UInt32((sum + pixels / 2) / pixels)
        }
    }
}
