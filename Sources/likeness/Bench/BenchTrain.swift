import ArgumentParser
import Directives
import Dispatch
import Networks
import Ranks
import Tensors

/// `likeness bench train`: optimisation steps, without reading files.
struct BenchTrain: OnRanks {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Images per second through whole steps: forward, loss, backward, Adam.")

    @Option(help: "The network: \(Architecture.names).")
    var model = Architecture.resnet50

    @Option(help: "Images in one step, a multiple of three.")
    var batch = 48

    @Option(help: "Arithmetic of activations, their gradients and products: f32, bf16, or auto.")
    var precision = PrecisionChoice.f32

    @Option(help: "In what gradients are added up, and sent from rank to rank: f32 or bf16.")
    var gradients = Precision.f32

    @Option(help: "Height and width of an image.")
    var size = 218

    @Option(help: "Measured steps; the figure is their median.")
    var runs = 7

    @Option(help: "How many of the backbone's last tensors learn, as in the original; a layer has three.")
    var tensors = 10

    @Option(help: "Processes that compute without pause meanwhile, at the same priority.")
    var beside = 0

    func validate() throws {
        guard batch % 3 == 0, (3...3072).contains(batch), (32...1024).contains(size), (1...1000).contains(runs) else {
            throw ValidationError(
                "--batch must be a multiple of three in 3…3072, --size lie in 32…1024 and --runs in 1…1000")
        }
        guard (0...64).contains(beside) else { throw ValidationError("--beside must lie in 0…64") }
        guard Unfreezing.tensors(tensors).isPossible(for: model) else {
            throw ValidationError("--tensors is \(tensors), but the network has \(3 * model.layers.count)")
        }
    }

    func run(on ranks: Ranks) throws {
        do {
            var options = FineTuning.Options()
            options.tripletsPerBatch = batch / 3
            options.unfreeze = .tensors(tensors)
            (options.imageHeight, options.imageWidth) = (size, size)
            options.gradients = gradients
            let steps = MeasuredSteps(model: model, precision: precision.used, options: options, runs: runs)
            let busy = try BusyProcesses(beside)
            defer { busy.stop() }
            let timing = try ranks.together(steps) { try steps.measure(on: $0) }
            try NetworkFigure(
                timing, images: batch, model: model.rawValue, precision: precision.used.rawValue, size: size
            ).print()
        } catch {
            throw Console.fail(error)
        }
    }
}

/// Steps on random images, by all ranks together.
struct MeasuredSteps: RankJob {
    let model: Architecture
    let precision: Precision
    let options: FineTuning.Options
    let runs: Int
    var kernels = KernelKind.here

    func run(on ranks: Ranks) throws {
        try kernels.check()
        _ = try measure(on: ranks)
    }

    func measure(on ranks: Ranks) throws -> Timing {
        guard let team = ranks.firstPower(atMost: BatchSplit.pieceCount) else { return Timing(seconds: []) }
        let tuning = FineTuning(EmbeddingNetwork(model, seed: 0, precision: precision), options, ranks: team)
        let count = options.tripletsPerBatch
        let triplets = (0..<count).map { Triplet(anchor: $0, positive: count + $0, negative: 2 * count + $0) }
        nonisolated(unsafe) let images = randomImages(3 * count, size: options.imageHeight)  // only read
        // One step an epoch.
        return try Timing(runs: runs) {
            _ = try tuning.trainEpoch(TrainingSet(triplets: triplets)) { sample, _, image in
                _ = image.update(fromContentsOf: images.entries(sample..<sample + 1).values)
            }
        }
    }
}
