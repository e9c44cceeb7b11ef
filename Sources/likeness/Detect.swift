import ArgumentParser
import Directives
import Faces
import Foundation
import Imaging
import Tensors

/// `likeness detect`: faces in images, one JSON object a line.
struct Detect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Finds faces and prints one JSON object per image: {\"image\": …, \"boxes\": [[x, y, width, height], …]}.",
        discussion: """
            --neighbors adds how many windows agreed on each box, --windows every window that passed all stages, before \
            windows are merged into boxes.
            """)

    @Argument(help: "Images (JPEG, PNG, PGM, PPM), or folders of them.")
    var images: [String]

    @Option(help: "A stock cascade of OpenCV by name, or the path of a cascade file.")
    var cascade = "haarcascade_frontalface_default"

    @Option(help: "How much the window grows between two scans; above 1.")
    var scaleFactor = 1.1

    @Option(help: "How many overlapping hits make a face.")
    var minNeighbors = 3

    @Option(
        help:
            "The smallest face, in pixels; where no window of that size fits, the largest that does is taken, as OpenCV does."
    )
    var minSize = 0

    @Option(help: "The largest face, in pixels; 0 for any.")
    var maxSize = 0

    @Flag(help: "Also print how many windows agreed on each box.")
    var neighbors = false

    @Flag(help: "Also print the windows before they are merged.")
    var windows = false

    func validate() throws {
        guard (1.001...1000).contains(scaleFactor) else {
            throw ValidationError("--scale-factor must lie between 1.001 and 1000")
        }
        guard minNeighbors >= 0, minSize >= 0, maxSize >= 0 else {
            throw ValidationError("--min-neighbors, --min-size and --max-size cannot be negative")
        }
        guard maxSize == 0 || minSize <= maxSize else {
            throw ValidationError("--min-size \(minSize) is more than --max-size \(maxSize): no face has such a size")
        }
    }

    func run() throws {
        do {
            let detector = FaceDetector(
                cascade: try Cascade(contentsOf: cascadePath(cascade)), scaleFactor: scaleFactor,
                minNeighbors: minNeighbors,
                minSize: minSize, maxSize: maxSize == 0 ? .max : maxSize)
            let found = ImageFiles(images)
            found.report()
            let files = found.files
            var failed = !found.problems.isEmpty
            for start in stride(from: 0, to: files.count, by: 64) {
                let part = Array(files[start..<min(start + 64, files.count)])
                let found = concurrentMap(part) { file in
                    Result {
                        try Image.using(contentsOf: file, as: .gray) { image in
                            let windows = detector.windows(in: image)
                            guard windows.count < detector.mostWindows else {
                                throw TooManyWindows(file: file, limit: detector.mostWindows)
                            }
                            return (faces: detector.grouped(windows, in: image), windows: windows)
                        }
                    }
                }
                for (file, outcome) in zip(part, found) {
                    switch outcome {
                    case .success(let (faces, passed)):
                        try Console.results.print(json: line(file, faces: faces, windows: passed))
                    case .failure(let error):
                        Console.say("error: \(error)")
                        failed = true
                    }
                }
                try Console.results.flush()
            }
            if failed { throw ExitCode(1) }
        } catch {
            throw Console.fail(error)
        }
    }

    private func line(_ file: String, faces: [Detection], windows passed: [Rectangle]) -> JSONLine {
        let faces = faces.sorted { Self.numbers($0.box).lexicographicallyPrecedes(Self.numbers($1.box)) }
        return JSONLine(
            image: file, boxes: faces.map { Self.numbers($0.box) }, neighbors: neighbors ? faces.map(\.neighbors) : nil,
            windows: windows ? passed.map(Self.numbers).sorted { $0.lexicographicallyPrecedes($1) } : nil)
    }

    private static func numbers(_ box: Rectangle) -> [Int] { [box.x, box.y, box.width, box.height] }

    private struct JSONLine: Encodable {
        var image: String
        var boxes: [[Int]]
        var neighbors: [Int]?
        var windows: [[Int]]?
    }
}

/// A cascade that lets nearly everything pass.
struct TooManyWindows: Error, CustomStringConvertible {
    let file: String
    let limit: Int
    var description: String {
        "\(file): \(limit) windows or more pass every stage of the cascade, which tells no faces apart; "
            + "name another cascade, or raise --min-size"
    }
}
