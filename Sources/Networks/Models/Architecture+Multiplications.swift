extension Architecture {
    /// Of the multiplications for an image, the share that those blocks do in which something learns, or behind which.
    ///
    /// - Parameter size: height and width of the image.
    package func trainedShare(_ unfreezing: Unfreezing, size: Int) -> Double {
        let point = FreezePoint(self, unfreezing)
        let input = [1, size, size, 3]
        let frozen = point.frozenStages.multiplications(over: input)
        let trained = point.trainedStages.multiplications(over: point.frozenStages.outputShape(over: input))
        return trained / (frozen + trained)
    }

    /// Bytes of what the blocks before make of an image, as training keeps it.
    ///
    /// - Parameter size: height and width of the image.
    package func frozenBytes(_ unfreezing: Unfreezing, size: Int) -> Int {
        4 * FreezePoint(self, unfreezing).frozenStages.outputShape(over: [1, size, size, 3]).reduce(1, *)
    }
}

extension [Stage] {
    /// Of all convolutions, over an NHWC shape.
    fileprivate func multiplications(over input: [Int]) -> Double {
        var shape = input
        var sum = 0.0
        for stage in self {
            if case .block(let block) = stage {
                if let projection = block.projection { sum += projection.multiplications(over: shape) }
                var inner = shape
                for layer in block.path {
                    sum += layer.multiplications(over: inner)
                    inner = layer.shape(over: inner).output
                }
            }
            shape = [stage].outputShape(over: shape)
        }
        return sum
    }
}

extension ConvolutionLayer {
    fileprivate func multiplications(over input: [Int]) -> Double {
        let output = shape(over: input).output
        return Double(output.dropLast().reduce(1, *)) * Double(weightShape.reduce(1, *))
    }
}
