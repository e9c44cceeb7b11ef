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

    static let data = Option.reference("data", to: Preprocess.self, "The faces and their triplets.")
    static let count = Option.integer("count", in: 1...24, default: 4, "How many triplets.")
    static let seed = Option.integer("seed", in: 0...Int.max, default: 0, "Which triplets are drawn.")

    static let isHeavy = false

    static let options = Declarations(data, count, seed)

    private static let drawn = Artifact<Drawn>.json("triplets.json")

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        return StepWork { step in
            let preprocessed = try step[data]
            let faces = try preprocessed[Preprocess.faces]
            guard !faces.triplets.isEmpty else {
                throw OptionProblem(
                    data, "no-triplets",
                    "'\(preprocessed.id)' holds no triplets: at least two people must be left for training")
            }
            var random = RandomNumbers(seed: UInt64(options[seed]), .shownTriplets)
            let indices = random.shuffled(Array(faces.triplets.indices)).prefix(options[count]).sorted()
            var outcome = Outcome()
            let triplets = try indices.map { index in
                try step.checkInterruption()
                let triplet = faces.triplets[index]
                return try Shown(
                    faces: [triplet.anchor, triplet.positive, triplet.negative].map { face in
                        Shown.Face(
                            file: try outcome.keepFace(face, of: faces),
                            identity: faces.faces[face].identity)
                    })
            }
            let people = Set(faces.train.map { faces.faces[$0].identity }).count
            try outcome.keep(Drawn(total: faces.triplets.count, people: people, triplets: triplets), as: drawn)
            return outcome
        }
    }

    static func promise(for options: Options) -> Promise {
        Promise(numbering: .figure, values: ["total", "people", "shown"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let drawn = try result[drawn]
        let roles = ["anchor", "positive", "negative"]
        let groups = try drawn.triplets.enumerated().map { number, triplet in
            Gallery.Group(
                title: "Triplet \(number + 1)",
                items: try zip(roles, triplet.faces).map { role, face in
                    Gallery.Item(
                        picture: try result.picture(face.file, "\(role), a face of \(face.identity)"),
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
            var file: Artifact<Image>
            var identity: String
        }
    }
}
