import Execution
import Faces
import Foundation
import Imaging
import Pages

/// Photographs that preprocessing left out, a few for each reason, as pictures of its result.
enum RejectedPhotographs {
    private static let file = "rejected.json"
    private static let count = 3

    private struct Rejected: Codable {
        var reason: String
        var path: String
        var file: String
        var boxes: [Rectangle]
    }

    /// The report's examples that can be shown, each with the boxes that were found in it.
    static func artifacts(of faces: FaceSet, _ dataset: Dataset, _ detection: SingleFace) throws -> [String: [UInt8]] {
        var artifacts: [String: [UInt8]] = [:]
        var rejected: [Rejected] = []
        let source = try dataset.source()
        let entries = Dictionary(
            dataset.photographs.map { ($0.path, $0.entry) }, uniquingKeysWith: { first, _ in first })
        for (number, drop) in faces.report.dropped.enumerated() {
            // What cannot be decoded cannot be shown.
            let images = drop.examples.lazy.compactMap { path -> (path: String, image: Image)? in
                guard let bytes = try? source.bytes(of: path, entry: entries[path] ?? nil),
                    let image = try? Image(decoding: bytes, name: path)
                else { return nil }
                return (path, image)
            }
            for (position, example) in images.prefix(count).enumerated() {
                let name = "rejected-\(number)-\(position).png"
                artifacts[name] = try example.image.png()
                rejected.append(
                    Rejected(
                        reason: drop.reason.inWords, path: example.path, file: name,
                        boxes: detection.boxes(in: example.image)))
            }
        }
        artifacts[file] = try canonicalJSON(rejected)
        return artifacts
    }

    /// One group a reason; nil when there is nothing to show.
    static func gallery(of result: StepResult) throws -> Gallery? {
        let rejected: [Rejected] = try result.value(from: file)
        var groups: [Gallery.Group] = []
        for one in rejected {
            let image = try Image(decoding: try result.bytes(one.file), name: one.file)
            let item = Gallery.Item(
                picture: Picture(image: image, alternative: "\(one.path), left out: \(one.reason)"), title: one.path,
                boxes: one.boxes)
            let title = "Left out: \(one.reason)"
            if groups.last?.title == title {
                groups[groups.count - 1].items.append(item)
            } else {
                groups.append(Gallery.Group(title: title, items: [item]))
            }
        }
        return groups.isEmpty ? nil : Gallery(groups: groups)
    }
}
