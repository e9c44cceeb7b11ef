import Dispatch
import Foundation
import Tensors

/// Adam: Kingma and Ba, 2015, in PyTorch's arithmetic.
///
/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², p ← p − α/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε).
package final class Adam {
    package struct Parameter {
        let name: String
        let values: Tensor
        let gradient: Tensor
        /// Running means of the gradient and of its square.
        let mean: Tensor
        let square: Tensor

        package init(_ name: String, _ values: Tensor, gradient: Tensor) {
            precondition(values.shape == gradient.shape)
            (self.name, self.values, self.gradient) = (name, values, gradient)
            (mean, square) = (Tensor(values.shape), Tensor(values.shape))
        }
    }

    let parameters: [Parameter]
    let learningRate: Double
    /// t: the steps taken so far.
    var stepCount = 0

    private static let (beta1, beta2, epsilon) = (0.9, 0.999, 1e-8)
    /// Parameters per parallel piece.
    private static let pieceSize = 1 << 18

    package init(_ parameters: [Parameter], learningRate: Double) {
        self.parameters = parameters
        self.learningRate = learningRate
    }

    /// Moves every parameter against its gradient. O(parameters), on all cores.
    package func step() {
        stepCount += 1
        let rate = Float(learningRate / (1 - pow(Adam.beta1, Double(stepCount))))
        let correction = Float((1 - pow(Adam.beta2, Double(stepCount))).squareRoot())
        var pieces: [(Parameter, Range<Int>)] = []
        for parameter in parameters {
            for start in stride(from: 0, to: parameter.values.count, by: Adam.pieceSize) {
                pieces.append((parameter, start..<min(start + Adam.pieceSize, parameter.values.count)))
            }
        }
        nonisolated(unsafe) let work = pieces  // disjoint ranges
        DispatchQueue.concurrentPerform(iterations: pieces.count) { index in
            Adam.update(work[index].0, work[index].1, rate: rate, correction: correction)
        }
    }

    private static func update(_ parameter: Parameter, _ range: Range<Int>, rate: Float, correction: Float) {
        guard let values = parameter.values.values.baseAddress, let gradient = parameter.gradient.values.baseAddress,
            let mean = parameter.mean.values.baseAddress, let square = parameter.square.values.baseAddress
        else { return }
        let (keep1, take1) = (Float(beta1), Float(1 - beta1))
        let (keep2, take2) = (Float(beta2), Float(1 - beta2))
        let small = Float(epsilon)
        for index in range {
            let g = gradient[index]
            let m = keep1 * mean[index] + take1 * g
            let v = keep2 * square[index] + take2 * g * g
            mean[index] = m
            square[index] = v
            values[index] -= rate * (m / (v.squareRoot() / correction + small))
        }
    }
}
