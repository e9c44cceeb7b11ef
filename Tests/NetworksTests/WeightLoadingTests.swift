import Checkpoints
import Networks
import Testing

/// Names of the tensors that are not the same bytes in both; a failed comparison prints these, not the weights.
func differences(_ one: Checkpoint, _ other: Checkpoint) -> [String] {
    guard one.tensors.map(\.name) == other.tensors.map(\.name) else { return ["the names"] }
    return zip(one.tensors, other.tensors).filter { $0 != $1 }.map(\.0.name)
}

@Suite struct WeightLoadingTests {
    private let weights = EmbeddingNetwork(.mobilenetV2, seed: 3).checkpoint()

    @Test func savedWeightsLoadAgain() throws {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 4)
        try network.load(weights)
        #expect(differences(network.checkpoint(), weights) == [])
    }

    @Test func aBackboneKeepsTheHead() throws {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 4)
        let before = network.checkpoint()
        try network.load(Checkpoint(tensors: weights.tensors.filter { !$0.name.hasPrefix("head.") }))
        let after = network.checkpoint()
        #expect(differences(before, after).contains("features.0.0.weight"))
        #expect(differences(after, weights) == ["head.0.weight", "head.0.bias", "head.2.weight", "head.2.bias"])
    }

    @Test func aClassifierIsIgnoredAndCountersMayBeMissing() throws {
        var tensors = weights.tensors.filter { !$0.name.hasSuffix("num_batches_tracked") }
        tensors.append(zeros("classifier.1.weight", [1000, 1280]))
        try EmbeddingNetwork(.mobilenetV2, seed: 4).load(Checkpoint(tensors: tensors))
    }

    @Test func everyMisfitIsNamedAndNothingChanges() {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 4)
        let before = network.checkpoint()
        var tensors = weights.tensors.filter { $0.name != "features.3.conv.2.weight" && $0.name != "head.2.bias" }
        tensors.removeAll { $0.name == "features.0.1.weight" }
        tensors += [zeros("features.0.1.weight", [31]), zeros("layer1.0.conv1.weight", [1])]
        let error = #expect(throws: WeightsError.self) { try network.load(Checkpoint(tensors: tensors)) }
        #expect(error?.missing == ["features.3.conv.2.weight", "head.2.bias"])
        #expect(error?.unexpected == ["layer1.0.conv1.weight"])
        #expect(error?.misshapen.map(\.name) == ["features.0.1.weight"])
        #expect(error?.misshapen.first?.expected == [32])
        #expect(
            error?.description
                == "the weights do not fit MobileNet-V2: missing features.3.conv.2.weight, head.2.bias; "
                + "unexpected layer1.0.conv1.weight; features.0.1.weight is F32 [31], not float [32]")
        #expect(differences(network.checkpoint(), before) == [])
    }

    /// Finite numbers of which a normalisation makes infinite ones, which ReLU6 would make plausible again.
    @Test(arguments: [
        ("features.3.conv.0.1.weight", Float(1e30)), ("features.3.conv.0.1.bias", -1e30),
        ("features.3.conv.0.1.running_mean", 1e38),
    ])
    func weightsThatOverflowWithTheirNormalisationAreRefused(name: String, value: Float) throws {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 4)
        let before = network.checkpoint()
        var tensors = weights.tensors
        let index = try #require(tensors.firstIndex { $0.name == name })
        tensors[index] = StoredTensor(
            name: name, shape: tensors[index].shape, floats: [value] + [Float](repeating: 1, count: 143))
        let error = #expect(throws: WeightsError.self) { try network.load(Checkpoint(tensors: tensors)) }
        #expect(error?.overflowing == ["features.3.conv.0.0"])
        #expect(
            error?.description
                == "the weights do not fit MobileNet-V2: too large beside their normalisation, so that results would overflow: features.3.conv.0.0"
        )
        #expect(differences(network.checkpoint(), before) == [])
    }

    @Test func namesFromTheFileDoNotSteerATerminal() {
        let tensors = weights.tensors + [zeros("x\u{1B}[31m\ny", [1])]
        let error = #expect(throws: WeightsError.self) {
            try EmbeddingNetwork(.mobilenetV2, seed: 4).load(Checkpoint(tensors: tensors))
        }
        #expect(error?.description == "the weights do not fit MobileNet-V2: unexpected x␛[31m␊y")
    }

    @Test func integersAreNotWeights() {
        var tensors = weights.tensors.filter { $0.name != "features.0.1.bias" }
        let bytes = [UInt8](repeating: 0, count: 256)
        tensors.append(StoredTensor(name: "features.0.1.bias", shape: [32], element: .int64, bytes: bytes))
        let error = #expect(throws: WeightsError.self) {
            try EmbeddingNetwork(.mobilenetV2, seed: 4).load(Checkpoint(tensors: tensors))
        }
        #expect(error?.misshapen.map(\.name) == ["features.0.1.bias"])
    }

    @Test func olderNamesAreUnderstood() throws {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 4)
        let renamed = weights.tensors.map { tensor in
            var tensor = tensor
            tensor.name = olderName(tensor.name)
            return tensor
        }
        #expect(renamed.contains { $0.name == "features.1.conv.4.running_mean" })
        #expect(renamed.contains { $0.name == "features.17.conv.7.bias" })
        try network.load(Checkpoint(tensors: renamed))
        #expect(differences(network.checkpoint(), weights) == [])
    }

    @Test(arguments: [
        (StoredTensor.Element.float16, [UInt8]([0x00, 0x3E]), Float(1.5)), (.float16, [0x01, 0x80], -0x1p-24),
        (.bfloat16, [0x20, 0xC0], -2.5), (.float64, [0, 0, 0, 0, 0, 0, 0xD0, 0x3F], 0.25),
    ])
    func otherPrecisionsBecomeFloat(_ element: StoredTensor.Element, _ bytes: [UInt8], _ value: Float) throws {
        let network = EmbeddingNetwork(.mobilenetV2, seed: 4)
        var tensors = weights.tensors.filter { $0.name != "features.0.1.bias" }
        let repeated = (0..<32).flatMap { _ in bytes }
        tensors.append(StoredTensor(name: "features.0.1.bias", shape: [32], element: element, bytes: repeated))
        try network.load(Checkpoint(tensors: tensors))
        let expected = withUnsafeBytes(of: value) { Array($0) }
        let bytes = try #require(network.checkpoint()["features.0.1.bias"]).bytes
        #expect(bytes == (0..<32).flatMap { _ in expected })
    }

    private func zeros(_ name: String, _ shape: [Int]) -> StoredTensor {
        let bytes = [UInt8](repeating: 0, count: shape.reduce(4, *))
        return StoredTensor(name: name, shape: shape, element: .float32, bytes: bytes)
    }

    /// `conv.i.0` and `conv.i.1` were `conv.(3i)` and `conv.(3i + 1)`; so were the last convolution and its normalisation.
    private func olderName(_ name: String) -> String {
        var parts = name.split(separator: ".").map(String.init)
        guard parts.count > 3, parts[2] == "conv" else { return name }
        let expands = parts[1] != "1"
        if parts.count == 6 || Int(parts[4]) != nil {
            let index = Int(parts[3]) ?? 0
            parts.replaceSubrange(3...4, with: ["\(3 * index + (Int(parts[4]) ?? 0))"])
        } else {
            let last = expands ? 2 : 1
            parts[3] = "\(3 * last + (Int(parts[3]) ?? 0) - last)"
        }
        return parts.joined(separator: ".")
    }
}
