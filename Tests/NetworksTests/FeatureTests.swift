import Checkpoints
import Networks
import Tensors
import Testing

@Suite struct FeatureTests {
    @Test(arguments: Architecture.allCases)
    func featuresAreTorchvisions(_ architecture: Architecture) throws {
        let reference = FeatureReference.of(architecture)
        let network = EmbeddingNetwork(architecture, seed: 5)
        try network.load(network.checkpoint().withStrongerDepthwiseLayers.withVariedNormalizations(architecture))
        let features = try network.features(randomImages(2, size: 64))
        for (image, expected) in reference.first.enumerated() {
            for (value, expected) in zip(features.row(image), expected) {
                #expect(abs(value - expected) < 1e-4 * reference.largest)
            }
            let mean = features.row(image).reduce(0) { $0 + Double($1) } / Double(features.columns)
            #expect(abs(Float(mean) - reference.means[image]) < 1e-4 * reference.largest)
        }
    }

    @Test(arguments: Architecture.allCases)
    func parametersAreTorchvisions(_ architecture: Architecture) {
        let classifier = architecture.featureCount * 1000 + 1000
        #expect(architecture.parameterCount + classifier == FeatureReference.of(architecture).parameters)
    }

    /// Their first layers have the same names, and most of the others.
    @Test(arguments: Architecture.allCases)
    func aFileIsOfTheNetworkThatItFits(_ architecture: Architecture) {
        let checkpoint = EmbeddingNetwork(architecture, seed: 1).checkpoint()
        #expect(Architecture.meant(by: checkpoint) == architecture)
        var damaged = checkpoint
        damaged.tensors.removeAll { $0.name.contains(".1.") && $0.shape.count == 1 }
        damaged.tensors.remove(at: 30)
        #expect(Architecture.meant(by: damaged) == architecture)
        #expect(Architecture.meant(by: Checkpoint(tensors: [])) == nil)
    }
}

extension FeatureReference {
    fileprivate static func of(_ architecture: Architecture) -> FeatureReference {
        switch architecture {
        case .resnet18: resnet18
        case .resnet34: resnet34
        case .resnet50: resnet50
        case .resnet101: resnet101
        case .resnet152: resnet152
        case .mobilenetV2: mobilenetV2
        }
    }
}

extension Checkpoint {
    /// As in `Fixtures/features.py`.
    fileprivate func withVariedNormalizations(_ architecture: Architecture) -> Checkpoint {
        var changed = self
        for (place, layer) in architecture.layers.enumerated() {
            var numbers = RandomNumbers(seed: 5, path: [1001, place])
            let parts = [("weight", 0.8, 0.4), ("bias", -0.1, 0.2), ("running_mean", 0, 0.2), ("running_var", 0.5, 1)]
            for (part, start, width) in parts {
                let name = "\(layer.normalization).\(part)"
                guard let index = changed.tensors.firstIndex(where: { $0.name == name }) else { continue }
                let floats = (0..<layer.outputs).map { _ in Float(start + width * numbers.uniform()) }
                changed.tensors[index] = StoredTensor(name: name, shape: [layer.outputs], floats: floats)
            }
        }
        return changed
    }
}
