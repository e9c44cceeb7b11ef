import ArgumentParser
import Directives
import Faces
import Foundation
import Imaging
import Tensors

/// `likeness detect`: faces in images, one JSON object a line.
struct Detect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Finds faces and prints one JSON object per image: {\"image\": …, \"boxes\": [[x, y, width, height], …]}.")

    @Argument(help: "Images (JPEG, PNG, PGM, PPM), or folders of them.")
    var images: [String]

    @Option(help: "A stock cascade of OpenCV by name, or the path of a cascade file.")
    var cascade = "haarcascade_frontalface_default"

    @Option(help: "How much the window grows between two scans; above 1.")
    var scaleFactor = 1.1

    @Option(help: "How many overlapping hits make a face.")
    var minNeighbors = 3

    @Option(help: "The smallest face, in pixels.")
    var minSize = 0

    func validate() throws {
        guard scaleFactor > 1, scaleFactor.isFinite else { throw ValidationError("--scale-factor must be above 1") }
        guard minNeighbors >= 0, minSize >= 0 else {
            throw ValidationError("--min-neighbors and --min-size cannot be negative")
        }
    }

    func run() throws {
        do {
            let path = cascade.hasSuffix(".xml") ? cascade : "\(cascadeFolder)/\(cascade).xml"
            let detector = FaceDetector(
                cascade: try Cascade(contentsOf: path), scaleFactor: scaleFactor, minNeighbors: minNeighbors,
                minSize: minSize)
            let files = try imageFiles(images)
            var failed = false
            for start in stride(from: 0, to: files.count, by: 64) {
                let part = Array(files[start..<min(start + 64, files.count)])
                let found = concurrentMap(part) { file in
                    Result { detector.detect(in: try Image(contentsOf: file)) }
                }
                for (file, boxes) in zip(part, found) {
                    switch boxes {
                    case .success(let boxes): try print(JSONLine(image: file, boxes: boxes.sorted(by: order)).text)
                    case .failure(let error):
                        Console.say("error: \(error)")
                        failed = true
                    }
                }
            }
            if failed { throw ExitCode(1) }
        } catch let code as ExitCode {
            throw code
        } catch {
            throw Console.fail(error)
        }
    }

    private func order(_ a: Rectangle, _ b: Rectangle) -> Bool {
        (a.x, a.y, a.width, a.height) < (b.x, b.y, b.width, b.height)
    }

    private struct JSONLine: Encodable {
        var image: String
        var boxes: [[Int]]

        init(image: String, boxes: [Rectangle]) {
            self.image = image
            self.boxes = boxes.map { [$0.x, $0.y, $0.width, $0.height] }
        }

        var text: String {
            get throws {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                return String(decoding: try encoder.encode(self), as: UTF8.self)
            }
        }
    }
}
