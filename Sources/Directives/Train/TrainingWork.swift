import Chapters
import Checkpoints
import Execution
import Faces
import Networks
import Retrieval
import Tensors

/// What several trainings of one backbone on one preprocessing's faces need not compute twice: with ImageNet's weights it is
/// the same in all of them.
final class SharedWork {
    /// What frozen layers made of the faces, by the layers that learn.
    fileprivate var features: [Unfreezing: FeatureCache] = [:]
    /// Of the features of these faces.
    fileprivate var components: [[Int]: PrincipalComponents] = [:]
}

/// What a step of `train` does, for each of its runs.
final class TrainingWork {
    private let id: String
    private let options: Options
    private let architecture: Architecture
    private let backbone: BackboneWeights
    private let precision: Precision
    private let step: StepContext
    private let shared: SharedWork
    private let recipe: FineTuning.Options
    /// Whether the backbone's numbers are random and the options ask for fewer triplets then.
    let isShort: Bool

    /// - Parameter shared: with other trainings of the same backbone, precision and preprocessing.
    init(
        id: String, options: Options, architecture: Architecture, backbone: BackboneWeights, precision: Precision,
        shared: SharedWork = SharedWork(), step: StepContext
    ) {
        self.id = id
        self.options = options
        self.architecture = architecture
        self.backbone = backbone
        self.precision = precision
        self.shared = shared
        self.step = step
        isShort = backbone.isRandom && options[Train.tripletsIfRandom] > 0
        var recipe = TrainingRecipe.tuning(options)
        if isShort { recipe.tripletsPerEpoch = options[Train.tripletsIfRandom] }
        self.recipe = recipe
    }

    /// What the frozen layers made of the faces so far; nil where that differs from training to training.
    private func sharedFeatures() -> FeatureCache? {
        guard !backbone.isRandom, recipe.augmenting == .none else { return nil }
        let features = shared.features[recipe.unfreeze] ?? FeatureCache()
        shared.features[recipe.unfreeze] = features
        return features
    }

    /// What one run leaves behind.
    struct Trained {
        var network: EmbeddingNetwork
        var weights: Checkpoint
        var history: Train.History
        var changes: WeightChanges
        /// nil where nobody wants to see it.
        var plane: EmbeddingPlane?
        var seconds: [Double]
        /// Where a longer run goes on.
        var state: Checkpoint
        var warnings: [String]
    }

    /// - Parameters:
    ///   - number: of the run, from 0.
    ///   - showsPlane: whether a few people's faces are embedded before and after.
    ///   - earlier: the state of a shorter run with otherwise equal options.
    func train(
        _ faces: FaceSet, _ run: Run, _ number: Int, of count: Int, showsPlane: Bool = false,
        earlier: @escaping @Sendable () throws -> Checkpoint? = { nil }
    ) throws -> Trained {
        let seed = UInt64(run.seed)
        let network = try start(faces, run)
        let before = network.checkpoint()
        let sample = showsPlane ? PlaneSample(faces) : nil
        let untrained = try sample?.view(of: network, faces, "sample before", step)
        var recipe = recipe
        recipe.seed = seed
        var training = FaceTraining(
            faces: faces,
            augmentation: Augmentation(
                erasing: options[Train.erasing], regionDropout: options[Train.dropout],
                flip: options[Train.flip], seed: seed),
            options: recipe, validation: options[TrainingRecipe.validation])
        training.checkInterruption = step.checkInterruption
        if count > 1 { training.prefix = "run \(number + 1)/\(count), " }
        training.later = (count - number - 1) * training.expectedImages
        training.checkpoints = TrainingCheckpoints(folder: step.scratch, run: number)
        training.earlier = earlier
        var warnings: [String] = []
        do {
            let done = try training.run(
                network, features: sharedFeatures(), ranks: step.ranks, warn: { warnings.append($0) },
                progress: { progress in
                    try step.checkInterruption()
                    step.progress(progress)
                })
            let after = try sample?.view(of: network, faces, "sample after", step)
            let history = Train.History(
                architecture: architecture, weights: backbone.fileName, margin: options[Train.margin],
                batch: options[Train.batch], triplets: training.tripletsPerEpoch, normalizes: network.normalizes,
                chosenEpoch: done.stoppedEarly || done.chosenEpoch != done.epochs.indices.last
                    ? done.chosenEpoch : nil,
                epochs: done.epochs.map(Train.History.Epoch.init))
            let weights = network.checkpoint()
            return Trained(
                network: network, weights: weights, history: history,
                changes: WeightChanges(
                    before: before, after: weights, trained: Set(recipe.unfreeze.names(in: architecture))),
                plane: sample.flatMap { sample in
                    untrained.flatMap { before in after.map { EmbeddingPlane(sample, before: before, after: $0) } }
                }, seconds: done.epochs.map(\.seconds),
                state: done.state, warnings: warnings + (history.collapse.map { [$0.text] } ?? []))
        } catch let divergence as Divergence {
            throw OptionProblem(Train.learningRate, "diverged", "train '\(id)' \(divergence)")
        } catch is UnsoundVectors {
            throw OptionProblem(
                Train.learningRate, "diverged",
                "train '\(id)' diverged: its embeddings are not finite numbers; lower learning_rate")
        }
    }

    /// The network as a run begins with it.
    func start(_ faces: FaceSet, _ run: Run) throws -> EmbeddingNetwork {
        let seed = UInt64(run.seed)
        let network = try backbone.network(
            architecture, seed: seed, precision: precision, normalizes: options[TrainingRecipe.normalize])
        if options[TrainingRecipe.head] == .components { try startHead(of: network, faces, seed) }
        return network
    }

    /// As the principal components of the training faces' features, scaled so that embeddings have a mean squared length of 1.
    private func startHead(of network: EmbeddingNetwork, _ faces: FaceSet, _ seed: UInt64) throws {
        let validating = faces.validationPeople(options[TrainingRecipe.validation], seed: seed)
        let chosen = FaceEmbedder.fittingFaces(of: faces).filter { !validating.contains(faces.faces[$0].identity) }
        let components =
            try shared.components[chosen] ?? self.components(of: network, faces, chosen)
        if !backbone.isRandom { shared.components[chosen] = components }
        network.startHead(
            along: (0..<components.directions.rows).map { Array(components.directions.row($0)) },
            mean: components.mean, scale: Float(1 / components.variances.reduce(0, +).squareRoot()))
    }

    private func components(
        of network: EmbeddingNetwork, _ faces: FaceSet, _ chosen: [Int]
    ) throws -> PrincipalComponents {
        let features = try FaceEmbedder.network(network, .features).describe(
            chosen, of: faces, in: step, part: "head")
        guard let components = PrincipalComponents(fitting: features, count: HeadWeights.width / 2) else {
            throw OptionProblem(TrainingRecipe.head, "nothing-to-fit", "the training faces are all alike")
        }
        return components
    }
}
