import Checkpoints
import Networks
import Tensors
import Testing

/// What is written for other programs, read back field by field.
@Suite struct ONNXTests {
    @Test(arguments: [Architecture.resnet18, .mobilenetV2], [false, true])
    func theGraphIsTheNetwork(_ architecture: Architecture, normalizes: Bool) throws {
        let network = EmbeddingNetwork(architecture, seed: 3, normalizes: normalizes)
        let file = network.onnx(size: 64, metadata: ["a": "1", "b": "2"]).encoded()
        let model = try Fields(file[...])
        #expect(model.integers[1] == [8])
        #expect(try Fields(#require(model.parts[8]?.first)).integers[2] == [13])
        let metadata = try (model.parts[14] ?? []).map { try Fields($0) }.map { $0.texts(1) + $0.texts(2) }
        #expect(metadata == [["a", "1"], ["b", "2"]])
        let graph = try Fields(#require(model.parts[7]?.first))

        // Every weight under its name, with its shape and bytes.
        let tensors = try (graph.parts[5] ?? []).map { try Fields($0) }
        let weights = network.checkpoint().tensors.filter { $0.element == .float32 }
        #expect(tensors.prefix(weights.count).map { $0.texts(8) } == weights.map { [$0.name] })
        for (tensor, weight) in zip(tensors, weights) {
            #expect(tensor.integers[1] == weight.shape.map(UInt64.init) && tensor.integers[2] == [1])
            let same = tensor.parts[9]?.first?.elementsEqual(weight.bytes) == true
            #expect(same, "\(weight.name)")
        }

        // Operations read what is there by then, and each weight is read.
        var known = Set(tensors.flatMap { $0.texts(8) })
        known.insert("images")
        var read: Set<String> = []
        let nodes = try (graph.parts[1] ?? []).map { try Fields($0) }
        for node in nodes {
            let inputs = node.texts(1)
            #expect(known.isSuperset(of: inputs), "\(inputs)")
            read.formUnion(inputs)
            for output in node.texts(2) { #expect(known.insert(output).inserted, "\(output)") }
        }
        #expect(read.isSuperset(of: weights.map(\.name)))
        let operations = nodes.compactMap { $0.texts(4).first }
        let layers = architecture.layers.count
        #expect(operations.count { $0 == "Conv" } == layers)
        #expect(operations.count { $0 == "BatchNormalization" } == layers)
        let shortcuts = architecture.stages.count {
            if case .block(let block) = $0 { block.shortcut != .none } else { false }
        }
        #expect(operations.count { $0 == "Add" } == shortcuts && operations.count { $0 == "Gemm" } == 2)
        #expect(operations.contains("Div") == normalizes)
        #expect(known.isSuperset(of: ["embedding", "features"]))
        let ends = try (graph.parts[12] ?? []).map { try Fields($0).texts(1) }
        #expect(ends == [["embedding"], ["features"]])
    }
}

/// A message's fields: numbers, and what has a length, by field number.
private struct Fields {
    var integers: [Int: [UInt64]] = [:]
    var parts: [Int: [ArraySlice<UInt8>]] = [:]

    func texts(_ field: Int) -> [String] { (parts[field] ?? []).map { String(decoding: $0, as: UTF8.self) } }

    struct Malformed: Error {}

    init(_ bytes: ArraySlice<UInt8>) throws {
        var rest = bytes
        func varint() throws -> UInt64 {
            var (value, shift) = (UInt64(0), 0)
            while let byte = rest.popFirst() {
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return value }
                shift += 7
            }
            throw Malformed()
        }
        while !rest.isEmpty {
            let tag = try varint()
            let field = Int(tag >> 3)
            switch tag & 7 {
            case 0: integers[field, default: []].append(try varint())
            case 2:
                let count = Int(try varint())
                guard count <= rest.count else { throw Malformed() }
                parts[field, default: []].append(rest.prefix(count))
                rest = rest.dropFirst(count)
            default: throw Malformed()
            }
        }
    }
}
