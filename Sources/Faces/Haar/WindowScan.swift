import Imaging

/// Looks at every window of every layer of one image.
///
/// Beside the image itself, memory is that of the highest strip: about nine bytes for each of its pixels, whatever the
/// image's height.
struct WindowScan {
    private let program: WindowProgram
    private let layers: [PyramidLayer]
    /// Rows of pixels in a strip: the same in every layer, since all share the memory of the widest.
    private let stripRows: Int
    private var layerImage: LayerImage
    private let integrals: IntegralImages
    private let tables: WindowTables

    init(_ program: WindowProgram, image: Image, layers: [PyramidLayer], stripPixels: Int) {
        self.program = program
        self.layers = layers
        let most = max(2 * program.height, stripPixels / max(1, layers.map(\.width).max() ?? 1))
        stripRows = most
        let heights = layers.map { layer in
            (layer: layer, rows: layer.strips(windowHeight: program.height, most: most).map(\.pixels.count).max() ?? 0)
        }
        layerImage = LayerImage(image, layers: heights)
        integrals = IntegralImages(layers: heights, hasTilted: program.hasTilted)
        tables = WindowTables(program, integrals.layouts)
    }

    /// Bytes that the scan takes beside the image.
    var bytes: Int { layerImage.pixels.count + integrals.bytes }

    /// The windows that pass every stage, in pixels of the image: layer by layer, from the top, from the left; at most
    /// `limit` of them.
    consuming func candidates(limit: Int) -> [Rectangle] {
        var found: [Rectangle] = []
        for layer in layers where layer.columns > 0 && layer.rows > 0 {
            forEachRow(of: layer) { row, base, kernel in
                guard found.count < limit else { return }
                kernel.scanRow(base, count: layer.columns) { found.append(layer.place(column: $0, row: row, program)) }
            }
            if found.count >= limit { return Array(found.prefix(limit)) }
        }
        return found
    }

    /// What becomes of every window, in the order of ``candidates(limit:)``: a row's verdicts at a time.
    consuming func forEachVerdict(_ body: (ArraySlice<ScanExplanation.Verdict>) -> Void) {
        for layer in layers where layer.columns > 0 && layer.rows > 0 {
            forEachRow(of: layer) { _, base, kernel in body(kernel.verdicts(base, count: layer.columns)[...]) }
        }
    }

    /// Every window of every layer with its verdict, in the order of ``candidates(limit:)``.
    consuming func explanations() -> [ScanExplanation.Layer] {
        layers.map { layer in
            var verdicts: [ScanExplanation.Verdict] = []
            verdicts.reserveCapacity(layer.columns * layer.rows)
            if layer.columns > 0 {
                forEachRow(of: layer) { _, base, kernel in verdicts += kernel.verdicts(base, count: layer.columns) }
            }
            return ScanExplanation.Layer(
                scale: layer.scale, step: layer.step, columns: layer.columns, rows: layer.rows, verdicts: verdicts,
                image: layerImage.whole(layer), window: (program.width, program.height))
        }
    }

    /// Calls `body` with each row of windows of a layer and its first window's place in the sums, which hold only then.
    private mutating func forEachRow(of layer: PyramidLayer, _ body: (_ row: Int, _ base: Int, WindowKernel) -> Void) {
        let layout = integrals.layout(step: layer.step)
        let kernel = WindowKernel(program, layout, tables, integrals)
        for strip in layer.strips(windowHeight: program.height, most: stripRows) {
            layerImage.shrink(toWidth: layer.width, height: layer.height, rows: strip.pixels)
            integrals.fill(layer, rows: strip.pixels.count, from: layerImage.pixels)
            withExtendedLifetime((tables, integrals)) {
                for row in strip.windows {
                    body(row, (row - strip.windows.lowerBound) * layer.step * layout.stride, kernel)
                }
            }
        }
    }
}

extension PyramidLayer {
    /// Where a window lies, in pixels of the image.
    fileprivate func place(column: Int, row: Int, _ program: WindowProgram) -> Rectangle {
        func scaled(_ value: Int) -> Int { Self.rounded(Float(value) * scale) }
        return Rectangle(
            x: scaled(column * step), y: scaled(row * step), width: scaled(program.width),
            height: scaled(program.height))
    }
}
