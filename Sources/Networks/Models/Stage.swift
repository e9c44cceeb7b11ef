import Tensors

/// A convolution without bias, its batch normalisation, and the activation after them: what "layer" means here.
package struct ConvolutionLayer: Sendable, Hashable {
    /// PyTorch's names without the last part: `layer1.0.conv1` and `layer1.0.bn1`.
    package let name: String
    package let normalization: String
    package let inputs: Int
    package let outputs: Int
    package let kernel: Int
    package let stride: Int
    package let groups: Int
    package let activation: Activation

    package init(
        _ name: String, normalization: String, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1,
        groups: Int = 1, _ activation: Activation
    ) {
        (self.name, self.normalization) = (name, normalization)
        (self.inputs, self.outputs, self.groups) = (inputs, outputs, groups)
        (self.kernel, self.stride, self.activation) = (kernel, stride, activation)
    }

    /// [out, in / groups, height, width].
    package var weightShape: [Int] { [outputs, inputs / groups, kernel, kernel] }
    package var parameterCount: Int { weightShape.reduce(1, *) + 2 * outputs }

    /// The convolution over an NHWC activation; the padding keeps the size at stride 1.
    func shape(over input: [Int]) -> ConvolutionShape {
        ConvolutionShape(
            batch: input[0], height: input[1], width: input[2], inputs: inputs, outputs: outputs, groups: groups,
            kernel: kernel, stride: stride, padding: kernel / 2)
    }
}

/// Layers in a row, and what is added to the last one's output.
package struct Block: Sendable, Hashable {
    package enum Shortcut: Sendable, Hashable {
        case none
        /// The block's input.
        case identity
        /// The block's input through a 1×1 convolution, where size or channels change.
        case projection(ConvolutionLayer)
    }

    package let name: String
    package let path: [ConvolutionLayer]
    package let shortcut: Shortcut
    /// After the sum; without a shortcut the path's own activations are all there is.
    package let activation: Activation

    package init(_ name: String, _ path: [ConvolutionLayer], shortcut: Shortcut = .none, activation: Activation = .none)
    {
        (self.name, self.path, self.shortcut, self.activation) = (name, path, shortcut, activation)
    }

    package var projection: ConvolutionLayer? {
        if case .projection(let layer) = shortcut { layer } else { nil }
    }
}

/// One step of a backbone.
package enum Stage: Sendable, Hashable {
    case block(Block)
    case maxPooling(kernel: Int, stride: Int, padding: Int)

    package var layers: [ConvolutionLayer] {
        switch self {
        case .block(let block): block.path + (block.projection.map { [$0] } ?? [])
        case .maxPooling: []
        }
    }
}

extension Sequence<Stage> {
    /// What the stages make of an NHWC shape.
    func outputShape(over input: [Int]) -> [Int] {
        reduce(input) { shape, stage in
            switch stage {
            case .maxPooling(let kernel, let stride, let padding):
                let reduced = { (size: Int) in (size + 2 * padding - kernel) / stride + 1 }
                return [shape[0], reduced(shape[1]), reduced(shape[2]), shape[3]]
            case .block(let block):
                return block.path.reduce(shape) { $1.shape(over: $0).output }
            }
        }
    }

    /// Values of the largest activation that the stages read or write, inside blocks too.
    func largestActivation(over input: [Int]) -> Int {
        var shape = input
        var largest = shape.reduce(1, *)
        for stage in self {
            if case .block(let block) = stage {
                for layer in block.path {
                    shape = layer.shape(over: shape).output
                    largest = Swift.max(largest, shape.reduce(1, *))
                }
            } else {
                shape = [stage].outputShape(over: shape)
            }
            largest = Swift.max(largest, shape.reduce(1, *))
        }
        return largest
    }
}
