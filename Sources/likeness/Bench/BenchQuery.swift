import ArgumentParser
import Directives
import Dispatch
import Faces
import Files
import Foundation
import Imaging
import Networks
import Preview
import Retrieval
import Synchronization
import Tensors

/// `likeness bench query`: from a photograph's bytes to its answer, as the query interface works.
struct BenchQuery: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Milliseconds from a photograph to its nearest faces, one at a time and eight at once, as JSON lines."
    )

    @Option(help: "A folder of photographs with one face each, most of which are found.")
    var images = "data/portraits"

    @Option(help: "The network, with weights from its seed: they cost as much as any others.")
    var model = Architecture.mobilenetV2

    @Option(help: "The arithmetic: f32, bf16, or auto.")
    var precision = PrecisionChoice.auto

    @Option(help: "Faces of the gallery; made up beyond the first few hundred, which the photographs yield.")
    var gallery = 6400

    @Option(help: "Photographs that are asked about.")
    var queries = 100

    @Option(help: "Megapixels of a large photograph.")
    var megapixels = 12

    @Option(help: "People who ask at once.")
    var people = 8

    /// Photographs that are embedded for the gallery.
    private static let embedded = 400

    func validate() throws {
        guard (1...2_000_000).contains(gallery), (1...10_000).contains(queries), (1...39).contains(megapixels),
            (1...64).contains(people)
        else {
            throw ValidationError(
                "--gallery takes 1 to 2000000, --queries 1 to 10000, --megapixels 1 to 39 and --people 1 to 64")
        }
    }

    func run() throws {
        do {
            let files = try ImageFiles([images]).all()
            guard !files.isEmpty else { throw Refusal("\(images) holds no photographs") }
            let finder = FaceFinder(
                SingleFace(cascade: try Cascade(contentsOf: cascadePath("haarcascade_frontalface_default"))),
                cropSize: nil)
            let network = EmbeddingNetwork(model, seed: 0, precision: precision.used)
            let embedder = FaceEmbedder.network(network, .embedding)
            let search = try FaceSearch(
                Self.nobody(gallery), vectors: try vectors(embedder, finder, files), finder: finder, embedder: embedder,
                leafSize: 128, threshold: nil)
            let photographs = try spread(files, queries, from: Self.embedded).map { try Files.read($0) }
            try tell("one at a time", photographs, try photographs.map { try ask($0, search) })
            try tell("\(people) at once", photographs, try atOnce(photographs, search))
            let large = try Self.large(Image(decoding: photographs[0], name: files[0]), megapixels: megapixels)
            try tell(
                "\(megapixels) megapixels", [large],
                try (0..<min(20, max(5, queries / 5))).map { _ in try ask(large, search) })
        } catch {
            throw Console.fail(error)
        }
    }

    /// Seconds of one answer, and of its stages.
    private struct Asked: Sendable {
        var seconds: Double
        var faces: Int
        var stages: [(name: String, seconds: Double)]
    }

    private func ask(_ photograph: [UInt8], _ search: FaceSearch) throws -> Asked {
        let start = DispatchTime.now().uptimeNanoseconds
        let found = try search.finder.find(in: photograph, name: "photograph")
        var times = found.times
        if let face = found.faces.first?.image {
            let vector = try times.measuring("embed") { try search.vector(of: face) }
            _ = try times.measuring("search") { try search.nearest(9, to: vector) }
        }
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
        return Asked(seconds: seconds, faces: found.faces.count, stages: times.stages)
    }

    /// Each person asks one photograph after the other; what is measured is how long each waits, the server's queue
    /// included.
    private func atOnce(_ photographs: [[UInt8]], _ search: FaceSearch) throws -> [Asked] {
        let asked = Mutex<[Asked]>([])
        let failure = Mutex<(any Error)?>(nil)
        let lane = Lane(threads: Threads.count, waiting: people)
        defer { lane.stop() }
        let group = DispatchGroup()
        for person in 0..<people {
            let own = photographs.indices.filter { $0 % people == person }.map { photographs[$0] }
            group.enter()
            Thread.detachNewThread {
                defer { group.leave() }
                for photograph in own {
                    let start = DispatchTime.now().uptimeNanoseconds
                    let end = DispatchSemaphore(value: 0)
                    _ = lane.add { _ in
                        do {
                            var answer = try ask(photograph, search)
                            answer.seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
                            asked.withLock { $0.append(answer) }
                        } catch {
                            failure.withLock { $0 = error }
                        }
                        end.signal()
                    }
                    end.wait()
                }
            }
        }
        group.wait()
        if let failure = failure.withLock({ $0 }) { throw failure }
        return asked.withLock { $0 }
    }

    private func tell(_ what: String, _ photographs: [[UInt8]], _ asked: [Asked]) throws {
        struct Figure: Encodable {
            var p50Ms: Double, p95Ms: Double, slowestMs: Double
            var query: String, photographs: Int, withOneFace: Int, gallery: Int, model: String, precision: String
            var threads: Int
            /// Medians.
            var stagesMs: [String: Double]
        }
        func rounded(_ seconds: Double) -> Double { (seconds * 1e5).rounded() / 100 }
        let seconds = asked.map(\.seconds).sorted()
        let stages = Dictionary(grouping: asked.flatMap(\.stages), by: \.name).mapValues {
            rounded(Timing(seconds: $0.map(\.seconds)).median)
        }
        try Console.results.print(
            json: Figure(
                p50Ms: rounded(Timing(seconds: seconds).median),
                p95Ms: rounded(seconds[(seconds.count - 1) * 95 / 100]),
                slowestMs: rounded(seconds.last ?? 0), query: what, photographs: photographs.count,
                withOneFace: asked.count { $0.faces == 1 }, gallery: gallery, model: model.rawValue,
                precision: precision.used.rawValue, threads: Threads.count, stagesMs: stages),
            keys: .convertToSnakeCase)
        try Console.results.flush()
    }

    /// Vectors of photographs, and around them made-up ones that lie as close as they do.
    private func vectors(_ embedder: FaceEmbedder, _ finder: FaceFinder, _ files: [String]) throws -> Matrix {
        let some = spread(files, min(Self.embedded, gallery), from: 0)
        let faces = concurrentMap(some) { file in
            Result { try finder.find(in: Files.read(file), name: file).faces.first?.image }
        }
        let found = try faces.compactMap { try $0.get() }
        guard !found.isEmpty else { throw Refusal("no face was found in \(images); name another folder") }
        let real = try embedder.describe(found.count, image: { found[$0] }, progress: { _ in })
        // Half the mean deviation of a coordinate.
        var spread = 0.0
        for column in 0..<real.columns {
            let values = (0..<real.rows).map { Double(real.values[$0 * real.columns + column]) }
            let mean = values.reduce(0, +) / Double(values.count)
            spread += (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        }
        spread *= 0.5 / Double(real.columns)
        var random = RandomNumbers(seed: 1, .benchmark)
        var values: [Float] = []
        values.reserveCapacity(gallery * real.columns)
        for row in 0..<gallery {
            let isReal = row < real.rows
            values += real.row(row % real.rows).map { isReal ? $0 : $0 + Float(spread * random.normal()) }
        }
        return Matrix(rows: gallery, columns: real.columns, values: values)
    }

    private func spread(_ files: [String], _ count: Int, from start: Int) -> [String] {
        (0..<count).map { files[(start + $0 * max(1, files.count / count)) % files.count] }
    }

    /// As many faces of nobody, without photographs.
    private static func nobody(_ count: Int) -> FaceSet {
        let face = FaceSet.Face(
            path: "", digest: Digest(of: []), pixels: Digest(of: []), identity: "",
            box: Rectangle(x: 0, y: 0, width: 1, height: 1), crop: Rectangle(x: 0, y: 0, width: 1, height: 1))
        return FaceSet(
            dataset: "made up", attributeNames: [], faces: Array(repeating: face, count: count), train: [], queries: [],
            gallery: Array(0..<count), triplets: [], report: .init(found: count, kept: count, dropped: []))
    }

    /// A photograph of that size, as a camera would take it: the face over a third of its height.
    private static func large(_ photograph: Image, megapixels: Int) throws -> [UInt8] {
        let height = Int((Double(megapixels) * 1e6 * 3 / 4).squareRoot())
        let width = height * 4 / 3
        let side = photograph.rgb.resized(width: width / 3, height: width / 3 * photograph.height / photograph.width)
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        // A wall in soft light, with the noise of a sensor.
        var random = RandomNumbers(seed: 2, .benchmark)
        for y in 0..<height {
            for x in 0..<width {
                let light = UInt8(120 + 60 * x / width + random.integer(below: 6))
                for channel in 0..<3 { pixels[(y * width + x) * 3 + channel] = light }
            }
        }
        for y in 0..<min(side.height, height) {
            let to = ((height - min(side.height, height) + y) * width + width / 3) * 3
            let from = y * side.width * 3
            pixels.replaceSubrange(to..<to + side.width * 3, with: side.pixels[from..<from + side.width * 3])
        }
        return try Image(width: width, height: height, channels: 3, pixels: pixels).jpeg(quality: 90)
    }
}
