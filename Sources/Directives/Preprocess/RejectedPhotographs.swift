import Execution
import Faces
import Foundation
import Imaging
import Pages
import Tensors

/// Photographs that preprocessing left out, a few for each reason, as pictures of its result.
enum RejectedPhotographs {
    private static let rejected = Artifact<[Rejected]>.json("rejected.json")
    private static func example(_ number: Int, ofReason reason: Int) -> Artifact<Image> {
        .png("rejected-\(reason)-\(number).png")
    }

    private static let count = 3

    private struct Rejected: Codable {
        var reason: String
        var path: String
        var file: Artifact<Image>
        var boxes: [Rectangle]
    }

    /// Keeps the report's examples that can be shown, each with the boxes that were found in it.
    static func keep(
        _ faces: FaceSet, _ dataset: Dataset, _ detection: SingleFace, in outcome: inout Outcome, _ check: Check
    ) throws {
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
                try check()
                let file = Self.example(position, ofReason: number)
                try outcome.keep(example.image.fitting(Image.pageSide), as: file)
                rejected.append(
                    Rejected(
                        reason: drop.reason.inWords, path: example.path, file: file,
                        boxes: detection.boxes(in: example.image).map {
                            example.image.place($0, fitting: Image.pageSide)
                        }))
            }
        }
        try outcome.keep(rejected, as: Self.rejected)
    }

    /// One group a reason; nil when there is nothing to show.
    static func gallery(of result: StepResult) throws -> Gallery? {
        let rejected = try result[rejected]
        var groups: [Gallery.Group] = []
        for one in rejected {
            let reason = Phrase(key: one.reason)
            let item = Gallery.Item(
                picture: try result.picture(one.file, "\(one.path), left out: \(reason)"), title: one.path.verbatim,
                boxes: one.boxes)
            let title: Phrase = "Left out: \(reason)"
            if groups.last?.title == title.text {
                groups[groups.count - 1].items.append(item)
            } else {
                groups.append(Gallery.Group(title: title, items: [item]))
            }
        }
        return groups.isEmpty ? nil : Gallery(groups: groups)
    }
}
