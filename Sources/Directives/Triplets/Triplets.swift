import Chapters
import Execution
import Faces
import Imaging
import Pages
import Tensors

/// What the loss learns from: anchor, positive, negative.
enum Triplets: ReportDirective {
    static let kind = "triplets"
    static let version = 1
    static let summary =
        "Shows triplets of a preprocessed dataset: an anchor, a positive of the same person, a negative of another."

    static let data = Option.reference("data", to: ["preprocess"], "The faces and their triplets.")
    static let count = Option.integer("count", in: 1...24, default: 4, "How many triplets.")
    static let seed = Option.integer("seed", in: 0...Int.max, default: 0, "Which triplets are drawn.")

    static let isHeavy = false

    static var options: [Declaration] { [data.declaration, count.declaration, seed.declaration] }

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let data = context.data
        return StepWork { step in
            guard let preprocessed = step.inputs["data"] else { preconditionFailure("a planned step has its inputs") }
            let faces: FaceSet = try preprocessed.value(from: "faces.json")
            guard !faces.triplets.isEmpty else {
                throw OptionProblem(
                    option: "data", code: "no-triplets",
                    message: "'\(preprocessed.id)' holds no triplets: at least two people must be left for training")
            }
            var random = RandomNumbers(seed: UInt64(options[seed]), .shownTriplets)
            let drawn = random.shuffled(Array(faces.triplets.indices)).prefix(options[count]).sorted()
            var artifacts: [String: [UInt8]] = [:]
            let triplets = try drawn.map { index in
                try step.checkInterruption()
                let triplet = faces.triplets[index]
                return try Shown(
                    faces: [triplet.anchor, triplet.positive, triplet.negative].map { face in
                        let file = "face-\(face).png"
                        if artifacts[file] == nil { artifacts[file] = try faces.image(of: face, data: data).png() }
                        return Shown.Face(file: file, identity: faces.faces[face].identity)
                    })
            }
            artifacts["triplets.json"] = try canonicalJSON(
                Drawn(
                    total: faces.triplets.count, people: Set(faces.train.map { faces.faces[$0].identity }).count,
                    triplets: triplets))
            return Outcome(artifacts: artifacts)
        }
    }

    static func promise(for options: Options) -> Promise {
        Promise(numbering: .figure, values: ["total", "people", "shown"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let drawn: Drawn = try result.value(from: "triplets.json")
        let roles = ["anchor", "positive", "negative"]
        let groups = try drawn.triplets.enumerated().map { number, triplet in
            Gallery.Group(
                title: "Triplet \(number + 1)",
                items: try zip(roles, triplet.faces).map { role, face in
                    let image = try Image(decoding: try result.bytes(face.file), name: face.file)
                    return Gallery.Item(
                        picture: Picture(image: image, alternative: "\(role), a face of \(face.identity)"),
                        title: "*\(role)*: \(face.identity)")
                })
        }
        return ExhibitContent(
            numbering: .figure, parts: [.gallery(Gallery(groups: groups))],
            values: ["total": .count(drawn.total), "people": .count(drawn.people), "shown": .count(groups.count)])
    }

    private struct Drawn: Codable {
        var total: Int
        /// In training.
        var people: Int
        var triplets: [Shown]
    }

    private struct Shown: Codable {
        var faces: [Face]

        struct Face: Codable {
            var file: String
            var identity: String
        }
    }
}
