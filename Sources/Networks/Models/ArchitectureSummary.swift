import Tensors

/// One line of a network's table: neighbouring blocks of one kind.
package struct StageSummary: Sendable, Codable {
    package struct Block: Sendable, Codable {
        package let name: String
        package let hasShortcut: Bool
        /// Share of the block's layers of which some tensor learns.
        package let trainedShare: Double
    }

    /// `layer1`, `features.4 – 6`, `max pooling`.
    package let name: String
    /// The last block's layers: `1×1 64 → 3×3 64 → 1×1 256`.
    package let detail: String
    package let blocks: [Block]
    /// [height, width, channels] behind it.
    package let output: [Int]
    package let parameterCount: Int
}

extension Architecture {
    /// The network from image to embedding, counted from its own stages.
    ///
    /// - Parameter size: height and width of the image.
    package func summary(size: Int, _ unfreezing: Unfreezing) -> [StageSummary] {
        var shape = [1, size, size, 3]
        var rows: [StageSummary] = []
        let firstTrained = unfreezing.frozenTensors(of: self) / 3
        var seen = 0
        var open: [(block: Block, share: Double)] = []
        func close() {
            guard let last = open.last?.block, let first = open.first?.block else { return }
            rows.append(
                StageSummary(
                    name: Architecture.common(first.name, last.name),
                    detail: last.path.map(\.words).joined(separator: " → "),
                    blocks: open.map {
                        .init(name: $0.block.name, hasShortcut: $0.block.shortcut != .none, trainedShare: $0.share)
                    },
                    output: Array(shape.dropFirst()),
                    parameterCount: open.reduce(0) { sum, entry in
                        sum + Stage.block(entry.block).layers.reduce(0) { $0 + $1.parameterCount }
                    }))
            open = []
        }
        for stage in stages {
            switch stage {
            case .maxPooling(let kernel, let stride, _):
                close()
                shape = [stage].outputShape(over: shape)
                rows.append(
                    StageSummary(
                        name: "max pooling", detail: "\(kernel)×\(kernel), stride \(stride)", blocks: [],
                        output: Array(shape.dropFirst()), parameterCount: 0))
            case .block(let block):
                if let last = open.last?.block, last.path.last?.outputs != block.path.last?.outputs { close() }
                let range = seen..<seen + stage.layers.count
                let trained = range.filter { $0 >= firstTrained }.count
                open.append((block, Double(trained) / Double(range.count)))
                seen = range.upperBound
                shape = [stage].outputShape(over: shape)
            }
        }
        close()
        let width = HeadWeights.width
        let pieces: [(String, String, Int, Int)] = [
            ("average pooling", "mean over \(shape[1]) × \(shape[2]), flattened", featureCount, 0),
            ("linear 1", "\(featureCount) → \(width), then ReLU", width, featureCount * width + width),
            ("linear 2", "\(width) → \(width)", width, width * width + width),
        ]
        rows += pieces.map { name, detail, outputs, parameters in
            StageSummary(
                name: name, detail: detail,
                blocks: parameters > 0 ? [.init(name: name, hasShortcut: false, trainedShare: 1)] : [],
                output: [outputs], parameterCount: parameters)
        }
        return rows
    }

    /// `layer1` of `layer1.0` and `layer1.2`, `features.4 – 6` of `features.4` and `features.6`.
    private static func common(_ first: String, _ last: String) -> String {
        guard first != last else { return first }
        let stem = first.prefix { $0 != "." }
        if stem != "features" { return String(stem) }
        return "\(first) – \(last.dropFirst(stem.count + 1))"
    }
}

extension ConvolutionLayer {
    /// `3×3 64`, `3×3 depthwise 144, stride 2`.
    fileprivate var words: String {
        "\(kernel)×\(kernel) \(groups > 1 ? "depthwise " : "")\(outputs)" + (stride > 1 ? " /\(stride)" : "")
    }
}
