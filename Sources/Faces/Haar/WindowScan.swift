import Imaging

/// Looks at every window of every layer of one image.
struct WindowScan {
    private let program: WindowProgram
    private let layers: [PyramidLayer]
    private var layerImage: LayerImage
    private let integrals: IntegralImages
    private let tables: WindowTables

    init(_ program: WindowProgram, image: Image, layers: [PyramidLayer]) {
        self.program = program
        self.layers = layers
        layerImage = LayerImage(image, layers: layers)
        integrals = IntegralImages(layers: layers, hasTilted: program.hasTilted)
        tables = WindowTables(program, integrals.layouts)
    }

    /// The windows that pass every stage, in pixels of the image: layer by layer, from the top, from the left.
    consuming func candidates() -> [Rectangle] {
        var found: [Rectangle] = []
        for layer in layers where layer.columns > 0 && layer.rows > 0 {
            layerImage.shrink(toWidth: layer.width, height: layer.height)
            integrals.fill(layer, from: layerImage.pixels)
            let layout = integrals.layout(step: layer.step)
            let kernel = WindowKernel(program, layout, tables, integrals)
            withExtendedLifetime((tables, integrals)) {
                for row in 0..<layer.rows {
                    kernel.scanRow(row * layer.step * layout.stride, count: layer.columns) { column in
                        found.append(place(column, row, layer))
                    }
                }
            }
        }
        return found
    }

    /// Every window of every layer with its verdict, in the order of ``candidates()``.
    consuming func explanations() -> [ScanExplanation.Layer] {
        layers.map { layer in
            layerImage.shrink(toWidth: layer.width, height: layer.height)
            integrals.fill(layer, from: layerImage.pixels)
            let layout = integrals.layout(step: layer.step)
            let kernel = WindowKernel(program, layout, tables, integrals)
            let verdicts = withExtendedLifetime((tables, integrals)) {
                (0..<layer.rows).flatMap {
                    layer.columns > 0 ? kernel.verdicts($0 * layer.step * layout.stride, count: layer.columns) : []
                }
            }
            return ScanExplanation.Layer(
                scale: layer.scale, step: layer.step, columns: layer.columns, rows: layer.rows, verdicts: verdicts,
                image: Image(
                    width: layer.width, height: layer.height, channels: 1,
                    pixels: Array(layerImage.pixels.prefix(layer.width * layer.height))),
                window: (program.width, program.height))
        }
    }

    private func place(_ column: Int, _ row: Int, _ layer: PyramidLayer) -> Rectangle {
        func scaled(_ value: Int) -> Int { PyramidLayer.rounded(Float(value) * layer.scale) }
        return Rectangle(
            x: scaled(column * layer.step), y: scaled(row * layer.step),
            width: scaled(program.width), height: scaled(program.height))
    }
}
