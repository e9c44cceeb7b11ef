import Chapters
import Execution
import Faces
import Foundation
import Imaging
import Pages
import Tensors

/// From a face to a network's input, in pictures: what tests see, and what training makes of it.
enum Augmentations: ReportDirective {
    static let kind = "augmentations"
    static let version = 1
    static let summary = """
        Shows what becomes of faces on their way into a network: resized, normalised, with a region erased, with small \
        regions dropped; and the same face in several epochs of training against the one form in which it is tested.
        """

    static let data = Option.reference("data", to: ["preprocess"], "The faces.")
    static let count = Option.integer("count", in: 1...12, default: 3, "How many faces.")
    static let epochs = Option.integer(
        "epochs", in: 1...8, default: 4, unit: "epochs", "How many epochs of training to show.")
    static let erasing = Option.number("erasing", in: 0...1, default: 0.5, "Probability of random erasing.")
    static let dropout = Option.number("dropout", in: 0...1, default: 0.3, "Probability of removing small regions.")
    static let seed = Option.integer("seed", in: 0...Int.max, default: 0, "Which faces, and what happens to them.")

    static let isHeavy = false

    static var options: [Declaration] {
        [
            data.declaration, count.declaration, epochs.declaration, erasing.declaration, dropout.declaration,
            seed.declaration,
        ]
    }

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let data = context.data
        return StepWork { step in
            guard let preprocessed = step.inputs["data"] else { preconditionFailure("a planned step has its inputs") }
            let faces: FaceSet = try preprocessed.value(from: "faces.json")
            let seed = UInt64(options[seed])
            var random = RandomNumbers(seed: seed, .shownAugmentations)
            let drawn = random.shuffled(faces.train).prefix(options[count])
            var artifacts: [String: [UInt8]] = [:]
            var pictures: [Shown] = []
            for face in drawn {
                try step.checkInterruption()
                func keep(_ image: Image, _ title: String, _ row: Shown.Row) throws {
                    let file = "face-\(face)-\(pictures.count).png"
                    artifacts[file] = try image.png()
                    pictures.append(
                        Shown(file: file, face: face, identity: faces.faces[face].identity, title: title, row: row))
                }
                let cropped = try faces.image(of: face, data: data)
                let input = FaceTransform.input(cropped)
                func augmented(erasing: Double, dropout: Double, epoch: Int) -> Image {
                    var changed = input
                    changed.withUnsafeMutableBufferPointer { buffer in
                        Augmentation(erasing: erasing, regionDropout: dropout, seed: seed)
                            .apply(to: buffer, epoch: epoch, sample: face)
                    }
                    return changed.withUnsafeBufferPointer { FaceTransform.picture(of: $0) }
                }
                try keep(cropped, "cropped", .steps)
                try keep(input.withUnsafeBufferPointer { FaceTransform.picture(of: $0) }, "resized", .steps)
                try keep(
                    input.withUnsafeBufferPointer { FaceTransform.normalizedPicture(of: $0) }, "normalised", .steps)
                try keep(augmented(erasing: 1, dropout: 0, epoch: 0), "erased", .steps)
                try keep(augmented(erasing: 0, dropout: 1, epoch: 0), "regions dropped", .steps)
                for epoch in 0..<options[epochs] {
                    let image = augmented(erasing: options[erasing], dropout: options[dropout], epoch: epoch)
                    try keep(image, "training, epoch \(epoch + 1)", .uses)
                }
                try keep(augmented(erasing: 0, dropout: 0, epoch: 0), "test", .uses)
            }
            artifacts["pictures.json"] = try canonicalJSON(pictures)
            return Outcome(artifacts: artifacts)
        }
    }

    static func promise(for options: Options) -> Promise {
        Promise(numbering: .figure, values: ["size", "faces"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let pictures: [Shown] = try result.value(from: "pictures.json")
        var groups: [Gallery.Group] = []
        for row in [Shown.Row.steps, .uses] {
            var last: Int?
            for picture in pictures where picture.row == row {
                let image = try Image(decoding: try result.bytes(picture.file), name: picture.file)
                let item = Gallery.Item(
                    picture: Picture(image: image, alternative: "Face of \(picture.identity), \(picture.title)"),
                    title: picture.title)
                if picture.face == last, let index = groups.indices.last {
                    groups[index].items.append(item)
                } else {
                    let heading =
                        row == .steps
                        ? "Step by step: \(picture.identity)" : "Training against test: \(picture.identity)"
                    groups.append(.init(title: heading, items: [item]))
                }
                last = picture.face
            }
        }
        return ExhibitContent(
            numbering: .figure, parts: [.gallery(Gallery(groups: groups))],
            values: ["size": .count(FaceTransform.size), "faces": .count(Set(pictures.map(\.face)).count)])
    }

    private struct Shown: Codable {
        enum Row: String, Codable { case steps, uses }

        var file: String
        var face: Int
        var identity: String
        var title: String
        var row: Row
    }
}
