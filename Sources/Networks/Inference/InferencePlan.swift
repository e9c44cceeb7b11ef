import Tensors

/// Consecutive stages compiled for one image size: kernels, packed weights, and three buffers that take turns.
///
/// Normalisations are folded, activations and residual sums fused into the convolutions, the first layers done in strips.
/// In bfloat16 the first stages still work in float32, then the activation is rounded, and the last one is widened:
/// callers see float32 alone.
package final class InferencePlan {
    enum Step {
        case convolution(ConvolutionStep)
        case maxPooling(MaxPooling, any Activations, any Activations)
        case rounding(Tensor, HalfTensor)
        case widening(HalfTensor, Tensor)
        case adding([Float], Tensor)
        case meanPooling(any Activations, Tensor)
    }

    /// Where the caller writes the NHWC image.
    package let input: Tensor
    /// The last stage's activation, valid until the next run.
    package let output: Tensor
    private let steps: [Step]

    /// `layers` holds the stages' layers in order; with `pools` the output is the mean over height and width. `centre` is
    /// what the layers leave out of the last activation, which is added again. For `stripBytes` see `RowStrips`.
    package init(
        _ stages: [Stage], layers: [FoldedLayer], centre: [Float] = [], pools: Bool, precision: Precision,
        float32Stages: Int,
        input shape: [Int], stripBytes: Int = RowStrips.cacheBytes, scratch: Scratch
    ) throws(KernelError) {
        let exact = precision == .f32 ? stages.count : min(float32Stages, stages.count)
        let strips = RowStrips(stages, input: shape, float32Stages: exact, bytes: stripBytes)
        input = Tensor(shape)
        var builder = PlanBuilder(input, layers, ScratchBuffer.three(strips, stages, float32Stages: exact), scratch)
        try builder.add(strips)
        for (index, stage) in stages.enumerated().dropFirst(strips.stageCount) {
            if index >= exact { builder.round() }
            try builder.add(stage)
        }
        output = builder.finish(centre: centre, pools: pools)
        steps = builder.steps
    }

    package func run() {
        for step in steps {
            switch step {
            case .convolution(let step): step.run()
            case .maxPooling(let pool, let x, let y): pool.forward(x, into: y)
            case .meanPooling(let x, let y): MeanPooling.forward(x, images: 0..<x.shape[0], into: y)
            case .rounding(let x, let y): y.copy(from: x)
            case .widening(let x, let y): x.write(to: y)
            case .adding(let centre, let x): x.add(toChannels: centre)
            }
        }
    }

    /// The kernels that oneDNN chose, first to last.
    var implementations: [String] {
        steps.compactMap { if case .convolution(let step) = $0 { step.convolution.implementation } else { nil } }
    }
}
