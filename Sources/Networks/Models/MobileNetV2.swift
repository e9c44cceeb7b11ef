import Tensors

/// MobileNet-V2: Sandler, Howard, Zhu, Zhmoginov, Chen, "Inverted Residuals and Linear Bottlenecks", 2018, table 2.
enum MobileNetV2 {
    /// t: expansion of the channels, c: output channels, n: repetitions, s: stride of the first one.
    private static let table: [(t: Int, c: Int, n: Int, s: Int)] = [
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    ]

    static let stages: [Stage] = {
        var blocks = [Block("features.0", [layer("features.0", 3, 32, kernel: 3, stride: 2, .relu6)])]
        var channels = 32
        for row in table {
            for index in 0..<row.n {
                blocks.append(
                    invertedResidual(
                        "features.\(blocks.count)", channels, row.c, expansion: row.t, stride: index == 0 ? row.s : 1))
                channels = row.c
            }
        }
        blocks.append(Block("features.18", [layer("features.18", channels, 1280, kernel: 1, .relu6)]))
        return blocks.map(Stage.block)
    }()

    /// 1×1 expansion, 3×3 depthwise, 1×1 projection without activation; the input is added where the sizes agree.
    private static func invertedResidual(_ name: String, _ inputs: Int, _ outputs: Int, expansion: Int, stride: Int)
        -> Block
    {
        let width = inputs * expansion
        var path: [ConvolutionLayer] = []
        if expansion != 1 { path.append(layer("\(name).conv.0", inputs, width, kernel: 1, .relu6)) }
        path.append(
            layer("\(name).conv.\(path.count)", width, width, kernel: 3, stride: stride, groups: width, .relu6))
        path.append(
            ConvolutionLayer(
                "\(name).conv.\(path.count)", normalization: "\(name).conv.\(path.count + 1)", width, outputs,
                kernel: 1, .none))
        return Block(name, path, shortcut: stride == 1 && inputs == outputs ? .identity : .none)
    }

    private static func layer(
        _ name: String, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
        _ activation: Activation
    ) -> ConvolutionLayer {
        ConvolutionLayer(
            "\(name).0", normalization: "\(name).1", inputs, outputs, kernel: kernel, stride: stride,
            groups: groups, activation)
    }

    /// Names of files written before torchvision 0.5 grouped each convolution with its normalisation, as today's names.
    ///
    /// Empty for a file that already has today's: the same name can mean different tensors in the two namings, so one
    /// name that only the new one has, `features.1.conv.0.0.weight`, decides.
    static func renaming(_ names: some Sequence<String>) -> [String: String] {
        guard !names.contains("features.1.conv.0.0.weight") else { return [:] }
        var renamed: [String: String] = [:]
        for case .block(let block) in stages where block.path.count > 1 {
            for (index, layer) in block.path.enumerated() {
                // Convolution, normalisation, activation stood in one row: 0 1 2, 3 4 5, 6 7.
                let older = "\(block.name).conv."
                renamed["\(older)\(3 * index).weight"] = "\(layer.name).weight"
                for part in ConvolutionWeights.normalizationParts {
                    renamed["\(older)\(3 * index + 1).\(part)"] = "\(layer.normalization).\(part)"
                }
            }
        }
        return renamed
    }
}
