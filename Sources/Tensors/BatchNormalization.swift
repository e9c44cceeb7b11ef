import CChannels
import Ranks

/// Batch normalisation by the batch's own statistics, with what follows it:
/// y = activation(γ (x − mean) / √(variance + ε) + β [+ shortcut]), per channel.
///
/// Ioffe and Szegedy, 2015. A pass goes over the batch's pieces twice: first each is measured, then, when all are, each is
/// written. Statistics are combined in double precision, piece after piece (Chan, Golub, LeVeque, 1979). The variance is the
/// biased one, which normalises, while PyTorch's running statistics take the unbiased one: see `updateRunning`.
package final class BatchNormalization {
    package let shape: [Int]
    package let mean: Tensor
    package let variance: Tensor
    private let split: BatchSplit
    private let activation: Activation
    private let epsilon: Double
    /// Of every piece, [2, channels]: forward mean and squared differences, backward the two sums of the gradient.
    private let measured: Tensor
    /// y = factor · x + offset.
    private let factor: Tensor
    private let offset: Tensor
    /// ∂/∂x = byGradient · g + byInput · x + constant.
    private let byGradient: Tensor
    private let byInput: Tensor
    private let constant: Tensor

    /// For NHWC activations of that shape.
    package init(_ shape: [Int], epsilon: Float = 1e-5, activation: Activation = .none, split: BatchSplit) {
        precondition(shape.count == 4 && shape[0] == split.pieces.last?.upperBound)
        let channels = [shape[3]]
        (self.shape, self.split, self.activation, self.epsilon) = (shape, split, activation, Double(epsilon))
        (mean, variance, factor, offset) = (Tensor(channels), Tensor(channels), Tensor(channels), Tensor(channels))
        (byGradient, byInput, constant) = (Tensor(channels), Tensor(channels), Tensor(channels))
        measured = Tensor([split.pieces.count, 2, shape[3]])
    }

    // Forward

    /// First, for every piece, on any thread.
    package func measure(_ x: any Activations, piece: Int) {
        precondition(fits(x))
        channels_statistics(
            split.precision.element, x.start(of: split.pieces[piece].lowerBound), rows(piece), shape[3],
            of(piece, 0), of(piece, 1))
    }

    /// Then, where there are several ranks: what all of them measured.
    package func share() throws(RankFailure) { try split.share(pieces: measured) }

    /// Then once.
    package func settle(scale: Tensor, shift: Tensor) {
        precondition(scale.count == shape[3] && shift.count == shape[3])
        let counts = split.pieces.indices.map { Double(rows($0)) }
        for channel in 0..<shape[3] {
            var (sum, squares) = (0.0, 0.0)
            for (piece, count) in counts.enumerated() { sum += count * at(piece, channel, 0) }
            let mean = sum / self.count
            for (piece, count) in counts.enumerated() {
                let distance = at(piece, channel, 0) - mean
                squares += at(piece, channel, 1) + count * distance * distance
            }
            let variance = squares / self.count
            let factor = Double(scale.values[channel]) / (variance + epsilon).squareRoot()
            self.mean.values[channel] = Float(mean)
            self.variance.values[channel] = Float(variance)
            self.factor.values[channel] = Float(factor)
            offset.values[channel] = Float(Double(shift.values[channel]) - mean * factor)
        }
    }

    /// Then for every piece. `y` may be `x` or `shortcut`.
    package func write(_ x: any Activations, adding shortcut: (any Activations)?, into y: any Activations, piece: Int) {
        precondition(fits(x) && fits(y) && shortcut.map(fits) != false)
        let first = split.pieces[piece].lowerBound
        channels_normalize(
            split.precision.element, x.start(of: first), factor.values.baseAddress, offset.values.baseAddress,
            shortcut?.start(of: first), activation.loop, rows(piece), shape[3], y.start(of: first))
    }

    // Backward, after a forward

    /// First, for every piece: `gradient` by `y` becomes the one before the activation, which the shortcut receives too.
    package func measure(gradient: any Activations, y: any Activations, x: any Activations, piece: Int) {
        precondition(fits(gradient) && fits(y) && fits(x))
        let first = split.pieces[piece].lowerBound
        channels_gradient_sums(
            split.precision.element, gradient.start(of: first), y.start(of: first), activation.loop,
            x.start(of: first), mean.values.baseAddress, rows(piece), shape[3], of(piece, 0), of(piece, 1))
    }

    /// Then, after `share`, once: gradients by scale and shift.
    package func settleGradient(scale: Tensor, byScale: Tensor, byShift: Tensor) {
        precondition(scale.count == shape[3] && byScale.count == shape[3] && byShift.count == shape[3])
        for channel in 0..<shape[3] {
            var (sum, product) = (0.0, 0.0)
            for piece in split.pieces.indices {
                sum += at(piece, channel, 0)
                product += at(piece, channel, 1)
            }
            let inverse = 1 / (Double(variance.values[channel]) + epsilon).squareRoot()
            let factor = Double(scale.values[channel]) * inverse
            let slope = -factor * inverse * inverse * product / count
            byScale.values[channel] = Float(product * inverse)
            byShift.values[channel] = Float(sum)
            byGradient.values[channel] = Float(factor)
            byInput.values[channel] = Float(slope)
            constant.values[channel] = Float(-factor * sum / count - slope * Double(mean.values[channel]))
        }
    }

    /// Then for every piece: the gradient by the input, which may be `gradient` itself; `x` is what forward received.
    package func backward(_ x: any Activations, gradient: any Activations, byInput y: any Activations, piece: Int) {
        precondition(fits(x) && fits(gradient) && fits(y))
        let first = split.pieces[piece].lowerBound
        channels_gradient(
            split.precision.element, gradient.start(of: first), x.start(of: first), byGradient.values.baseAddress,
            byInput.values.baseAddress, constant.values.baseAddress, rows(piece), shape[3], y.start(of: first))
    }

    /// Moves the running statistics toward the last batch's, as PyTorch does: with the unbiased variance, n / (n − 1).
    package func updateRunning(mean running: Tensor, variance runningVariance: Tensor, momentum: Float = 0.1) {
        precondition(running.count == shape[3] && runningVariance.count == shape[3])
        let unbiased = Float(count > 1 ? count / (count - 1) : 1)
        for channel in 0..<shape[3] {
            running.values[channel] += momentum * (mean.values[channel] - running.values[channel])
            runningVariance.values[channel] +=
                momentum * (variance.values[channel] * unbiased - runningVariance.values[channel])
        }
    }

    private func fits(_ x: any Activations) -> Bool { x.shape == shape && x.precision == split.precision }

    /// Pixels of the batch, and of a piece.
    private var count: Double { Double(shape[0] * shape[1] * shape[2]) }
    private func rows(_ piece: Int) -> Int { split.pieces[piece].count * shape[1] * shape[2] }

    private func of(_ piece: Int, _ row: Int) -> UnsafeMutablePointer<Float>? {
        measured.values.baseAddress.map { $0 + (2 * piece + row) * shape[3] }
    }

    private func at(_ piece: Int, _ channel: Int, _ row: Int) -> Double {
        Double(measured.values[(2 * piece + row) * shape[3] + channel])
    }
}

/// y ← y + x, for one piece of the batch.
package func add(_ x: any Activations, to y: any Activations, piece: Range<Int>) {
    precondition(x.shape == y.shape && x.precision == y.precision)
    channels_add(
        x.precision.element, y.start(of: piece.lowerBound), x.start(of: piece.lowerBound), piece.count * x.imageCount)
}
