import Chapters
import Diagnostics
import Execution
import Faces
import Foundation
import Imaging
import Pages
import Tensors

/// Queries and their first ranks as pictures.
enum QueryGrid: ReportDirective {
    static let kind = "query-grid"
    static let version = 1
    static let summary = "Shows queries with the gallery's nearest faces, each marked as the same person or another."

    static let evaluate = Option.reference("evaluate", to: ["evaluate"], "The evaluation whose ranks are shown.")
    static let queries = Option.integer("queries", in: 1...50, default: 4, "How many queries.")
    static let ranks = Option.integer("ranks", in: 1...50, default: 8, "How many ranks of each.")
    static let seed = Option.integer("seed", in: 0...Int.max, default: 0, "Which queries are drawn.")

    static var options: [Declaration] {
        [evaluate.declaration, queries.declaration, ranks.declaration, seed.declaration]
    }

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        context.use("data", of: "evaluate")
        let data = context.data
        return StepWork { step in
            guard let evaluation = step.inputs["evaluate"], let preprocessed = step.inputs["evaluate.data"] else {
                preconditionFailure("a planned step has its inputs")
            }
            let faces: FaceSet = try preprocessed.value(from: "faces.json")
            let ranking: Ranking = try evaluation.value(from: "ranking.json")
            guard options[ranks] <= ranking.depth else {
                throw OptionProblem(
                    option: "ranks", code: "too-many-ranks",
                    message: "ranks is \(options[ranks]), but evaluate '\(evaluation.id)' ranked only \(ranking.depth) faces per query")
            }
            let chosen = Array(ranking.queries.indices)
                .drawn(options[queries], seed: UInt64(options[seed]))
            var artifacts: [String: [UInt8]] = [:]
            let rows = try chosen.map { query in
                try step.checkInterruption()
                let row = Row(
                    query: ranking.queries[query],
                    hits: zip(ranking.ranks[query], ranking.distances[query]).prefix(options[ranks]).map {
                        Row.Hit(face: $0, distance: $1)
                    })
                for face in [row.query] + row.hits.map(\.face) where artifacts[fileName(face)] == nil {
                    artifacts[fileName(face)] = try faces.image(of: face, data: data).png()
                }
                return row
            }
            let people = Set(rows.flatMap { [$0.query] + $0.hits.map(\.face) })
            let described = Dictionary(
                people.map { ($0, Person(identity: faces.faces[$0].identity, attributes: faces.faces[$0].attributes)) },
                uniquingKeysWith: { first, _ in first })
            artifacts["grid.json"] = try canonicalJSON(Grid(rows: rows, people: described))
            return Outcome(artifacts: artifacts)
        }
    }

    static func show(_ result: StepResult, options: Options) throws -> Showing {
        let grid: Grid = try result.value(from: "grid.json")
        func face(_ index: Int) throws -> RetrievalGrid.Face {
            let identity = grid.people[index]?.identity ?? "?"
            let image = try Image(decoding: try result.bytes(fileName(index)), name: fileName(index))
            return .init(picture: Picture(image: image, alternative: "Face of \(identity)"), identity: identity)
        }
        let rows = try grid.rows.map { row in
            let person = grid.people[row.query]
            return RetrievalGrid.Row(
                query: try face(row.query),
                hits: try row.hits.enumerated().map { rank, hit in
                    let other = grid.people[hit.face]
                    return RetrievalGrid.Hit(
                        rank: rank + 1, face: try face(hit.face), distance: hit.distance,
                        isSamePerson: person?.identity == other?.identity,
                        matching: matching(person?.attributes, other?.attributes))
                })
        }
        let hits = rows.flatMap(\.hits)
        return Showing(
            numbering: .figure, parts: [.retrieval(RetrievalGrid(rows: rows))],
            values: ["right": .count(hits.count(where: \.isSamePerson)), "shown": .count(hits.count)])
    }

    private static func matching(_ a: [Int8]?, _ b: [Int8]?) -> (same: Int, of: Int)? {
        guard let a, let b else { return nil }
        return (zip(a, b).count { $0 == $1 }, a.count)
    }

    private static func fileName(_ face: Int) -> String { "face-\(face).png" }

    private struct Grid: Codable {
        var rows: [Row]
        var people: [Int: Person]
    }

    private struct Row: Codable {
        var query: Int
        var hits: [Hit]

        struct Hit: Codable {
            var face: Int
            var distance: Double
        }
    }

    private struct Person: Codable {
        var identity: String
        var attributes: [Int8]?
    }
}

extension [Int] {
    /// `count` elements drawn with a seed, in their own order.
    fileprivate func drawn(_ count: Int, seed: UInt64) -> [Int] {
        var shuffled = self
        var random = RandomNumbers(seed: seed, 7)
        random.shuffle(&shuffled)
        return shuffled.prefix(count).sorted()
    }
}
