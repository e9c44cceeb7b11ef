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

    /// The account's examples that can be shown, each with the boxes that were found in it.
    static func artifacts(of faces: FaceSet, folder: String, _ detection: SingleFace) throws -> [String: [UInt8]] {
        var artifacts: [String: [UInt8]] = [:]
        var rejected: [Rejected] = []
        for (number, drop) in faces.account.dropped.enumerated() {
            // Examples of damage are sentences, and nothing that could be decoded.
            let images = drop.examples.lazy.compactMap { path in
                (try? Image(contentsOf: "\(folder)/\(path)")).map { (path: path, image: $0) }
            }
            for (position, example) in images.prefix(count).enumerated() {
                let name = "rejected-\(number)-\(position).png"
                artifacts[name] = try example.image.png()
                rejected.append(
                    Rejected(reason: drop.reason, path: example.path, file: name, boxes: detection.boxes(in: example.image)))
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
