import Imaging

/// Looks at every window of every layer of one image.
struct WindowScan {
    private let program: WindowProgram
    private let layers: [PyramidLayer]
    private var layerImage: LayerImage
    private var integrals: IntegralImages

    init(_ program: WindowProgram, image: Image, layers: [PyramidLayer]) {
        self.program = program
        self.layers = layers
        layerImage = LayerImage(image, layers: layers)
        integrals = IntegralImages(layers: layers, hasTilted: program.hasTilted)
    }

    /// The windows that pass every stage, in pixels of the image: layer by layer, from the top, from the left.
    consuming func candidates() -> [Rectangle] {
        let offsets = integrals.layouts.map(program.offsets)
        let columns = layers.map(\.columns).max() ?? 0
        var states = [UInt8](repeating: 0, count: columns + WindowKernel.lanes)
        var factors = [Float](repeating: 0, count: columns + WindowKernel.lanes)
        var found: [Rectangle] = []
        for layer in layers where layer.columns > 0 && layer.rows > 0 {
            layerImage.shrink(toWidth: layer.width, height: layer.height)
            integrals.fill(layer, from: layerImage.pixels)
            let layout = integrals.layout(step: layer.step)
            WindowKernel.with(program, layout, offsets[layer.step - 1], integrals) { kernel in
                for row in 0..<layer.rows {
                    let base = row * layer.step * layout.stride
                    kernel.firstStage(base, layer.columns, &states, &factors)
                    var column = 0
                    while column < layer.columns {
                        switch states[column] {
                        case WindowKernel.failed:
                            column += 1  // beside a window that fails at once, the next is not looked at
                        case WindowKernel.passed where kernel.passesRest(base + column, factors[column]):
                            found.append(place(column, row, layer))
                        default:
                            break
                        }
                        column += 1
                    }
                }
            }
        }
        return found
    }

    private func place(_ column: Int, _ row: Int, _ layer: PyramidLayer) -> Rectangle {
        func scaled(_ value: Int) -> Int { PyramidLayer.rounded(Float(value) * layer.scale) }
        return Rectangle(
            x: scaled(column * layer.step), y: scaled(row * layer.step),
            width: scaled(program.width), height: scaled(program.height))
    }
}
