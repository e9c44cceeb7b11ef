import Checkpoints
import Tensors

extension EmbeddingNetwork {
    /// The network for other programs, from normalised images to embeddings: tensors under torchvision's names, each
    /// normalisation an operation of its own.
    ///
    /// Input `images` [n, 3, size, size]; outputs `embedding` [n, 128], scaled to length 1 where the network does it, and the
    /// pooled `features` [n, C].
    package func onnx(size: Int, metadata: [String: String]) -> ONNXModel {
        var graph = GraphBuilder()
        for stage in architecture.stages { graph.add(stage) }
        graph.add("GlobalAveragePool", into: "pooled")
        graph.add("Flatten", into: "features")
        let head = HeadWeights.names
        graph.add("Gemm", [head[0], head[1]], into: "head.0", [("transB", .integer(1))])
        graph.add("Relu", into: "head.1")
        let output = "embedding"
        graph.add("Gemm", [head[2], head[3]], into: normalizes ? "head.2" : output, [("transB", .integer(1))])
        if normalizes {
            graph.nodes += [
                .init("ReduceL2", ["head.2"], into: "length", [("axes", .integers([1]))]),
                .init("Max", ["length", "smallest"], into: "divisor"),
                .init("Div", ["head.2", "divisor"], into: output),
            ]
            graph.constants.append(StoredTensor(name: "smallest", shape: [], floats: [EmbeddingHead.smallest]))
        }
        return ONNXModel(
            name: architecture.rawValue, nodes: graph.nodes,
            tensors: checkpoint().tensors.filter { $0.element == .float32 } + graph.constants,
            input: .init(GraphBuilder.input, [3, size, size]),
            outputs: [.init(output, [HeadWeights.width]), .init("features", [architecture.featureCount])],
            metadata: metadata)
    }
}

/// Lays out operations, one after another.
private struct GraphBuilder {
    static let input = "images"

    var nodes: [ONNXModel.Node] = []
    var constants: [StoredTensor] = []
    /// What the operations so far make of the images.
    private var current = input

    /// An operation on what there is.
    mutating func add(
        _ operation: String, _ tensors: [String] = [], into output: String,
        _ attributes: [(name: String, value: ONNXModel.Attribute)] = []
    ) {
        nodes.append(.init(operation, [current] + tensors, into: output, attributes))
        current = output
    }

    mutating func add(_ stage: Stage) {
        switch stage {
        case .maxPooling(let kernel, let stride, let padding):
            add(
                "MaxPool", into: "maxpool",
                [
                    ("kernel_shape", .integers([kernel, kernel])), ("strides", .integers([stride, stride])),
                    ("pads", .integers([Int](repeating: padding, count: 4))),
                ])
        case .block(let block):
            let start = current
            for layer in block.path { add(layer) }
            guard block.shortcut != .none else { return }
            let path = current
            current = start
            if let projection = block.projection { add(projection) }
            add("Add", [path], into: "\(block.name).sum")
            add(block.activation, into: block.name)
        }
    }

    /// A convolution, its normalisation by running statistics with PyTorch's ε, which is also ONNX's, and its activation.
    private mutating func add(_ layer: ConvolutionLayer) {
        let padding = layer.kernel / 2
        add(
            "Conv", ["\(layer.name).weight"], into: layer.name,
            [
                ("kernel_shape", .integers([layer.kernel, layer.kernel])),
                ("strides", .integers([layer.stride, layer.stride])),
                ("pads", .integers([Int](repeating: padding, count: 4))), ("group", .integer(layer.groups)),
            ])
        add(
            "BatchNormalization",
            ["weight", "bias", "running_mean", "running_var"].map { "\(layer.normalization).\($0)" },
            into: layer.normalization)
        add(layer.activation, into: "\(layer.normalization).activation")
    }

    private mutating func add(_ activation: Activation, into output: String) {
        switch activation {
        case .none: break
        case .relu: add("Relu", into: output)
        case .relu6:
            if constants.isEmpty {
                constants = [("zero", 0), ("six", 6)].map { StoredTensor(name: $0, shape: [], floats: [Float($1)]) }
            }
            add("Clip", ["zero", "six"], into: output)
        }
    }
}
