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
    static let version = 2
    static let summary = """
        Shows what becomes of faces on their way into a network: resized, normalised, with a region erased, with small \
        regions dropped; and the same face in several epochs of training against the one form in which it is tested.
        """

    static let data = Option.reference("data", to: Preprocess.self, "The faces.")
    static let count = Option.integer("count", in: 1...12, default: 3, "How many faces.")
    static let epochs = Option.integer(
        "epochs", in: 1...8, default: 4, unit: "epochs", "How many epochs of training to show.")
    static let erasing = Option.number("erasing", in: 0...1, default: 0.5, "Probability of random erasing.")
    static let dropout = Option.number("dropout", in: 0...1, default: 0.3, "Probability of removing small regions.")
    static let seed = Option.integer("seed", in: 0...Int.max, default: 0, "Which faces, and what happens to them.")

    static let isHeavy = false

    static let options = Declarations(data, count, epochs, erasing, dropout, seed)

    private static let shown = Artifact<[Shown]>.json("pictures.json")
    private static func look(_ number: Int, ofFace face: Int) -> Artifact<Image> { .png("face-\(face)-\(number).png") }

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        return StepWork { step in
            let faces = try step[data][Preprocess.faces]
            let seed = UInt64(options[seed])
            var random = RandomNumbers(seed: seed, .shownAugmentations)
            let drawn = random.shuffled(faces.train).prefix(options[count])
            var outcome = Outcome()
            var pictures: [Shown] = []
            for face in drawn {
                try step.checkInterruption()
                func keep(_ image: Image, _ title: KeptPhrase, _ row: Shown.Row) throws {
                    let file = look(pictures.count, ofFace: face)
                    try outcome.keep(image, as: file)
                    pictures.append(
                        Shown(file: file, face: face, identity: faces.faces[face].identity, title: title, row: row))
                }
                let cropped = try faces.image(of: face)
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
            try outcome.keep(pictures, as: shown)
            return outcome
        }
    }

    static func promise(for options: Options) -> Promise {
        Promise(numbering: .figure, values: ["size", "faces"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let pictures = try result[shown]
        var groups: [Gallery.Group] = []
        for row in [Shown.Row.steps, .uses] {
            var last: Int?
            for picture in pictures where picture.row == row {
                let title = picture.title.phrase
                let item = Gallery.Item(
                    picture: try result.picture(picture.file, "Face of \(picture.identity), \(title)"),
                    title: title)
                if picture.face == last, let index = groups.indices.last {
                    groups[index].items.append(item)
                } else {
                    let heading: Phrase =
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

        var file: Artifact<Image>
        var face: Int
        var identity: String
        var title: KeptPhrase
        var row: Row
    }
}
