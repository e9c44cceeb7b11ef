import Tensors

/// A tensor of normal numbers.
func randomTensor(_ shape: [Int], seed: UInt64) -> Tensor {
    var numbers = RandomNumbers(seed: seed, path: [])
    let tensor = Tensor(shape)
    for index in tensor.values.indices { tensor.values[index] = Float(numbers.normal()) }
    return tensor
}

func largestDifference(_ one: Tensor, _ other: Tensor) -> Float {
    precondition(one.count == other.count)
    return zip(one.values, other.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

/// Σ a·b: with fixed random `b`, a scalar function whose gradient by `a` is `b`.
func dot(_ a: Tensor, _ b: Tensor) -> Double {
    zip(a.values, b.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

/// The largest difference between a gradient and central differences of `loss`, relative to the gradient's size.
///
/// Looks at `count` entries spread over the tensor.
func gradientError(
    of variable: Tensor, _ gradient: Tensor, step: Float, count: Int = 24, loss: () -> Double
) -> Double {
    let scale = max(gradient.values.reduce(0) { max($0, Double(abs($1))) }, 1e-6)
    var worst = 0.0
    for probe in 0..<min(count, variable.count) {
        let index = probe * variable.count / min(count, variable.count)
        let kept = variable.values[index]
        variable.values[index] = kept + step
        let above = loss()
        variable.values[index] = kept - step
        let below = loss()
        variable.values[index] = kept
        let estimate = (above - below) / (2 * Double(step))
        worst = max(worst, abs(estimate - Double(gradient.values[index])) / scale)
    }
    return worst
}
