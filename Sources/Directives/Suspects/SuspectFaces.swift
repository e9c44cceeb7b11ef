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
    static let version = 4
    static let summary = """
        Shows the faces behind an evaluation's failures: gallery images that answer too many queries, the queries with \
        the lowest average precision, and queries nearer to another person than to anybody of their own name. In a \
        dataset of `likeness synthesize`, which says whom each face truly shows, these are checked against labels \
        that were made wrong on purpose (`--mislabel`).
        """

    static let evaluate = Option.reference("evaluate", to: Evaluate.self, "The evaluation to look into.")
    static let count = Option.integer("count", in: 1...24, default: 4, "How many of each.")
    static let k = Option.integer("k", in: 1...1000, default: 5, "A hub is counted among so many first ranks.")

    static let isHeavy = false

    static let options = Declarations(evaluate, count, k)

    private static let found = Artifact<Found>.json("suspects.json")

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let data = context.use(Evaluate.data, of: evaluate)
        let tested = context.options(of: options[evaluate], as: Evaluate.self).flatMap {
            context.preprocessing(of: $0, Evaluate.data)
        }
        let folder = tested.map { "\(context.data)/\($0[Preprocess.dataset])" }
        let truth = folder.flatMap { TrueIdentities.path(below: $0) }
        return StepWork(data: truth.map { [("truth", $0)] } ?? []) { step in
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
            func item(_ face: Int, _ title: KeptPhrase) throws -> Item {
                try step.checkInterruption()
                return Item(
                    file: try outcome.keepFace(face, of: faces), identity: faces.faces[face].identity, title: title)
            }
            let neighbours = Neighbours(
                queries: ranking.queries.count, k: ranking.depth, indices: ranking.ranks.flatMap { $0 },
                squaredDistances: ranking.distances.flatMap { $0.map { Float($0 * $0) } })
            let expected = Double(options[k] * ranking.queries.count) / Double(max(1, faces.gallery.count))
            let people = ranking.queries.map { faces.faces[$0].identity }
            let asking = Dictionary(people.map { ($0, 1) }, uniquingKeysWith: +)
            let hubs = try Suspects.hubs(at: options[k], of: neighbours) { people[$0] == faces.faces[$1].identity }
                .prefix(options[count]).map { hub in
                    let chance = Double(asking[faces.faces[hub.image].identity] ?? 0) / Double(max(1, people.count))
                    let usual = Numeral.fixed(chance * Double(hub.occurrences), digits: 1)
                    let title: KeptPhrase = """
                        in \(hub.occurrences) of \(people.count) answers, \(hub.own) of them its own person's (\(usual) by chance)
                        """
                    return Hub(
                        shown: try item(hub.image, title), occurrences: hub.occurrences, own: hub.own, chance: chance)
                }
            let worst = try (scores[.map] ?? []).enumerated().sorted {
                ($0.element, $0.offset) < ($1.element, $1.offset)
            }
            .prefix(options[count]).map { query, precision in
                try item(ranking.queries[query], "average precision \(Numeral.fixed(precision, digits: 3))")
            }
            let suspects = Suspects.mislabelled(
                nearestOwn: ranking.nearestOwn.map { Float($0) },
                nearestStrangers: ranking.nearestStrangers.map { Float($0) })
            let wrong = try truth.map { try LabelCheck.truth(TrueIdentities(contentsOf: $0), of: faces) }
            let doubted = try suspects.prefix(options[count]).flatMap { suspect in
                let (face, nearest) = (ranking.queries[suspect.query], ranking.ranks[suspect.query][0])
                let ratio = Numeral.fixed(Double(suspect.ratio), digits: 2)
                return [
                    try item(
                        face,
                        wrong?[face].map { "own people \(ratio) × as far; wrong on purpose, truly \($0)" }
                            ?? "own people \(ratio) × as far"),
                    try item(nearest, "its nearest face"),
                ]
            }
            let check = wrong.map { LabelCheck(faces, truth: $0, suspects: suspects.map(\.query)) }
            try outcome.keep(
                Found(
                    hubs: hubs, worst: worst, doubted: doubted, check: check, expected: expected, k: options[k]),
                as: found)
            return outcome
        }
    }

    static func promise(for options: Options) -> Promise {
        Promise(numbering: .figure, values: ["doubted"] + Hub.names + LabelCheck.names)
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let found = try result[found]
        func group(_ title: Phrase, _ items: [Item]) throws -> Gallery.Group {
            .init(
                title: title,
                items: try items.map { item in
                    .init(picture: try result.picture(item.file, item.caption), title: item.caption)
                })
        }
        let hubTitle: Phrase = """
            Hubs: most often among the first \(found.k) ranks (\(Numeral.fixed(found.expected, digits: 1)) times is the mean)
            """
        let doubtedTitle: Phrase = found.check?.isTrue == true ? "Doubles" : "Likely label errors"
        let gallery = Gallery(groups: [
            try group(hubTitle, found.hubs.map(\.shown)), try group("Worst queries", found.worst),
            try group("\(doubtedTitle): nearer to somebody else than to their own people", found.doubted),
        ])
        let shown = found.doubted.count / 2
        var values = found.check?.values ?? [:]
        values["doubted"] = .count(shown)
        if let first = found.hubs.first { values.merge(first.values) { _, own in own } }
        return ExhibitContent(
            numbering: .figure,
            parts: [.gallery(gallery)] + (found.check.map { [$0.part(shown: shown)] } ?? []), values: values)
    }

    private struct Item: Codable {
        var file: Artifact<Image>
        var identity: String
        var title: KeptPhrase

        var caption: Phrase { "\(identity): \(title.phrase)".verbatim }
    }

    private struct Hub: Codable {
        var shown: Item
        /// Among the first ranks of how many queries, and how many of these are its own person's.
        var occurrences: Int
        var own: Int
        /// The share of all queries that are its own person's.
        var chance: Double

        static let names = ["hub.hits", "hub.own", "hub.own.share", "hub.own.chance"]

        var values: [String: Quotable] {
            [
                "hub.hits": .count(occurrences), "hub.own": .count(own),
                "hub.own.share": .number(Double(own) / Double(max(1, occurrences))), "hub.own.chance": .number(chance),
            ]
        }
    }

    private struct Found: Codable {
        var hubs: [Hub]
        var worst: [Item]
        /// A suspect and its nearest face, by turns.
        var doubted: [Item]
        /// Where the dataset says whom its faces truly show.
        var check: LabelCheck?
        var expected: Double
        var k: Int
    }
}
