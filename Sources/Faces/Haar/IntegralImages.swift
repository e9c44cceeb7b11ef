/// Sums over rectangles from a corner, of pixels and of their squares, for one strip of a layer after the other in the
/// same memory.
///
/// `sum(x, y)` covers the strip's pixels left of x and above y; arithmetic wraps, differences over a window are exact. Two
/// layouts keep neighbouring windows next to each other: at step 1 columns lie in order, at step 2 even columns lie in
/// one plane and odd columns in a second. A row has the same length in every layer of a layout, so a corner's offset
/// from its window is computed once for an image.
final class IntegralImages {
    /// Where corners lie, relative to a window, in a buffer of sums.
    struct Layout: Sendable {
        let step: Int
        /// Elements from a row to the next.
        let stride: Int
        /// Elements from the even to the odd columns; unused at step 1.
        let plane: Int
        /// Elements from the upright to the tilted sums.
        let tilted: Int

        func offset(x: Int, y: Int) -> Int {
            step == 1 ? y * stride + x : (x & 1) * plane + y * stride + x >> 1
        }

        var count: Int { step == 1 ? plane : 2 * plane }

        /// - Parameter layers: with the rows of their highest strips.
        init(step: Int, layers: [(layer: PyramidLayer, rows: Int)]) {
            self.step = step
            let used = layers.filter { $0.layer.step == step }
            let width = (used.map(\.layer.width).max() ?? 0) + 1
            stride = (width + step - 1) / step
            plane = stride * ((used.map(\.rows).max() ?? 0) + 1)
            tilted = step * plane
        }
    }

    /// Elements that may be read behind the last sum, so that a row of windows can be read in blocks.
    static let padding = 32

    let layouts: [Layout]
    let sums: FixedArray<UInt32>
    let squares: FixedArray<UInt32>
    private let hasTilted: Bool

    init(layers: [(layer: PyramidLayer, rows: Int)], hasTilted: Bool) {
        layouts = [Layout(step: 1, layers: layers), Layout(step: 2, layers: layers)]
        let count = layouts.map(\.count).max() ?? 0
        sums = FixedArray(repeating: 0, count: count * (hasTilted ? 2 : 1) + Self.padding)
        squares = FixedArray(repeating: 0, count: count + Self.padding)
        self.hasTilted = hasTilted
    }

    /// Bytes of the buffers.
    var bytes: Int { 4 * (sums.count + squares.count) }

    func layout(step: Int) -> Layout { layouts[step - 1] }

    /// Fills the buffers for a strip from its pixels, `height` rows without gaps. O(width · height).
    func fill(_ layer: PyramidLayer, rows height: Int, from pixels: [UInt8]) {
        let layout = layout(step: layer.step)
        let width = layer.width
        let (sums, squares) = (sums.base, squares.base)
        for x in 0...width {
            sums[layout.offset(x: x, y: 0)] = 0
            squares[layout.offset(x: x, y: 0)] = 0
        }
        pixels.withUnsafeBufferPointer { pixels in
            for y in 0..<height {
                let row = UnsafeBufferPointer(rebasing: pixels[(y * width)..<((y + 1) * width)])
                if layout.step == 1 {
                    Self.fillRow(row, sums, squares, at: (y + 1) * layout.stride, layout.stride)
                } else {
                    Self.fillPlanes(row, sums, squares, at: (y + 1) * layout.stride, layout.stride, layout.plane)
                }
            }
            if hasTilted { Self.fillTilted(pixels, width, height, sums, layout) }
        }
    }

    @inline(__always)
    private static func fillRow(
        _ row: UnsafeBufferPointer<UInt8>, _ sums: UnsafeMutablePointer<UInt32>,
        _ squares: UnsafeMutablePointer<UInt32>, at start: Int, _ stride: Int
    ) {
        var (sum, square): (UInt32, UInt32) = (0, 0)
        sums[start] = 0
        squares[start] = 0
        for x in 0..<row.count {
            let value = UInt32(row[x])
            sum &+= value
            square &+= value &* value
            let at = start &+ x &+ 1
            sums[at] = sums[at &- stride] &+ sum
            squares[at] = squares[at &- stride] &+ square
        }
    }

    @inline(__always)
    private static func fillPlanes(
        _ row: UnsafeBufferPointer<UInt8>, _ sums: UnsafeMutablePointer<UInt32>,
        _ squares: UnsafeMutablePointer<UInt32>, at start: Int, _ stride: Int, _ plane: Int
    ) {
        var (sum, square): (UInt32, UInt32) = (0, 0)
        @inline(__always) func put(_ value: UInt32, _ at: Int) {
            sum &+= value
            square &+= value &* value
            sums[at] = sums[at &- stride] &+ sum
            squares[at] = squares[at &- stride] &+ square
        }
        sums[start] = 0
        squares[start] = 0
        for pair in 0..<(row.count / 2) {
            put(UInt32(row[2 &* pair]), start &+ plane &+ pair)
            put(UInt32(row[2 &* pair &+ 1]), start &+ pair &+ 1)
        }
        if row.count & 1 == 1 { put(UInt32(row[row.count - 1]), start + plane + row.count / 2) }
    }

    /// Sums over right-angled triangles that stand on their tip: t(x, y) covers the pixels (i, j) with
    /// j < y and |i − x + 1| < y − j. Source: Lienhart and Maydt 2002.
    private static func fillTilted(
        _ pixels: UnsafeBufferPointer<UInt8>, _ width: Int, _ height: Int,
        _ sums: UnsafeMutablePointer<UInt32>, _ layout: Layout
    ) {
        func at(_ x: Int, _ y: Int) -> Int { layout.tilted + layout.offset(x: x, y: y) }
        func pixel(_ x: Int, _ y: Int) -> UInt32 {
            x >= 0 && x < width && y >= 0 ? UInt32(pixels[y * width + x]) : 0
        }
        for x in 0...width { sums[at(x, 0)] = 0 }
        for y in 1...height {
            for x in 0...width {
                let own = pixel(x - 1, y - 1) &+ pixel(x - 1, y - 2)
                let upper = y >= 2 ? sums[at(x, y - 2)] : 0
                if x == 0 {
                    sums[at(x, y)] = width >= 1 ? sums[at(1, y - 1)] : 0
                } else if x == width {
                    sums[at(x, y)] = sums[at(x - 1, y - 1)] &+ own
                } else {
                    sums[at(x, y)] = sums[at(x - 1, y - 1)] &+ sums[at(x + 1, y - 1)] &- upper &+ own
                }
            }
        }
    }
}
