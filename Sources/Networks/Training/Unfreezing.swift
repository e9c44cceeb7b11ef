/// How much of a backbone learns, counted from its end; its head always does.
package enum Unfreezing: Sendable, Hashable, Codable {
    /// Convolutions, each with its normalisation: 10 means `layer4` of ResNet-50 and `features.15` to `features.18` of
    /// MobileNet-V2.
    case layers(Int)
    /// Single tensors in PyTorch's order, three to a layer: weight, scale, shift. 10 means ResNet-50's last block and the
    /// shift before it.
    case tensors(Int)

    /// Tensors in PyTorch's order that stay as they are, of all that the backbone has.
    func frozenTensors(of architecture: Architecture) -> Int {
        let all = 3 * architecture.layers.count
        switch self {
        case .layers(let count):
            precondition((0...architecture.layers.count).contains(count))
            return all - 3 * count
        case .tensors(let count):
            precondition((0...all).contains(count))
            return all - count
        }
    }

    /// Names of the tensors that learn, the head's included, as in a checkpoint.
    package func names(in architecture: Architecture) -> [String] {
        let tensors = architecture.layers.flatMap {
            ["\($0.name).weight", "\($0.normalization).weight", "\($0.normalization).bias"]
        }
        return tensors.dropFirst(frozenTensors(of: architecture)) + HeadWeights.names
    }

    /// Whether an architecture has as many.
    package func isPossible(for architecture: Architecture) -> Bool {
        switch self {
        case .layers(let count): (0...architecture.layers.count).contains(count)
        case .tensors(let count): (0...3 * architecture.layers.count).contains(count)
        }
    }
}

extension Unfreezing {
    /// Numbers of the backbone that learn.
    package func parameterCount(in architecture: Architecture) -> Int {
        let sizes = architecture.layers.flatMap { [$0.weightShape.reduce(1, *), $0.outputs, $0.outputs] }
        return sizes.dropFirst(frozenTensors(of: architecture)).reduce(0, +)
    }

    /// Layers that learn, in thirds where only some of a layer's three tensors do.
    package func layerCount(of architecture: Architecture) -> Double {
        Double(architecture.layers.count) - Double(frozenTensors(of: architecture)) / 3
    }
}
