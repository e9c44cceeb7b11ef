import Tensors

/// The first stages of a network, or all of them, for inference: weights folded once, kernels compiled per image size.
///
/// Every core works on images of its own, a few at a time. Nothing is shared but the weights, the activations stay in that
/// core's cache, and an image's result depends neither on its batch nor on the number of cores in a single bit.
final class FrozenStages {
    private let stages: [Stage]
    private let pools: Bool
    private let precision: Precision
    private let float32Stages: Int
    private let layers: [FoldedLayer]
    /// What the last activation is stored without; empty where it is stored as it is.
    private let centre: [Float]
    /// One per core, for images of one size.
    private var workers: [GroupPlan] = []

    /// `weights` holds the stages' layers in order; with `pools` the output is the mean over height and width.
    init(_ stages: [Stage], _ weights: [ConvolutionWeights], pools: Bool, precision: Precision, float32Stages: Int) {
        self.stages = stages
        self.pools = pools
        self.precision = precision
        self.float32Stages = float32Stages
        switch precision {
        case .f32: (layers, centre) = (weights.map { FoldedLayer($0) }, [])
        case .bf16:
            let means = ChannelMeans.of(stages, weights)
            layers = zip(weights, means.layers).map { FoldedLayer($0, means: $1) }
            centre = means.centre.contains { $0 != 0 } ? means.centre : []
        }
    }

    /// Compiles for images [height, width, 3]; does nothing when they have the size of the last ones.
    func prepare(height: Int, width: Int, threads: Int = Threads.count) throws(KernelError) {
        let shape = [1, height, width, 3]
        if workers.first?.inputShape == shape { return }
        workers = []
        var plans: [GroupPlan] = []
        for _ in 0..<threads {
            plans.append(
                try Threads.single { () throws(KernelError) in
                    try GroupPlan(
                        stages, layers: layers, centre: centre, pools: pools, precision: precision,
                        float32Stages: float32Stages,
                        input: shape, scratch: Scratch())
                })
        }
        workers = plans
    }

    /// Images of the prepared size → the last activation [n, h′, w′, c], or [n, c] where it pools.
    ///
    /// - Parameter fill: writes one NHWC image; called on several threads at once. Of its errors the one for the lowest
    ///   index is thrown.
    func forward<Failure: Error>(
        into output: Tensor, fill: @Sendable (_ index: Int, UnsafeMutableBufferPointer<Float>) throws(Failure) -> Void
    ) throws(Failure) {
        let count = output.shape[0]
        precondition(!workers.isEmpty)
        // A few images are better spread over the cores.
        let size = count >= GroupPlan.size * workers.count ? GroupPlan.size : 1
        // Each worker writes its own plan and its own images' rows.
        try Threads.each((count + size - 1) / size, workers: workers.count) { (group, worker) throws(Failure) in
            let start = group * size
            try workers[worker].run(start..<min(start + size, count), into: output, fill: fill)
        }
    }

    /// The kernels that oneDNN chose, first to last.
    var implementations: [String] { workers.first?.implementations ?? [] }
}
