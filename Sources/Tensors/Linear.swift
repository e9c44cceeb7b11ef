import COneDNN

/// A fully connected layer: y = x wᵀ + b, with w [outputs, inputs] as PyTorch keeps it.
package enum Linear {
    /// `x` [n, inputs] → `y` [n, outputs].
    package static func forward(_ x: Tensor, weights: Tensor, bias: Tensor, into y: Tensor) {
        let (n, inputs, outputs) = sizes(x, weights, y)
        precondition(bias.count == outputs)
        for row in 0..<n { y.entries(row..<row + 1).copy(from: bias) }
        multiply(x, weights, transposingSecond: true, rows: n, columns: outputs, inner: inputs, adding: true, into: y)
    }

    /// Gradients by weights (gᵀ x), bias (column sums of g) and input (g w) from the gradient `g` by `y`.
    package static func backward(
        _ x: Tensor, weights: Tensor, gradient: Tensor, byWeights: Tensor, byBias: Tensor, byInput: Tensor?
    ) {
        let (n, inputs, outputs) = sizes(x, weights, gradient)
        precondition(byWeights.shape == weights.shape && byBias.count == outputs)
        multiply(gradient, x, transposingFirst: true, rows: outputs, columns: inputs, inner: n, into: byWeights)
        byBias.values.update(repeating: 0)
        for row in 0..<n {
            for column in 0..<outputs { byBias.values[column] += gradient.values[row * outputs + column] }
        }
        guard let byInput else { return }
        precondition(byInput.count == x.count)
        multiply(gradient, weights, rows: n, columns: inputs, inner: outputs, into: byInput)
    }

    private static func sizes(_ x: Tensor, _ weights: Tensor, _ y: Tensor) -> (n: Int, inputs: Int, outputs: Int) {
        precondition(weights.shape.count == 2 && x.count == x.shape[0] * weights.shape[1])
        precondition(y.count == x.shape[0] * weights.shape[0])
        return (x.shape[0], weights.shape[1], weights.shape[0])
    }

    private static func multiply(
        _ a: Tensor, _ b: Tensor, transposingFirst: Bool = false, transposingSecond: Bool = false, rows: Int,
        columns: Int, inner: Int, adding: Bool = false, into c: Tensor
    ) {
        let status = onednn_matrix_product(
            transposingFirst ? 1 : 0, transposingSecond ? 1 : 0, Int64(rows), Int64(columns), Int64(inner),
            a.values.baseAddress, b.values.baseAddress, adding ? 1 : 0, c.values.baseAddress)
        precondition(status == onednn_ok)
    }
}
