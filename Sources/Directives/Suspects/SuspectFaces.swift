import Chapters
import Execution
import Faces
import Foundation
import Imaging
import Pages
import Retrieval

/// Faces that deserve a look, with pictures: hubs, the worst queries, likely label errors.
enum SuspectFaces: ReportDirective {
    static let kind = "suspects"
    static let version = 2
    static let summary = """
        Shows the faces behind an evaluation's failures: gallery images that answer too many queries, the queries with \
        the lowest average precision, and queries nearer to another person than to anybody of their own name.
        """

    static let evaluate = Option.reference("evaluate", to: Evaluate.self, "The evaluation to look into.")
    static let count = Option.integer("count", in: 1...24, default: 4, "How many of each.")
    static let k = Option.integer("k", in: 1...1000, default: 5, "A hub is counted among so many first ranks.")

    static let isHeavy = false

    static let options = Declarations(evaluate, count, k)

    private static let found = Artifact<Found>.json("suspects.json")

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let data = context.use(Evaluate.data, of: evaluate)
        return StepWork { step in
            let evaluation = try step[evaluate]
            let faces = try step[data][Preprocess.faces]
            let ranking = try evaluation[Evaluate.ranking]
            let scores = try evaluation[Evaluate.scores]
            guard options[k] <= ranking.depth else {
                throw OptionProblem(
                    k, "too-many-ranks",
                    "k is \(options[k]), but evaluate '\(evaluation.id)' ranked only \(ranking.depth) faces per query")
            }
            var outcome = Outcome()
            func item(_ face: Int, _ title: String) throws -> Item {
                try step.checkInterruption()
                return Item(
                    file: try outcome.keepFace(face, of: faces),
                    title: "\(faces.faces[face].identity): \(title)")
            }
            let neighbours = Neighbours(
                queries: ranking.queries.count, k: ranking.depth, indices: ranking.ranks.flatMap { $0 },
                squaredDistances: ranking.distances.flatMap { $0.map { Float($0 * $0) } })
            let expected = Double(options[k] * ranking.queries.count) / Double(max(1, faces.gallery.count))
            let hubs = try Suspects.hubs(at: options[k], of: neighbours).prefix(options[count]).map {
                try item($0.image, "\($0.occurrences) of \(ranking.queries.count) queries")
            }
            let worst = try scores.averagePrecision.enumerated().sorted {
                ($0.element, $0.offset) < ($1.element, $1.offset)
            }
            .prefix(options[count]).map { query, precision in
                try item(ranking.queries[query], String(format: "average precision %.3f", precision))
            }
            let doubted = try Suspects.mislabelled(
                nearestOwn: ranking.nearestOwn.map { Float($0) },
                nearestStrangers: ranking.nearestStrangers.map { Float($0) }
            ).prefix(options[count]).flatMap { suspect in
                let nearest = ranking.ranks[suspect.query][0]
                return [
                    try item(ranking.queries[suspect.query], String(format: "own people %.2f × as far", suspect.ratio)),
                    try item(nearest, "its nearest face"),
                ]
            }
            try outcome.keep(
                Found(hubs: hubs, worst: worst, doubted: Array(doubted), expected: expected, k: options[k]), as: found)
            return outcome
        }
    }

    static func promise(for options: Options) -> Promise {
        Promise(numbering: .figure, values: ["doubted"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let found = try result[found]
        func group(_ title: String, _ items: [Item]) throws -> Gallery.Group {
            .init(
                title: title,
                items: try items.map { item in
                    .init(picture: try result.picture(item.file, item.title), title: item.title)
                })
        }
        let hubTitle = String(
            format: "Hubs: most often among the first %d ranks (%.1f times is the mean)", found.k, found.expected)
        return ExhibitContent(
            numbering: .figure,
            parts: [
                .gallery(
                    Gallery(groups: [
                        try group(hubTitle, found.hubs), try group("Worst queries", found.worst),
                        try group(
                            "Likely label errors: nearer to somebody else than to their own people", found.doubted),
                    ]))
            ],
            values: ["doubted": .count(found.doubted.count / 2)])
    }

    private struct Item: Codable {
        var file: Artifact<Image>
        var title: String
    }

    private struct Found: Codable {
        var hubs: [Item]
        var worst: [Item]
        var doubted: [Item]
        var expected: Double
        var k: Int
    }
}
