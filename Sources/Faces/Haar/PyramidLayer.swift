/// One size of the image, and which windows of it are looked at.
struct PyramidLayer: Sendable {
    /// Image pixels per layer pixel.
    let scale: Float
    let width: Int
    let height: Int
    /// Distance between windows, in both directions: 1 from scale 2 on, 2 below.
    let step: Int
    /// Windows start at x = 0, step, … below `columns · step` and at y = 0, step, … below `rows · step`.
    let columns: Int
    let rows: Int

    static func rounded(_ value: Float) -> Int { Int(value.rounded(.toNearestOrEven)) }

    /// The layers of a pyramid for an image and a window, in pixels.
    ///
    /// The reference cuts a layer into stripes of equal height, as many as its first layer has windows of 32 columns;
    /// what is left below the last stripe, one row of windows at most, is not looked at. The same rows are left out here.
    static func layers(
        scales: [Float], imageWidth: Int, imageHeight: Int, windowWidth: Int, windowHeight: Int
    ) -> [PyramidLayer] {
        guard let first = scales.first else { return [] }
        let firstStarts = max(0, rounded(Float(imageWidth) / first) + 1 - windowWidth)
        let stripes = (firstStarts + 31) / 32
        guard stripes > 0 else { return [] }
        return scales.map { scale in
            let width = rounded(Float(imageWidth) / scale)
            let height = rounded(Float(imageHeight) / scale)
            let step = scale >= 2 ? 1 : 2
            let starts = (x: max(0, width + 1 - windowWidth), y: max(0, height + 1 - windowHeight))
            let stripe = max((starts.y / step + stripes - 1) / stripes, 1) * step
            return PyramidLayer(
                scale: scale, width: width, height: height, step: step,
                columns: (starts.x + step - 1) / step,
                rows: (min(stripe * stripes, starts.y) + step - 1) / step)
        }
    }
}

extension PyramidLayer {
    /// A part of a layer that is looked at in one go: rows of windows, and the rows of pixels that they cover.
    struct Strip: Sendable, Equatable {
        var windows: Range<Int>
        var pixels: Range<Int>
    }

    /// The layer in strips of at most `most` rows of pixels, so that memory does not grow with the image; one for a layer
    /// that is no higher.
    ///
    /// Strips overlap by a window's height, since every window lies in one of them; `most` is at least that.
    func strips(windowHeight: Int, most: Int) -> [Strip] {
        guard rows > 0, height > most else { return [Strip(windows: 0..<rows, pixels: 0..<height)] }
        let windows = (most - windowHeight) / step + 1
        return stride(from: 0, to: rows, by: windows).map { first in
            let end = min(rows, first + windows)
            return Strip(windows: first..<end, pixels: first * step..<(end - 1) * step + windowHeight)
        }
    }
}
