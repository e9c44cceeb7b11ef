import Tensors

/// What one core does: the first stages image by image, the later ones on a few images together.
///
/// The activations of the first stages fill a core's cache with one image. Behind them the images are small and the weights
/// are large: there a weight, once fetched, serves the whole group. The numbers are the same either way, bit for bit.
final class GroupPlan {
    /// Images in a full group.
    static let size = 4
    /// The largest activation of one image with which a stage works on groups.
    static let activationBytes = 448 << 10

    private let first: InferencePlan
    /// The later stages for one image and for a full group; nil where there are none.
    private let later: (single: InferencePlan, group: InferencePlan)?

    /// For images of `shape`, [1, height, width, 3]; the rest as for `InferencePlan`.
    init(
        _ stages: [Stage], layers: [FoldedLayer], centre: [Float], pools: Bool, precision: Precision,
        float32Stages: Int,
        input shape: [Int], scratch: Scratch
    ) throws(KernelError) {
        let count = GroupPlan.firstStages(stages, precision, input: shape)
        let layerCount = stages[..<count].reduce(0) { $0 + $1.layers.count }
        func plan(_ range: Range<Int>, _ layers: ArraySlice<FoldedLayer>, _ shape: [Int]) throws(KernelError)
            -> InferencePlan
        {
            let isLast = range.upperBound == stages.count
            return try InferencePlan(
                Array(stages[range]), layers: Array(layers), centre: isLast ? centre : [], pools: isLast && pools,
                precision: precision, float32Stages: max(0, float32Stages - range.lowerBound), input: shape,
                scratch: scratch)
        }
        first = try plan(0..<count, layers[..<layerCount], shape)
        guard count < stages.count else {
            later = nil
            return
        }
        let single = stages[..<count].outputShape(over: shape)
        let rest = layers[layerCount...]
        later = (
            try plan(count..<stages.count, rest, single),
            try plan(count..<stages.count, rest, [GroupPlan.size] + single.dropFirst())
        )
    }

    /// Those up to the last one in which an activation is too large for groups.
    private static func firstStages(_ stages: [Stage], _ precision: Precision, input: [Int]) -> Int {
        var shape = input
        var count = 0
        for (index, stage) in stages.enumerated() {
            if [stage].largestActivation(over: shape) * precision.byteCount > activationBytes { count = index + 1 }
            shape = [stage].outputShape(over: shape)
        }
        return count
    }

    /// Writes the rows `images` of `output`. `fill` writes one image; what it throws ends the run.
    func run<Failure: Error>(
        _ images: Range<Int>, into output: Tensor,
        fill: (_ index: Int, UnsafeMutableBufferPointer<Float>) throws(Failure) -> Void
    ) throws(Failure) {
        let isFull = images.count == GroupPlan.size
        for index in images {
            try fill(index, first.input.values)
            first.run()
            let row = output.entries(index..<index + 1)
            if let later {
                let slot = index - images.lowerBound
                let target = isFull ? later.group.input.entries(slot..<slot + 1) : later.single.input
                target.copy(from: first.output)
                guard !isFull else { continue }
                later.single.run()
                row.copy(from: later.single.output)
            } else {
                row.copy(from: first.output)
            }
        }
        guard isFull, let later else { return }
        later.group.run()
        output.entries(images).copy(from: later.group.output)
    }

    /// [1, height, width, 3]
    var inputShape: [Int] { first.input.shape }

    /// The kernels that oneDNN chose, first to last.
    var implementations: [String] { first.implementations + (later?.group.implementations ?? []) }
}
