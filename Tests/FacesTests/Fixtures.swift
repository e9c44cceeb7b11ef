import Faces
import Files
import Imaging
import TestSupport

/// Files beside these tests.
enum Fixtures {
    static let folder = Repository.root + "/Tests/FacesTests/Fixtures"
    static let cascades = "/usr/share/opencv4/haarcascades"

    static func cascade(_ name: String) throws -> Cascade {
        try Cascade(contentsOf: "\(cascades)/haarcascade_\(name).xml")
    }

    /// What OpenCV found: `image scaleFactor minNeighbors minSize maxSize: x y width height, …`, `#` before comments.
    struct Expectation: Sendable, CustomStringConvertible {
        let image: String
        let scaleFactor: Double
        let minNeighbors: Int
        let minSize: Int
        let maxSize: Int
        let boxes: [[Int]]

        var description: String { "\(image) \(scaleFactor) \(minNeighbors) \(minSize) \(maxSize)" }

        func detector(_ cascade: Cascade) -> FaceDetector {
            FaceDetector(
                cascade: cascade, scaleFactor: scaleFactor, minNeighbors: minNeighbors, minSize: minSize,
                maxSize: maxSize == 0 ? .max : maxSize)
        }
    }

    static func expectations(_ name: String) throws -> [Expectation] {
        let bytes = try Files.read("\(folder)/\(name).txt", limit: 1 << 20)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap {
            let halves = $0.split(separator: ":", omittingEmptySubsequences: false)
            let head = halves[0].split(separator: " ")
            guard halves.count == 2, head.count == 5, let scaleFactor = Double(head[1]) else { return nil }
            let settings = head[2...].compactMap { Int($0) }
            return Expectation(
                image: String(head[0]), scaleFactor: scaleFactor, minNeighbors: settings[0], minSize: settings[1],
                maxSize: settings[2],
                boxes: halves[1].split(separator: ",").map { $0.split(separator: " ").compactMap { Int($0) } })
        }
    }

    static func sorted(_ boxes: [Rectangle]) -> [[Int]] {
        boxes.map { [$0.x, $0.y, $0.width, $0.height] }.sorted { $0.lexicographicallyPrecedes($1) }
    }
}
