import ArgumentParser
import Checkpoints
import Diagnostics
import Directives
import Faces
import Files
import Foundation
import Imaging
import Networks
import Synchronization
import Tensors

/// `likeness embed`: images → float32 vectors in a NumPy file.
struct Embed: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes one vector per image as float32 rows in path order, and the paths beside them.")

    @Option(help: "The network: \(Architecture.names).")
    var model: Architecture

    @Option(help: "A checkpoint: .pth or .safetensors.")
    var weights: String

    @Option(help: "An image or a folder of images.")
    var images: String

    @Option(help: "The NumPy file to write; the paths go beside it as .txt.")
    var out: String

    @Option(
        help: "The backbone's pooled features, or the 128-d embedding, of length 1 where the checkpoint was trained so."
    )
    var layer = Layer.embedding

    /// Whitening needs other faces to learn from, as `evaluate` has them.
    enum Layer: String, ExpressibleByArgument, CaseIterable { case embedding, features }

    @Option(help: "The network's arithmetic: f32, bf16, or auto, which is bf16 where the processor multiplies it.")
    var precision = PrecisionChoice.auto

    @Flag(help: "Leaves out files that cannot be decoded instead of stopping.")
    var skipBroken = false

    func validate() throws {
        guard out.hasSuffix(".npy") else { throw ValidationError("--out must end in .npy, not '\(out)'") }
    }

    func run() throws {
        do {
            let found = ImageFiles([images])
            found.report(skips: skipBroken && !found.files.isEmpty)
            guard found.problems.isEmpty || (skipBroken && !found.files.isEmpty) else { throw ExitCode(1) }
            let files = try listed(found.files)
            // Before hours of work.
            let pair = try VectorFiles(out)
            let (network, checkpoint) = try EmbeddingNetwork.loaded(model, from: weights, precision: precision.used)
            if layer == .embedding, checkpoint["head.0.weight"] == nil {
                Console.say(
                    "warning: \(weights) holds no embedding head; its 128 numbers come from an untrained one (--layer features avoids it)"
                )
            }
            let broken = BrokenFiles()
            let line = ProgressLine()
            let vectors = try FaceEmbedder.network(network, layer == .embedding ? .embedding : .features).describe(
                files.count, image: { broken.image($0, files[$0]) },
                progress: { line.show("embedding \($0)/\(files.count) images") })
            line.clear()
            let good = try rows(of: files, without: broken)
            let kept = good.flatMap { vectors.row($0) }
            try pair.write(
                Matrix(rows: good.count, columns: vectors.columns, values: kept), paths: good.map { files[$0] })
        } catch let code as ExitCode {
            throw code
        } catch {
            throw Console.fail(error)
        }
    }

    /// The files whose names a list of one path a line can hold; the others are treated like broken ones.
    private func listed(_ files: [String]) throws -> [String] {
        let good = files.filter { !Self.breaksLine($0) }
        for name in files where Self.breaksLine(name) {
            let problem = "its name has a line break, and the list beside the vectors has one path a line; rename it"
            Console.say("\(skipBroken ? "warning" : "error"): \(name): \(problem)")
        }
        if good.isEmpty || (good.count < files.count && !skipBroken) { throw ExitCode(1) }
        return good
    }

    private static func breaksLine(_ name: String) -> Bool { name.utf8.contains { $0 == 0x0A || $0 == 0x0D } }

    /// Which files could be decoded; the others are named, and end the command unless they may be skipped.
    private func rows(of files: [String], without broken: BrokenFiles) throws -> [Int] {
        let problems = broken.problems
        for (_, problem) in problems.sorted(by: { $0.key < $1.key }) {
            Console.say("\(skipBroken ? "warning" : "error"): \(problem)")
        }
        let good = files.indices.filter { problems[$0] == nil }
        if good.isEmpty || (good.count < files.count && !skipBroken) { throw ExitCode(1) }
        return good
    }
}

/// Reads images while the network works on others; what cannot be decoded is remembered, and a gray dot stands in.
private final class BrokenFiles: Sendable {
    private let found = Mutex<[Int: String]>([:])

    var problems: [Int: String] { found.withLock { $0 } }

    func image(_ index: Int, _ file: String) -> Image {
        do {
            // Resized here, so that large images are not held longer than that.
            return try Image.using(contentsOf: file) {
                $0.resized(width: FaceTransform.size, height: FaceTransform.size)
            }
        } catch {
            found.withLock { $0[index] = "\(error)" }
            return Image(width: 1, height: 1, channels: 1, pixels: [128])
        }
    }
}

extension Architecture: ExpressibleByArgument {
    /// For help.
    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
extension PrecisionChoice: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
