import Tensors

/// ResNet: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", 2015, table 1, in the form that PyTorch
/// distributes (v1.5): the stride is on a bottleneck's 3×3 convolution.
enum ResNet {
    /// How often the block repeats in conv2_x … conv5_x.
    static let stages18 = stages([2, 2, 2, 2], .basic)
    static let stages34 = stages([3, 4, 6, 3], .basic)
    static let stages50 = stages([3, 4, 6, 3], .bottleneck)
    static let stages101 = stages([3, 4, 23, 3], .bottleneck)
    static let stages152 = stages([3, 8, 36, 3], .bottleneck)

    private enum Kind {
        /// Two 3×3 convolutions (figure 5, left).
        case basic
        /// 1×1 down to the width, 3×3, 1×1 up to four times the width (figure 5, right).
        case bottleneck

        func outputs(_ width: Int) -> Int { self == .basic ? width : 4 * width }
    }

    /// conv2_x … conv5_x: the width of a block's 3×3 convolutions, the first one's stride.
    private static let table: [(name: String, width: Int, stride: Int)] = [
        ("layer1", 64, 1),
        ("layer2", 128, 2),
        ("layer3", 256, 2),
        ("layer4", 512, 2),
    ]

    private static func stages(_ repetitions: [Int], _ kind: Kind) -> [Stage] {
        let stem = ConvolutionLayer("conv1", normalization: "bn1", 3, 64, kernel: 7, stride: 2, .relu)
        var stages: [Stage] = [.block(Block("stem", [stem])), .maxPooling(kernel: 3, stride: 2, padding: 1)]
        var channels = 64
        for (row, count) in zip(table, repetitions) {
            for index in 0..<count {
                let stride = index == 0 ? row.stride : 1
                stages.append(
                    .block(block("\(row.name).\(index)", kind, channels, width: row.width, stride: stride)))
                channels = kind.outputs(row.width)
            }
        }
        return stages
    }

    /// The path, plus the input, or its projection where size or channels change.
    private static func block(_ name: String, _ kind: Kind, _ inputs: Int, width: Int, stride: Int) -> Block {
        let outputs = kind.outputs(width)
        func layer(_ index: Int, _ from: Int, _ to: Int, kernel: Int, stride: Int = 1, _ then: Activation)
            -> ConvolutionLayer
        {
            ConvolutionLayer(
                "\(name).conv\(index)", normalization: "\(name).bn\(index)", from, to, kernel: kernel, stride: stride,
                then)
        }
        let path =
            switch kind {
            case .basic:
                [
                    layer(1, inputs, width, kernel: 3, stride: stride, .relu),
                    layer(2, width, width, kernel: 3, .none),
                ]
            case .bottleneck:
                [
                    layer(1, inputs, width, kernel: 1, .relu),
                    layer(2, width, width, kernel: 3, stride: stride, .relu),
                    layer(3, width, outputs, kernel: 1, .none),
                ]
            }
        let projection = ConvolutionLayer(
            "\(name).downsample.0", normalization: "\(name).downsample.1", inputs, outputs, kernel: 1, stride: stride,
            .none)
        return Block(
            name, path, shortcut: inputs == outputs && stride == 1 ? .identity : .projection(projection),
            activation: .relu)
    }
}
