/// A network as an ONNX file holds it: operations in order, the tensors that they read, and what people should know.
///
/// Written for opset 13; field numbers are those of onnx.proto, which never change.
package struct ONNXModel: Sendable {
    package enum Attribute: Sendable {
        case integer(Int)
        case integers([Int])
    }

    /// One operation of the standard operators.
    package struct Node: Sendable {
        var operation: String
        var inputs: [String]
        var output: String
        var attributes: [(name: String, value: Attribute)]

        package init(
            _ operation: String, _ inputs: [String], into output: String,
            _ attributes: [(name: String, value: Attribute)] = []
        ) {
            self.operation = operation
            self.inputs = inputs
            self.output = output
            self.attributes = attributes
        }
    }

    /// What goes in or comes out: float32; its first dimension is free.
    package struct Value: Sendable {
        var name: String
        var shape: [Int]

        /// - Parameter shape: without the first dimension.
        package init(_ name: String, _ shape: [Int]) { (self.name, self.shape) = (name, shape) }
    }

    private let name: String
    private let nodes: [Node]
    /// In float32.
    private let tensors: [StoredTensor]
    private let input: Value
    private let outputs: [Value]
    private let metadata: [String: String]

    package init(
        name: String, nodes: [Node], tensors: [StoredTensor], input: Value, outputs: [Value],
        metadata: [String: String]
    ) {
        precondition(tensors.allSatisfy { $0.element == .float32 })
        self.name = name
        self.nodes = nodes
        self.tensors = tensors
        self.input = input
        self.outputs = outputs
        self.metadata = metadata
    }

    /// The file's bytes. O(bytes).
    package func encoded() -> [UInt8] {
        var model = ProtobufMessage()
        model.add(1, 8)  // ir_version: ONNX 1.10 and later
        model.add(2, "likeness")  // producer_name
        model.add(7, graph)
        var opset = ProtobufMessage()
        opset.add(2, 13)  // version; the domain is the standard one
        model.add(8, opset)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            var entry = ProtobufMessage()
            entry.add(1, key)
            entry.add(2, value)
            model.add(14, entry)
        }
        return model.bytes
    }

    private var graph: ProtobufMessage {
        var graph = ProtobufMessage()
        for node in nodes { graph.add(1, node.message) }
        graph.add(2, name)
        for tensor in tensors { graph.add(5, tensor.message) }
        graph.add(11, input.message)
        for output in outputs { graph.add(12, output.message) }
        return graph
    }
}

/// `TensorProto.DataType.FLOAT`.
private let float32 = 1

extension ONNXModel.Node {
    /// A NodeProto; it is called after what it makes.
    fileprivate var message: ProtobufMessage {
        var node = ProtobufMessage()
        for input in inputs { node.add(1, input) }
        node.add(2, output)
        node.add(3, output)
        node.add(4, operation)
        for (name, value) in attributes {
            var attribute = ProtobufMessage()
            attribute.add(1, name)
            switch value {
            case .integer(let value):
                attribute.add(3, value)
                attribute.add(20, 2)
            case .integers(let values):
                for value in values { attribute.add(8, value) }
                attribute.add(20, 7)
            }
            node.add(5, attribute)
        }
        return node
    }
}

extension StoredTensor {
    /// A TensorProto with its elements as they are.
    fileprivate var message: ProtobufMessage {
        var tensor = ProtobufMessage()
        for size in shape { tensor.add(1, size) }
        tensor.add(2, float32)
        tensor.add(8, name)
        tensor.add(9, bytes)
        return tensor
    }
}

extension ONNXModel.Value {
    /// A ValueInfoProto.
    fileprivate var message: ProtobufMessage {
        var dimensions = ProtobufMessage()
        var free = ProtobufMessage()
        free.add(2, "n")
        dimensions.add(1, free)
        for size in shape {
            var dimension = ProtobufMessage()
            dimension.add(1, size)
            dimensions.add(1, dimension)
        }
        var tensor = ProtobufMessage()
        tensor.add(1, float32)
        tensor.add(2, dimensions)
        var type = ProtobufMessage()
        type.add(1, tensor)
        var value = ProtobufMessage()
        value.add(1, name)
        value.add(2, type)
        return value
    }
}
