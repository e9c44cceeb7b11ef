import Tensors

/// ResNet-50: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", 2015, table 1, in the form that
/// PyTorch distributes (v1.5): the stride is on a block's 3×3 convolution.
enum ResNet50 {
    /// conv2_x … conv5_x: how often the bottleneck repeats, its width (the output has four times that), the first stride.
    private static let table: [(name: String, blocks: Int, width: Int, stride: Int)] = [
        ("layer1", 3, 64, 1),
        ("layer2", 4, 128, 2),
        ("layer3", 6, 256, 2),
        ("layer4", 3, 512, 2),
    ]

    static let stages: [Stage] = {
        let stem = ConvolutionLayer("conv1", normalization: "bn1", 3, 64, kernel: 7, stride: 2, .relu)
        var stages: [Stage] = [.block(Block("stem", [stem])), .maxPooling(kernel: 3, stride: 2, padding: 1)]
        var channels = 64
        for row in table {
            for index in 0..<row.blocks {
                let stride = index == 0 ? row.stride : 1
                let block = bottleneck("\(row.name).\(index)", channels, width: row.width, stride: stride)
                stages.append(.block(block))
                channels = 4 * row.width
            }
        }
        return stages
    }()

    /// 1×1 down to the width, 3×3, 1×1 up to four times the width, plus the shortcut (figure 5, right).
    private static func bottleneck(_ name: String, _ inputs: Int, width: Int, stride: Int) -> Block {
        let outputs = 4 * width
        func layer(_ index: Int, _ from: Int, _ to: Int, kernel: Int, stride: Int = 1, _ then: Activation)
            -> ConvolutionLayer
        {
            ConvolutionLayer(
                "\(name).conv\(index)", normalization: "\(name).bn\(index)", from, to, kernel: kernel, stride: stride,
                then)
        }
        let projection = ConvolutionLayer(
            "\(name).downsample.0", normalization: "\(name).downsample.1", inputs, outputs, kernel: 1, stride: stride,
            .none)
        return Block(
            name,
            [
                layer(1, inputs, width, kernel: 1, .relu),
                layer(2, width, width, kernel: 3, stride: stride, .relu),
                layer(3, width, outputs, kernel: 1, .none),
            ],
            shortcut: inputs == outputs && stride == 1 ? .identity : .projection(projection),
            activation: .relu)
    }
}
