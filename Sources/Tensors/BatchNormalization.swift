import COneDNN

/// Batch normalisation by the batch's own statistics: y = γ (x − mean) / √(variance + ε) + β, per channel.
///
/// Ioffe and Szegedy, 2015. Mean and variance are kept from forward for backward; the variance is the biased one, which
/// normalises, while PyTorch's running statistics take the unbiased one: see `updateRunning`.
package final class BatchNormalization {
    package let shape: [Int]
    package let mean: Tensor
    package let variance: Tensor
    private let forwardKernel: Kernel
    private let backwardKernel: Kernel

    /// For NHWC activations of that shape.
    package init(_ shape: [Int], epsilon: Float = 1e-5, scratch: Scratch) throws(KernelError) {
        var code = onednn_window(nhwc: shape)
        self.shape = shape
        mean = Tensor([shape[3]])
        variance = Tensor([shape[3]])
        forwardKernel = try Kernel("batch normalisation", scratch: scratch) {
            onednn_normalization_forward(&code, epsilon, $0)
        }
        backwardKernel = try Kernel("batch normalisation, backward", scratch: scratch) {
            onednn_normalization_backward(&code, epsilon, $0)
        }
    }

    package var implementations: [String] { [forwardKernel.implementation, backwardKernel.implementation] }

    package func forward(_ x: Tensor, scale: Tensor, shift: Tensor, into y: Tensor) {
        precondition(x.shape == shape && y.shape == shape && scale.count == shape[3] && shift.count == shape[3])
        forwardKernel.run(
            x.values.baseAddress, scale.values.baseAddress, shift.values.baseAddress, mean.values.baseAddress,
            variance.values.baseAddress, y.values.baseAddress)
    }

    /// Gradients by scale, shift and input, which may be `gradient` itself; `x` is what forward received.
    package func backward(
        _ x: Tensor, scale: Tensor, shift: Tensor, gradient: Tensor, byScale: Tensor, byShift: Tensor, byInput: Tensor
    ) {
        precondition(x.shape == shape && gradient.shape == shape && byInput.shape == shape)
        precondition(scale.count == shape[3] && byScale.count == shape[3] && byShift.count == shape[3])
        backwardKernel.run(
            x.values.baseAddress, scale.values.baseAddress, shift.values.baseAddress, mean.values.baseAddress,
            variance.values.baseAddress, gradient.values.baseAddress, byInput.values.baseAddress,
            byScale.values.baseAddress, byShift.values.baseAddress)
    }

    /// Moves the running statistics toward the last batch's, as PyTorch does: with the unbiased variance, n / (n − 1).
    package func updateRunning(mean running: Tensor, variance runningVariance: Tensor, momentum: Float = 0.1) {
        precondition(running.count == shape[3] && runningVariance.count == shape[3])
        let count = Float(shape[0] * shape[1] * shape[2])
        let unbiased = count > 1 ? count / (count - 1) : 1
        for channel in 0..<shape[3] {
            running.values[channel] += momentum * (mean.values[channel] - running.values[channel])
            runningVariance.values[channel] +=
                momentum * (variance.values[channel] * unbiased - runningVariance.values[channel])
        }
    }
}
