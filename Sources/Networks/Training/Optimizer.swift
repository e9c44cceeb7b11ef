import Dispatch
import Foundation
import Synchronization
import Tensors

/// How gradients move parameters, in PyTorch's arithmetic.
package final class Optimizer {
    package enum Method: String, Sendable, Hashable, Codable, CaseIterable {
        /// Kingma and Ba, 2015: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²,
        /// p ← p − α/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε). Weight decay λ adds λp to g.
        case adam
        /// Loshchilov and Hutter, 2019: Adam, but the decay shrinks p by αλ directly.
        case adamw
        /// m ← 0.9 m + g, p ← p − αm. Weight decay λ adds λp to g.
        case sgd
    }

    package struct Parameter {
        let name: String
        let values: Tensor
        let gradient: Tensor
        /// Running means of the gradient (with SGD its decaying sum) and of its square.
        let mean: Tensor
        let square: Tensor

        package init(_ name: String, _ values: Tensor, gradient: Tensor) {
            precondition(values.shape == gradient.shape)
            (self.name, self.values, self.gradient) = (name, values, gradient)
            (mean, square) = (Tensor(values.shape), Tensor(values.shape))
        }

        /// Whether it and its means are, in that range; they have just been written, and lie in the cache.
        fileprivate func isFinite(_ range: Range<Int>) -> Bool {
            [values, mean, square].allSatisfy { UnsafeBufferPointer(rebasing: $0.values[range]).isFinite }
        }
    }

    let parameters: [Parameter]
    private let method: Method
    private let weightDecay: Double
    /// α, which a schedule may change between steps.
    package var learningRate: Double
    /// t: the steps taken so far.
    var stepCount = 0

    private static let (beta1, beta2, epsilon) = (0.9, 0.999, 1e-8)
    /// Parameters per parallel piece.
    private static let pieceSize = 1 << 18

    package init(
        _ parameters: [Parameter], _ method: Method = .adam, learningRate: Double, weightDecay: Double = 0
    ) {
        self.parameters = parameters
        self.method = method
        self.learningRate = learningRate
        self.weightDecay = weightDecay
    }

    /// Moves every parameter against its gradient. O(parameters), on all cores.
    ///
    /// - Returns: the first parameter that is not finite any more, or whose means are not; nil where all are.
    @discardableResult
    package func step() -> String? {
        stepCount += 1
        let correction1 = method == .sgd ? 1 : 1 - pow(Optimizer.beta1, Double(stepCount))
        let moment = Moment(
            method: method, rate: Float(learningRate / correction1),
            correction: Float((1 - pow(Optimizer.beta2, Double(stepCount))).squareRoot()),
            added: method == .adamw ? 0 : Float(weightDecay),
            kept: method == .adamw ? Float(1 - learningRate * weightDecay) : 1)
        var pieces: [(Parameter, Range<Int>)] = []
        for parameter in parameters {
            for start in stride(from: 0, to: parameter.values.count, by: Optimizer.pieceSize) {
                pieces.append((parameter, start..<min(start + Optimizer.pieceSize, parameter.values.count)))
            }
        }
        nonisolated(unsafe) let work = pieces  // disjoint ranges
        let unsound = Mutex<Int?>(nil)
        DispatchQueue.concurrentPerform(iterations: pieces.count) { index in
            let (parameter, range) = work[index]
            Optimizer.update(parameter, range, moment)
            guard !parameter.isFinite(range) else { return }
            unsound.withLock { $0 = min($0 ?? index, index) }
        }
        return unsound.withLock { $0 }.map { pieces[$0].0.name }
    }

    /// What is the same for all parameters of a step.
    private struct Moment {
        let method: Method
        let rate: Float
        let correction: Float
        /// Of a parameter, to its gradient.
        let added: Float
        /// Of a parameter, before it moves.
        let kept: Float
    }

    private static func update(_ parameter: Parameter, _ range: Range<Int>, _ moment: Moment) {
        guard let values = parameter.values.values.baseAddress, let gradient = parameter.gradient.values.baseAddress,
            let mean = parameter.mean.values.baseAddress, let square = parameter.square.values.baseAddress
        else { return }
        let (keep1, take1) = (Float(beta1), moment.method == .sgd ? 1 : Float(1 - beta1))
        let (rate, correction, added, kept) = (moment.rate, moment.correction, moment.added, moment.kept)
        if moment.method == .sgd {
            for index in range {
                let m = keep1 * mean[index] + take1 * (gradient[index] + added * values[index])
                mean[index] = m
                values[index] -= rate * m
            }
            return
        }
        let (keep2, take2) = (Float(beta2), Float(1 - beta2))
        let small = Float(epsilon)
        for index in range {
            let p = kept * values[index]
            let g = gradient[index] + added * p
            let m = keep1 * mean[index] + take1 * g
            let v = keep2 * square[index] + take2 * g * g
            mean[index] = m
            square[index] = v
            values[index] = p - rate * (m / (v.squareRoot() / correction + small))
        }
    }
}

/// How the learning rate changes from epoch to epoch.
package enum Schedule: String, Sendable, Hashable, Codable, CaseIterable {
    case constant
    /// From the full rate down half a cosine: (1 + cos(π · epoch / epochs)) / 2.
    case cosine
    /// A tenth after each third of the epochs.
    case step

    /// The factor in an epoch, from 0. In (0, 1].
    package func factor(epoch: Int, of epochs: Int) -> Double {
        switch self {
        case .constant: 1
        case .cosine: (1 + cos(Double.pi * Double(epoch) / Double(max(epochs, 1)))) / 2
        case .step: pow(0.1, Double(epoch / max(1, (epochs + 2) / 3)))
        }
    }
}
