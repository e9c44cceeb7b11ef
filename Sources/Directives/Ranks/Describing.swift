import Checkpoints
import Execution
import Faces
import Networks
import Ranks
import Tensors

/// Describing faces, on a rank other than the first.
struct Describing: RankJob {
    let faces: FacesToRead
    /// nil compares pixels.
    let network: Network?
    let kernels: KernelKind

    struct Network: Codable {
        let architecture: Architecture
        let precision: Precision
        let isUnit: Bool
        let layer: DescriptionLayer
    }

    init(_ describer: FaceEmbedder, _ faces: FacesToRead) {
        self.faces = faces
        kernels = .here
        network =
            if case .network(let network, let layer) = describer.foundation {
                Network(
                    architecture: network.architecture, precision: network.precision, isUnit: network.normalizes,
                    layer: layer)
            } else {
                nil
            }
    }

    func run(on ranks: Ranks) throws {
        let set = faces.set
        var describer = FaceEmbedder.pixels
        if let network {
            try kernels.check()
            let made = EmbeddingNetwork(
                network.architecture, seed: 0, precision: network.precision, normalizes: network.isUnit)
            try made.load(Checkpoint(decoding: ranks.broadcast(nil), name: "the first rank's weights"))
            describer = .network(made, network.layer)
        }
        try describer.serve(set.faces.count, image: { try set.image(of: $0) }, ranks)
    }
}

extension FaceEmbedder {
    /// Vectors of some faces of a set, one a row, on all ranks of a step. O(faces).
    ///
    /// - Parameters:
    ///   - part: what progress calls it; nil where nobody wants to hear.
    ///   - journal: where vectors are kept as they come.
    func describe(
        _ indices: [Int], of faces: FaceSet, in step: StepContext, part: String?, journal: RowJournal? = nil
    ) throws -> Matrix {
        // A few faces are not worth the way of the weights; vectors that were given are here alone.
        var ranks = indices.count > 2 * Self.batch ? step.ranks : .alone
        if case .given = foundation { ranks = .alone }
        return try ranks.together(Describing(self, FacesToRead(faces, indices))) { ranks in
            if ranks.count > 1, case .network(let network, _) = foundation {
                _ = try ranks.broadcast(network.checkpoint().safetensors())
            }
            return try describe(
                indices.count,
                image: { place in
                    try step.checkInterruption()
                    return try faces.image(of: indices[place])
                }, journal: journal, ranks: ranks,
                progress: { done in
                    try step.checkInterruption()
                    guard let part else { return }
                    step.progress(StepProgress(part: part, done: done, total: indices.count, unit: "images"))
                })
        }
    }
}
