import Checkpoints
import Tensors

/// A checkpoint does not fit the network: every tensor that is missing, too many or of the wrong shape or type.
package struct WeightsError: Error, Equatable, CustomStringConvertible {
    package struct Misfit: Equatable, Sendable {
        package let name: String
        package let expected: [Int]
        package let found: [Int]
        package let element: StoredTensor.Element
    }

    package let architecture: Architecture
    package var missing: [String] = []
    package var unexpected: [String] = []
    package var misshapen: [Misfit] = []
    /// Layers whose weights, together with their normalisation, are so large that results would overflow.
    package var overflowing: [String] = []

    package var isEmpty: Bool {
        missing.isEmpty && unexpected.isEmpty && misshapen.isEmpty && overflowing.isEmpty
    }

    package var description: String {
        var parts: [String] = []
        if !missing.isEmpty { parts.append("missing \(WeightsError.listed(missing))") }
        if !unexpected.isEmpty { parts.append("unexpected \(WeightsError.listed(unexpected))") }
        if !misshapen.isEmpty {
            parts.append(
                WeightsError.listed(
                    misshapen.map { "\($0.name) is \($0.element.rawValue) \($0.found), not float \($0.expected)" }))
        }
        if !overflowing.isEmpty {
            let names = WeightsError.listed(overflowing)
            parts.append("too large beside their normalisation, so that results would overflow: \(names)")
        }
        return "the weights do not fit \(architecture.displayName): \(parts.joined(separator: "; "))"
    }

    /// The first few and how many more: a checkpoint of another network misses hundreds. The properties hold them all.
    private static func listed(_ names: [String]) -> String {
        let shown = 6
        let rest = names.count > shown ? " and \(names.count - shown) more" : ""
        return names.prefix(shown).map(\.brief).joined(separator: ", ") + rest
    }
}

extension Architecture {
    /// The network that a file holds, by the names and shapes of its convolutions: its misfits are worth telling. Nil where not
    /// even the first convolution is there.
    package static func meant(by checkpoint: Checkpoint) -> Architecture? {
        let stored = checkpoint.tensors.count { $0.shape.count == 4 }
        /// Convolutions that only one of both has.
        func difference(_ architecture: Architecture) -> Int {
            let layers = architecture.layers
            let shared = layers.count { checkpoint["\($0.name).weight"]?.shape == $0.weightShape }
            return layers.count + stored - 2 * shared
        }
        return allCases.filter { architecture in
            architecture.layers.first.map { checkpoint["\($0.name).weight"] != nil } ?? false
        }.min { difference($0) < difference($1) }
    }
}

extension NetworkWeights {
    /// Takes over a checkpoint's values; on an error nothing has changed.
    ///
    /// The classifier (`fc.*`, `classifier.*`) is ignored, `num_batches_tracked` may be absent, and so may the whole
    /// head, which then keeps its values: official backbones have none. MobileNet-V2's older names are understood.
    func load(_ checkpoint: Checkpoint, into architecture: Architecture) throws(WeightsError) {
        let stored = currentNames(checkpoint, architecture)
        var problems = WeightsError(architecture: architecture)
        var moves: [(from: StoredTensor, to: Tensor)] = []
        let headNames = Set(head.named.map(\.name))
        let hasHead = headNames.contains { stored[$0] != nil }
        for (name, tensor) in named where hasHead || !headNames.contains(name) {
            guard let found = stored[name] else {
                problems.missing.append(name)
                continue
            }
            if found.shape == tensor.shape, found.element != .int64 {
                moves.append((found, tensor))
            } else {
                problems.misshapen.append(
                    .init(name: name, expected: tensor.shape, found: found.shape, element: found.element))
            }
        }
        let known = Set(named.map(\.name)).union(layers.map { "\($0.layer.normalization).num_batches_tracked" })
        problems.unexpected = checkpoint.tensors.map(\.name).filter { original in
            let name = stored.originals[original] ?? original
            return !known.contains(name) && !name.hasPrefix("fc.") && !name.hasPrefix("classifier.")
        }
        guard problems.isEmpty else { throw problems }
        problems.overflowing = layers.filter { $0.overflows(with: stored.tensors) }.map(\.layer.name)
        guard problems.isEmpty else { throw problems }
        for move in moves { move.from.write(to: move.to) }
        for layer in layers {
            layer.batchesTracked = stored["\(layer.layer.normalization).num_batches_tracked"]?.integer ?? 0
        }
    }

    /// The network's values under PyTorch's names, the embedding head as `head.0` and `head.2`.
    func checkpoint() -> Checkpoint {
        var tensors: [StoredTensor] = []
        for layer in layers {
            tensors += layer.named.map { StoredTensor(name: $0.name, tensor: $0.tensor) }
            tensors.append(
                StoredTensor(
                    name: "\(layer.layer.normalization).num_batches_tracked", integer: layer.batchesTracked))
        }
        return Checkpoint(tensors: tensors + head.named.map { StoredTensor(name: $0.name, tensor: $0.tensor) })
    }

    private struct Stored {
        var tensors: [String: StoredTensor] = [:]
        /// A name in the file → today's name, where they differ.
        var originals: [String: String] = [:]
        subscript(name: String) -> StoredTensor? { tensors[name] }
    }

    private func currentNames(_ checkpoint: Checkpoint, _ architecture: Architecture) -> Stored {
        var stored = Stored()
        if architecture == .mobilenetV2 {
            stored.originals = MobileNetV2.renaming(checkpoint.tensors.map(\.name))
        }
        for tensor in checkpoint.tensors {
            stored.tensors[stored.originals[tensor.name] ?? tensor.name] = tensor
        }
        return stored
    }
}

extension ConvolutionWeights {
    /// With the linear bottlenecks of MobileNet-V2 no activation goes beyond float32 as long as weights stay below this;
    /// real ones stay below 10⁵. Beyond it ReLU6 would make plausible numbers out of infinities.
    private static let largest = 1e15

    /// Whether the convolution, its normalisation folded in, might overflow: by the largest of each tensor.
    fileprivate func overflows(with stored: [String: StoredTensor]) -> Bool {
        func floats(_ name: String) -> [Float] { stored[name]?.floats() ?? [] }
        func largest(_ name: String) -> Double { floats(name).withUnsafeBufferPointer { Double($0.largestMagnitude) } }
        let norm = layer.normalization
        return ConvolutionWeights.overflows(
            weight: largest("\(layer.name).weight"), scale: largest("\(norm).weight"), shift: largest("\(norm).bias"),
            mean: largest("\(norm).running_mean"), variance: Double(floats("\(norm).running_var").min() ?? 0))
    }

    /// The same of its own values.
    var overflows: Bool {
        func largest(_ tensor: Tensor) -> Double { Double(UnsafeBufferPointer(tensor.values).largestMagnitude) }
        return ConvolutionWeights.overflows(
            weight: largest(weight), scale: largest(scale), shift: largest(shift), mean: largest(runningMean),
            variance: Double(runningVariance.values.min() ?? 0))
    }

    private static func overflows(weight: Double, scale: Double, shift: Double, mean: Double, variance: Double) -> Bool
    {
        let factor = scale / (variance + Double(epsilon)).squareRoot()
        return !(weight * factor <= largest && shift + mean * factor <= largest)
    }
}
