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
    static let version = 3
    static let summary = "Shows queries with the gallery's nearest faces, each marked as the same person or another."

    static let evaluate = Option.reference("evaluate", to: Evaluate.self, "The evaluation whose ranks are shown.")
    static let queries = Option.integer("queries", in: 1...50, default: 4, "How many queries.")
    static let ranks = Option.integer("ranks", in: 1...50, default: 8, "How many ranks of each.")
    static let seed = Option.integer("seed", in: 0...Int.max, default: 0, "Which queries are drawn.")

    static let chosen = Option.list(
        of: .integer("chosen", in: 0...1_000_000, "These queries, by number from 0, instead of drawn ones."),
        count: 1...50
    ).optional
    static let failures = Option<Failures>.choice(
        "failures", default: .drawn,
        "first: the queries whose person appears latest and least; drawn: whatever the seed gives.")
    static let before = Option.reference(
        "before", to: Evaluate.self, "An earlier evaluation of the same data: its answers above, and how ranks moved."
    ).optional

    enum Failures: String, CaseIterable, Sendable { case drawn, first }

    static let isHeavy = false

    static let options = Declarations(evaluate, queries, ranks, seed, chosen, failures, before)

    private static let grid = Artifact<Grid>.json("grid.json")

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let data = context.use(Evaluate.data, of: evaluate)
        check(options, in: &context)
        return StepWork { step in
            let evaluation = try step[evaluate]
            let faces = try step[data][Preprocess.faces]
            let ranking = try evaluation[Evaluate.ranking]
            guard options[ranks] <= ranking.depth else {
                throw OptionProblem(
                    ranks, "too-many-ranks",
                    "ranks is \(options[ranks]), but evaluate '\(evaluation.id)' ranked only \(ranking.depth) faces per query"
                )
            }
            let before = try step[before]?[Evaluate.ranking]
            if let before, before.queries != ranking.queries {
                throw OptionProblem(
                    Self.before, "other-faces", "it was measured with other queries than '\(evaluation.id)'")
            }
            let numbers = try self.numbers(options, ranking, faces)
            var outcome = Outcome()
            let rows = try numbers.map { query in
                try step.checkInterruption()
                let row = Row(
                    query: ranking.queries[query], hits: hits(ranking, query, options[ranks], former: before),
                    before: before.map { hits($0, query, options[ranks], former: nil) })
                for face in row.faces { _ = try outcome.keepFace(face, of: faces) }
                return row
            }
            let people = Set(rows.flatMap(\.faces))
            let described = Dictionary(
                people.map { ($0, Person(identity: faces.faces[$0].identity, attributes: faces.faces[$0].attributes)) },
                uniquingKeysWith: { first, _ in first })
            try outcome.keep(Grid(rows: rows, people: described, attributes: faces.attributeNames), as: grid)
            if options[chosen] == nil, rows.count < options[queries] {
                outcome.warnings = [
                    "queries is \(options[queries]), but there are only \(rows.count); all of them are shown"
                ]
            }
            return outcome
        }
    }

    /// What can be known before there is an evaluation.
    private static func check(_ options: Options, in context: inout PlanningContext) {
        if options[chosen] != nil {
            context.reportIdle(queries, failures, seed, of: options, "'chosen' names the queries")
        } else if options[failures] == .first {
            context.reportIdle(seed, of: options, "'failures: first' draws nothing")
        }
        guard let id = options[before], let other = context.options(of: id, as: Evaluate.self),
            let own = context.options(of: options[evaluate], as: Evaluate.self),
            let first = context.preprocessing(of: own, Evaluate.data),
            let second = context.preprocessing(of: other, Evaluate.data),
            first[Preprocess.dataset] != second[Preprocess.dataset]
        else { return }
        context.report(
            .error(
                "other-faces", "'\(id.id)' is measured on another dataset than '\(own.id)'",
                at: options.range(of: before) ?? context.range))
    }

    static func promise(for options: Options) -> Promise {
        Promise(numbering: .figure, values: ["right", "shown"])
    }

    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent {
        let grid = try result[grid]
        func face(_ index: Int) throws -> RetrievalGrid.Face {
            let identity = grid.people[index]?.identity ?? "?"
            return .init(picture: try result.picture(.face(index), "Face of \(identity)"), identity: identity)
        }
        let rows = try grid.rows.map { row in
            let person = grid.people[row.query]
            func shown(_ hits: [Row.Hit]) throws -> [RetrievalGrid.Hit] {
                try hits.enumerated().map { rank, hit in
                    let other = grid.people[hit.face]
                    var shown = RetrievalGrid.Hit(
                        rank: rank + 1, face: try face(hit.face), distance: hit.distance,
                        isSamePerson: person?.identity == other?.identity,
                        matching: matching(person?.attributes, other?.attributes))
                    shown.differing = differing(person?.attributes, other?.attributes, grid.attributes)
                    shown.formerRank = hit.former
                    return shown
                }
            }
            var shownRow = RetrievalGrid.Row(query: try face(row.query), hits: try shown(row.hits))
            shownRow.before = try row.before.map(shown)
            return shownRow
        }
        let hits = rows.flatMap(\.hits)
        return ExhibitContent(
            numbering: .figure, parts: [.retrieval(RetrievalGrid(rows: rows))],
            values: ["right": .count(hits.count(where: \.isSamePerson)), "shown": .count(hits.count)])
    }

    private static func matching(_ a: [Int8]?, _ b: [Int8]?) -> (same: Int, of: Int)? {
        guard let a, let b else { return nil }
        return (zip(a, b).count { $0 == $1 }, a.count)
    }

    private static func differing(_ a: [Int8]?, _ b: [Int8]?, _ names: [String]) -> [String] {
        guard let a, let b, a.count == names.count, b.count == names.count else { return [] }
        let all = names.indices.filter { a[$0] != b[$0] }.map { names[$0] }
        return all.count <= mostDiffering
            ? all : all.prefix(mostDiffering) + [("and \(all.count - mostDiffering) others" as Phrase).text]
    }

    /// Most names of attributes that stand with one answer.
    private static let mostDiffering = 40

    /// Which queries are shown, by their place in the ranking.
    private static func numbers(_ options: Options, _ ranking: Ranking, _ faces: FaceSet) throws -> [Int] {
        if let chosen = options[chosen] {
            if let beyond = chosen.first(where: { $0 >= ranking.queries.count }) {
                throw OptionProblem(
                    Self.chosen, "no-such-query",
                    "there is no query \(beyond); the last is \(ranking.queries.count - 1)")
            }
            return chosen
        }
        guard options[failures] == .first else {
            return Array(ranking.queries.indices).drawn(options[queries], seed: UInt64(options[seed]))
        }
        // Whose first right answer comes latest; among equals, who has fewest right answers shown.
        let keys = ranking.queries.indices.map { query in
            let person = faces.faces[ranking.queries[query]].identity
            let isSame = ranking.ranks[query].map { faces.faces[$0].identity == person }
            return (
                first: isSame.firstIndex(of: true) ?? ranking.depth, right: isSame.prefix(options[ranks]).count { $0 }
            )
        }
        return Array(
            keys.indices.sorted {
                (-keys[$0].first, keys[$0].right, $0) < (-keys[$1].first, keys[$1].right, $1)
            }.prefix(options[queries]))
    }

    private static func hits(_ ranking: Ranking, _ query: Int, _ count: Int, former: Ranking?) -> [Row.Hit] {
        zip(ranking.ranks[query], ranking.distances[query]).prefix(count).map { face, distance in
            Row.Hit(face: face, distance: distance, former: former?.ranks[query].firstIndex(of: face).map { $0 + 1 })
        }
    }

    private struct Grid: Codable {
        var rows: [Row]
        var people: [Int: Person]
        var attributes: [String]
    }

    private struct Row: Codable {
        var query: Int
        var hits: [Hit]
        var before: [Hit]?

        var faces: [Int] { [query] + (hits + (before ?? [])).map(\.face) }

        struct Hit: Codable {
            var face: Int
            var distance: Double
            var former: Int?
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
        var random = RandomNumbers(seed: seed, .shownQueries)
        random.shuffle(&shuffled)
        return shuffled.prefix(count).sorted()
    }
}
