import ArgumentParser
import Directives
import Faces
import Imaging
import Networks
import Tensors

/// `likeness bench network`: images through a backbone, without reading files.
struct BenchNetwork: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network", abstract: "Images per second from pixels in memory to pooled features.")

    @Option(help: "The network: \(Architecture.names).")
    var model = Architecture.resnet50

    @Option(help: "Images in one run.")
    var batch = 32

    @Option(help: "The arithmetic: f32, bf16, or auto.")
    var precision = PrecisionChoice.f32

    @Option(help: "Height and width of an image.")
    var size = 218

    @Option(help: "Measured runs; the figure is their median.")
    var runs = 9

    @Option(help: "Processes that compute without pause meanwhile, at the same priority.")
    var beside = 0

    @Option(
        help: "A folder of images: the figure then includes reading, decoding and resizing all of them to 218 × 218.")
    var images: String?

    func validate() throws {
        guard (0...64).contains(beside) else { throw ValidationError("--beside must lie in 0…64") }
        guard (1...4096).contains(batch), (32...1024).contains(size), (1...1000).contains(runs) else {
            throw ValidationError("--batch must lie in 1…4096, --size in 32…1024 and --runs in 1…1000")
        }
    }

    func run() throws {
        do {
            let busy = try BusyProcesses(beside)
            defer { busy.stop() }
            let network = EmbeddingNetwork(model, seed: 0, precision: precision.used)
            if let images { return try fromFiles(ImageFiles([images]).all(), network) }
            let images = randomImages(batch, size: size)
            let timing = try Timing(runs: runs) { _ = try network.features(images) }
            try NetworkFigure(
                timing, images: batch, model: model.rawValue, precision: precision.used.rawValue, size: size
            ).print()
        } catch {
            throw Console.fail(error)
        }
    }

    /// From files to pooled features, as `likeness embed` and `evaluate` do it.
    private func fromFiles(_ files: [String], _ network: EmbeddingNetwork) throws {
        let describer = FaceEmbedder.network(network, .features)
        let timing = try Timing(runs: runs, warm: 1) {
            _ = try describer.describe(files.count, image: { try Image(contentsOf: files[$0]) }, progress: { _ in })
        }
        try NetworkFigure(
            timing, images: files.count, model: model.rawValue, precision: precision.used.rawValue,
            size: FaceTransform.size
        ).print()
    }
}

/// Normal numbers [count, size, size, 3].
func randomImages(_ count: Int, size: Int) -> Tensor {
    let images = Tensor([count, size, size, 3])
    var numbers = RandomNumbers(seed: 1, .benchmark)
    for index in images.values.indices { images.values[index] = Float(numbers.normal()) }
    return images
}
