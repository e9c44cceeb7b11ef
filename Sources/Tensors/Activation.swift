import COneDNN

/// The nonlinearity after a layer: max(x, 0), or that capped at 6 (MobileNets), or none.
package enum Activation: Sendable, Hashable {
    case none, relu, relu6

    var code: onednn_activation {
        switch self {
        case .none: onednn_linear
        case .relu: onednn_relu
        case .relu6: onednn_relu6
        }
    }
}

/// An activation over a tensor, in place; backward needs only what forward wrote.
package final class ActivationLayer {
    private let count: Int
    private let forwardKernel: Kernel?
    private let backwardKernel: Kernel?

    package init(_ activation: Activation, count: Int, scratch: Scratch) throws(KernelError) {
        self.count = count
        guard activation != .none else {
            (forwardKernel, backwardKernel) = (nil, nil)
            return
        }
        forwardKernel = try Kernel("activation", scratch: scratch) {
            onednn_activation_forward(Int64(count), activation.code, $0)
        }
        backwardKernel = try Kernel("activation, backward", scratch: scratch) {
            onednn_activation_backward(Int64(count), activation.code, $0)
        }
    }

    package func forward(_ values: Tensor) {
        precondition(values.count == count)
        forwardKernel?.run(values.values.baseAddress, values.values.baseAddress)
    }

    /// Turns the gradient by `output` into the gradient by the input, in place: zero where the activation was flat.
    package func backward(output: Tensor, gradient: Tensor) {
        precondition(output.count == count && gradient.count == count)
        let gradient = gradient.values.baseAddress
        backwardKernel?.run(output.values.baseAddress, gradient, gradient)
    }
}

/// The end of a residual block: y = activation(x + shortcut).
///
/// Its backward is the activation's: both summands receive the same gradient.
package final class Addition {
    private let kernel: Kernel
    private let activation: ActivationLayer

    package init(_ activation: Activation, count: Int, scratch: Scratch) throws(KernelError) {
        kernel = try Kernel("addition", scratch: scratch) { onednn_addition(Int64(count), activation.code, $0) }
        self.activation = try ActivationLayer(activation, count: count, scratch: scratch)
    }

    /// `output` may be `x`.
    package func forward(_ x: Tensor, _ shortcut: Tensor, into output: Tensor) {
        precondition(x.count == output.count && shortcut.count == output.count)
        kernel.run(x.values.baseAddress, shortcut.values.baseAddress, output.values.baseAddress)
    }

    /// In place: `gradient` by the output becomes the gradient by either summand.
    package func backward(output: Tensor, gradient: Tensor) {
        activation.backward(output: output, gradient: gradient)
    }
}
