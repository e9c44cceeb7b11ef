import Dispatch
import Tensors

extension NetworkWeights {
    /// PyTorch's initial distributions, from the seed; every tensor has its own stream.
    ///
    /// Convolutions: normal with variance 2 / (out · k²) (He et al. 2015, fan out). Normalisations: 1 and 0. The head's
    /// linear layers: uniform within ±1/√inputs, weights and biases alike.
    func initialize(seed: UInt64) {
        let layers = self.layers.enumerated().map { (stream: $0, weight: $1.weight, layer: $1.layer) }
        nonisolated(unsafe) let work = layers  // each iteration writes its own tensor
        DispatchQueue.concurrentPerform(iterations: layers.count) { index in
            let (stream, weight, layer) = work[index]
            let deviation = (2 / Double(layer.outputs * layer.kernel * layer.kernel)).squareRoot()
            weight.fillNormal(RandomNumbers(seed: seed, .initialWeights, stream), deviation: deviation)
        }
        let first = layers.count
        for (index, (weight, bias)) in [(head.weight1, head.bias1), (head.weight2, head.bias2)].enumerated() {
            let bound = 1 / Double(weight.shape[1]).squareRoot()
            weight.fillUniform(RandomNumbers(seed: seed, .initialWeights, first + 2 * index), bound: bound)
            bias.fillUniform(RandomNumbers(seed: seed, .initialWeights, first + 2 * index + 1), bound: bound)
        }
    }
}

extension Tensor {
    fileprivate func fillNormal(_ numbers: RandomNumbers, deviation: Double) {
        for index in values.indices {
            values[index] = Float(numbers.normal(at: UInt64(2 * index)) * deviation)
        }
    }

    fileprivate func fillUniform(_ numbers: RandomNumbers, bound: Double) {
        var numbers = numbers
        for index in values.indices { values[index] = Float(numbers.uniform(in: -bound...bound)) }
    }
}
