import ArgumentParser
import Directives
import Dispatch
import Faces
import Files
import Foundation
import Imaging
import Tensors

/// `likeness bench detect`: images per second of the face detector on all cores.
struct BenchDetect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: "Images per second of the face detector on all cores: {\"imagesPerSecond\": …, and the setting}.",
        discussion: """
            The images are decoded to gray first and detected in passes: one that does not count, then the others, of \
            which the median does. --decode reads and decodes the files in every pass, as preprocessing does.
            """)

    @Option(help: "A folder of images, or one image.")
    var images: String

    @Option(help: "A stock cascade of OpenCV by name, or the path of a cascade file.")
    var cascade = "haarcascade_frontalface_default"

    @Option(help: "How much the window grows between two scans.")
    var scaleFactor = 1.1

    @Option(help: "How many overlapping hits make a face.")
    var minNeighbors = 3

    @Option(help: "Passes that count.")
    var passes = 3

    @Flag(help: "Read and decode the files in every pass.")
    var decode = false

    func validate() throws {
        guard (1.001...1000).contains(scaleFactor) else {
            throw ValidationError("--scale-factor must lie between 1.001 and 1000")
        }
        guard minNeighbors >= 0 else { throw ValidationError("--min-neighbors cannot be negative") }
        guard (1...1000).contains(passes) else { throw ValidationError("--passes must lie between 1 and 1000") }
    }

    func run() throws {
        do {
            let detector = FaceDetector(
                cascade: try Cascade(contentsOf: cascadePath(cascade)), scaleFactor: scaleFactor,
                minNeighbors: minNeighbors)
            let files = try ImageFiles([images]).all()
            let decoded =
                decode
                ? []
                : try concurrentMap(files) { file in
                    Result { try Image(contentsOf: file).gray }
                }.map { try $0.get() }
            var boxes = 0
            var seconds: [Double] = []
            for _ in 0...passes {
                let start = DispatchTime.now().uptimeNanoseconds
                let counts =
                    decode
                    ? try concurrentMap(files) { file in
                        Result { detector.detect(in: try Image(contentsOf: file)).count }
                    }.map { try $0.get() }
                    : concurrentMap(decoded) { detector.detect(in: $0).count }
                seconds.append(Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
                boxes = counts.reduce(0, +)
            }
            let counted = seconds.dropFirst().sorted()
            let report = Report(
                imagesPerSecond: Double(files.count) / counted[counted.count / 2], images: files.count, boxes: boxes,
                cascade: cascade, scaleFactor: scaleFactor, minNeighbors: minNeighbors, decode: decode,
                cores: ProcessInfo.processInfo.activeProcessorCount)
            try Console.results.print(json: report, keys: .convertToSnakeCase)
        } catch {
            throw Console.fail(error)
        }
    }

    private struct Report: Encodable {
        var imagesPerSecond: Double
        var images: Int
        var boxes: Int
        var cascade: String
        var scaleFactor: Double
        var minNeighbors: Int
        var decode: Bool
        var cores: Int
    }
}

/// A stock cascade by name, any other by its path.
func cascadePath(_ name: String) -> String {
    name.hasSuffix(".xml") || name.contains("/") ? name : "\(cascadeFolder)/\(name).xml"
}
