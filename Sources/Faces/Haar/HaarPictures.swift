import Imaging

/// What a scan did, drawn over its photograph.
package struct HaarPictures {
    private let photograph: Image
    private let scan: ScanExplanation
    /// Size of the pictures, and their pixels per pixel of the photograph.
    private let width: Int
    private let height: Int
    private let scale: Double

    package init(_ photograph: Image, _ scan: ScanExplanation, width: Int = 300) {
        self.photograph = photograph.gray
        self.scan = scan
        self.width = width
        scale = Double(width) / Double(photograph.width)
        height = max(1, Int((Double(photograph.height) * scale).rounded()))
    }

    /// The photograph at the pictures' size.
    package var plain: Image { Painting(photograph, width: width, height: height).image }

    /// A rectangle of the photograph, in pixels of the pictures.
    package func placed(_ box: Rectangle) -> Rectangle {
        func at(_ value: Int) -> Int { Int((Double(value) * scale).rounded()) }
        return Rectangle(x: at(box.x), y: at(box.y), width: at(box.width), height: at(box.height))
    }

    /// The image as a layer has it: its pixels as large as the photograph.
    package func shrunken(_ layer: ScanExplanation.Layer) -> Image {
        let factor = max(1, Int((Double(width) / Double(layer.image.width)).rounded()))
        return Painting(
            Painting(pixelated: layer.image, factor: factor).image, width: width, height: height
        ).image
    }

    /// Each window of one layer, or of all, as a cell around its centre in the colour of the stage that rejected it.
    ///
    /// Where windows of several layers share a centre the one that came furthest is shown. Windows that were not judged
    /// leave the photograph as it is.
    package func map(_ layers: [ScanExplanation.Layer]) -> Image {
        var depth = [Int](repeating: -1, count: width * height)
        for layer in layers {
            forEachPixel(of: layer) { i, passed in depth[i] = max(depth[i], passed) }
        }
        var painting = Painting(photograph, width: width, height: height)
        for i in depth.indices where depth[i] >= 0 {
            painting.blend(
                i % width, i / width, Painting.ramp(Double(depth[i]) / Double(scan.stageCount)), opacity: 0.72)
        }
        return painting.image
    }

    /// The colours of ``map(_:)``, from the first stage to the last and what passed.
    package func legend(height: Int = 14) -> Image {
        let gray = Image(width: 1, height: 1, channels: 1, pixels: [0])
        var painting = Painting(gray, width: width, height: height)
        for x in 0..<width {
            let stage = x * (scan.stageCount + 1) / width
            painting.fill(
                Rectangle(x: x, y: 0, width: 1, height: height), Painting.ramp(Double(stage) / Double(scan.stageCount)),
                opacity: 1)
        }
        return painting.image
    }

    /// Where windows are left that passed `stages` stages: the more of them share a centre, the brighter it is,
    /// compared with the brightest point of the same picture.
    package func survivors(of stages: Int) -> Image {
        var counts = [Int](repeating: 0, count: width * height)
        for layer in scan.layers {
            forEachPixel(of: layer, passing: stages) { i, _ in counts[i] += 1 }
        }
        var painting = Painting(photograph, width: width, height: height, white: 150)
        let most = Double(counts.max() ?? 0)
        for i in counts.indices where counts[i] > 0 {
            painting.blend(
                i % width, i / width, [255, 204, 51], opacity: 0.12 + 0.78 * (Double(counts[i]) / most).squareRoot())
        }
        return painting.image
    }

    /// A vote's feature over the window that it looks at, as in the slides' figure: what is subtracted dark, what is
    /// added light.
    package static func feature(_ vote: StageExplanation.Vote, over window: Image, factor: Int = 8) -> Image {
        var painting = Painting(pixelated: window, factor: factor)
        for y in 0..<window.height {
            for x in 0..<window.width {
                // Parts overlap: a part that is added lies on one, larger, that is subtracted.
                let weight = vote.parts.filter { $0.rectangle.covers(x, y, isTilted: vote.isTilted) }
                    .reduce(0) { $0 + $1.weight }
                guard weight != 0 else { continue }
                painting.fill(
                    Rectangle(x: x * factor, y: y * factor, width: factor, height: factor),
                    Painting.Tint(repeating: weight > 0 ? 255 : 0), opacity: 0.7)
            }
        }
        return painting.image
    }

    /// Calls `body` with each pixel of the cell of each judged window that passed `stages` stages, and how many it passed.
    private func forEachPixel(
        of layer: ScanExplanation.Layer, passing stages: Int = 0, _ body: (_ pixel: Int, _ passed: Int) -> Void
    ) {
        let unit = Double(layer.scale) * scale
        func edge(_ index: Int, _ window: Int, _ limit: Int) -> Int {
            let place = (Double(index * layer.step) + Double(window - layer.step) / 2) * unit
            return max(0, min(limit, Int(place.rounded())))
        }
        for row in 0..<layer.rows {
            let rows = edge(row, layer.window.height, height)..<edge(row + 1, layer.window.height, height)
            for column in 0..<layer.columns {
                let verdict = layer.verdicts[row * layer.columns + column]
                guard let passed = verdict.stagesPassed(of: scan.stageCount), passed >= stages else { continue }
                let columns = edge(column, layer.window.width, width)..<edge(column + 1, layer.window.width, width)
                for y in rows { for x in columns { body(y * width + x, passed) } }
            }
        }
    }
}
