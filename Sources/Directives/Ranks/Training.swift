import Checkpoints
import Faces
import Networks
import Ranks
import Tensors

/// A training, on a rank other than the first: the same steps over images of its own.
struct Training: RankJob {
    let faces: FacesToRead
    let augmentation: Augmentation
    let options: FineTuning.Options
    let validation: Double
    let architecture: Architecture
    let precision: Precision
    let normalizes: Bool
    let kernels: KernelKind

    init(_ training: FaceTraining, of network: EmbeddingNetwork) {
        faces = FacesToRead(training.faces)
        (augmentation, options, validation) = (training.augmentation, training.options, training.validation)
        (architecture, precision, normalizes) = (network.architecture, network.precision, network.normalizes)
        kernels = .here
    }

    func run(on ranks: Ranks) throws {
        guard let team = ranks.firstPower(atMost: BatchSplit.pieceCount) else { return }
        try kernels.check()
        // The first rank sends its weights.
        let network = EmbeddingNetwork(architecture, seed: 0, precision: precision, normalizes: normalizes)
        let training = FaceTraining(
            faces: faces.set, augmentation: augmentation, options: options, validation: validation)
        _ = try fineTune(network, training.trainingSet, options: options, ranks: team, fill: training.fill)
    }
}
