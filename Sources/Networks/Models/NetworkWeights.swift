import Tensors

/// One layer's parameters and running statistics.
package final class ConvolutionWeights {
    package let layer: ConvolutionLayer
    /// [out, in / groups, height, width].
    package let weight: Tensor
    package let scale: Tensor
    package let shift: Tensor
    package let runningMean: Tensor
    package let runningVariance: Tensor
    /// Batches that the running statistics have seen.
    var batchesTracked = 0

    static let epsilon: Float = 1e-5
    static let normalizationParts = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]

    package init(_ layer: ConvolutionLayer) {
        self.layer = layer
        weight = Tensor(layer.weightShape)
        scale = Tensor([layer.outputs], repeatElement(1, count: layer.outputs))
        shift = Tensor([layer.outputs])
        runningMean = Tensor([layer.outputs])
        runningVariance = Tensor([layer.outputs], repeatElement(1, count: layer.outputs))
    }

    /// Under PyTorch's names, in its order.
    var named: [(name: String, tensor: Tensor)] {
        [
            ("\(layer.name).weight", weight), ("\(layer.normalization).weight", scale),
            ("\(layer.normalization).bias", shift), ("\(layer.normalization).running_mean", runningMean),
            ("\(layer.normalization).running_var", runningVariance),
        ]
    }

    /// The convolution that includes its normalisation by running statistics: w γ/√(v + ε) and β − m γ/√(v + ε).
    func folded() -> (weight: Tensor, bias: Tensor) {
        let folded = Tensor(weight.shape)
        let bias = Tensor([layer.outputs])
        let size = weight.count / layer.outputs
        for channel in 0..<layer.outputs {
            let deviation = (Double(runningVariance.values[channel]) + Double(ConvolutionWeights.epsilon)).squareRoot()
            let factor = Double(scale.values[channel]) / deviation
            for index in channel * size..<(channel + 1) * size {
                folded.values[index] = Float(Double(weight.values[index]) * factor)
            }
            bias.values[channel] = Float(
                Double(shift.values[channel]) - Double(runningMean.values[channel]) * factor)
        }
        return (folded, bias)
    }
}

/// The two fully connected layers after global average pooling: features → 128 → ReLU → 128.
package final class HeadWeights {
    package static let width = 128

    /// [outputs, inputs] and [outputs], as PyTorch keeps them.
    package let weight1: Tensor, bias1: Tensor
    package let weight2: Tensor, bias2: Tensor

    package init(features: Int) {
        weight1 = Tensor([HeadWeights.width, features])
        bias1 = Tensor([HeadWeights.width])
        weight2 = Tensor([HeadWeights.width, HeadWeights.width])
        bias2 = Tensor([HeadWeights.width])
    }

    /// As in `Sequential(Linear, ReLU, Linear)` under `head`.
    static let names = ["head.0.weight", "head.0.bias", "head.2.weight", "head.2.bias"]

    var named: [(name: String, tensor: Tensor)] {
        Array(zip(HeadWeights.names, [weight1, bias1, weight2, bias2]))
    }

    var parameterCount: Int { named.reduce(0) { $0 + $1.tensor.count } }
}

/// All that a network has learnt.
final class NetworkWeights {
    let layers: [ConvolutionWeights]
    let head: HeadWeights

    init(_ architecture: Architecture) {
        layers = architecture.layers.map(ConvolutionWeights.init)
        head = HeadWeights(features: architecture.featureCount)
    }

    var named: [(name: String, tensor: Tensor)] { layers.flatMap(\.named) + head.named }
}
