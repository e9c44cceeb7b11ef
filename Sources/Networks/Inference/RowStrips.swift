import Tensors

/// The first layers of a network, done in strips of an image's rows: all layers on one strip before the next.
///
/// A network's first activations are larger than a core's cache. What a layer leaves of a strip is still there when the
/// next layer reads it. Rows that two strips need are computed for both; the results are those of whole images, bit for
/// bit. Alwani, Chen, Ferdman, Milder, "Fused-Layer CNN Accelerators", 2016.
package struct RowStrips {
    /// What one layer does for one strip.
    struct Piece {
        let shape: ConvolutionShape
        /// Rows of the layer's whole input that it reads, and of its whole output that it makes.
        let source: Range<Int>
        let rows: Range<Int>
    }

    /// A strip with what it reads and writes, up to which a core's second cache holds the weights and the caller's data too.
    package static let cacheBytes = 384 << 10

    /// The stages that are done this way: the first ones, up to where something is added or pooled.
    let stageCount: Int
    let layers: [ConvolutionLayer]
    /// Layers at the start that work in float32.
    let exactLayers: Int
    /// For every strip, top to bottom, each layer's piece.
    let strips: [[Piece]]
    /// The shape that the last of them leaves.
    let output: [Int]

    /// For an NHWC input; a batch of several images has no strips. `bytes` is what a layer's strip may read and write together.
    init(_ stages: [Stage], input: [Int], float32Stages: Int, bytes: Int) {
        var layers: [ConvolutionLayer] = []
        var exactLayers = 0
        var stageCount = 0
        for stage in stages.prefix(while: { input[0] == 1 && $0.isPlain }) {
            layers += stage.layers
            stageCount += 1
            if stageCount <= float32Stages { exactLayers = layers.count }
        }
        var shapes: [ConvolutionShape] = []
        var output = input
        for layer in layers {
            shapes.append(layer.shape(over: output))
            output = shapes.last?.output ?? output
        }
        (self.stageCount, self.layers, self.exactLayers, self.output) = (stageCount, layers, exactLayers, output)
        let largest =
            shapes.enumerated().map { index, shape in
                (shape.input.reduce(1, *) + shape.output.reduce(1, *))
                    * (index < exactLayers ? Precision.f32 : .bf16).byteCount
            }.max() ?? 0
        let count = 1 + max(largest - 1, 0) / bytes
        let height = (output[1] + count - 1) / count
        strips =
            layers.isEmpty
            ? []
            : stride(from: 0, to: output[1], by: height).map { first in
                RowStrips.pieces(shapes, of: first..<min(first + height, output[1]))
            }
    }

    /// Values of the largest activation that the strips need room for, the collected output included: in float32, and in
    /// bfloat16.
    var largestActivations: (full: Int, half: Int) {
        var (full, half) = (0, 0)
        for (index, piece) in strips.joined().enumerated() {
            let layer = index % layers.count
            let made = (layer == layers.count - 1 ? output : piece.shape.output).reduce(1, *)
            if layer < exactLayers {
                full = max(full, made)
            } else {
                half = max(half, made, piece.shape.input.reduce(1, *))
            }
        }
        return (full, half)
    }

    /// Back from the rows that the last layer is to make to those that the first one reads.
    private static func pieces(_ shapes: [ConvolutionShape], of rows: Range<Int>) -> [Piece] {
        var wanted = rows
        var pieces: [Piece] = []
        for shape in shapes.reversed() {
            let (strip, source) = shape.strip(of: wanted)
            pieces.append(Piece(shape: strip, source: source, rows: wanted))
            wanted = source
        }
        return pieces.reversed()
    }
}

extension Stage {
    /// Layers in a row, to which nothing is added.
    fileprivate var isPlain: Bool {
        if case .block(let block) = self { block.shortcut == .none } else { false }
    }
}
