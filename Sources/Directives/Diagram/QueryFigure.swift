import Chapters
import Execution
import Faces
import Pages
import Retrieval
import Tensors

/// The slides' figure 13: a query's way, from its face through its embedding and the tree to the nearest faces.
struct QueryFigure: Codable {
    struct Node: Codable {
        var depth: Int
        var count: Int
        var left: Int?
        var right: Int?
        var fate: String
        var isOnPath: Bool
    }

    /// One question on the way from the root to the query's own leaf.
    struct Question: Codable {
        var direction: Int
        var projection: Double
        var theta: Double
        var goesRight: Bool
    }

    struct Hit: Codable {
        var face: Int
        var identity: String
        var distance: Double
        var isSame: Bool
        /// Its leaf, or where the drawing ends above it.
        var node: Int
    }

    var query: Int
    var face: Int
    var identity: String
    var embedding: [Float]
    var columns: Int
    var nodes: [Node]
    var questions: [Question]
    var hits: [Hit]
    var k: Int
    var gallery: Int
    var leaves: Int
    var visitedLeaves: Int
    var pruned: Int
    var distances: Int
    /// Of the nodes that are drawn; deeper ones are not.
    var isCut: Bool

    static let names = ["leaves", "visited", "pruned", "distances", "gallery", "depth"]

    static let figure = Artifact<QueryFigure>.json("query.json")
    /// Of leaves that can be told from each other.
    private static let deepest = 6
    /// Faces that are shown of an answer.
    private static let mostHits = 6

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        var inner: InheritedInput?
        let data: InheritedInput?
        if options[DrawDiagram.index] != nil {
            inner = context.use(Index.evaluate, of: DrawDiagram.index)
            data = inner.map { context.use(Evaluate.data, of: $0) }
        } else {
            data = context.use(Evaluate.data, of: DrawDiagram.evaluate)
        }
        let indexed = options[DrawDiagram.index].flatMap { context.options(of: $0, as: Index.self) }
        let evaluated = options[DrawDiagram.evaluate].flatMap { context.options(of: $0, as: Evaluate.self) }
        let tree = indexed.map(Index.treeOptions) ?? KDTree.Options(leafSize: evaluated?[Evaluate.leaf] ?? 128)
        let query = indexed?[Index.query] ?? options[DrawDiagram.query]
        let k = indexed?[Index.k] ?? options[DrawDiagram.k]
        let middle = inner
        return StepWork { step in
            guard let evaluation = try middle.map({ try step[$0] }) ?? step[DrawDiagram.evaluate], let data else {
                preconditionFailure("checked when it was planned")
            }
            let faces = try step[data][Preprocess.faces]
            let (gallery, queries) = (try evaluation[Evaluate.gallery], try evaluation[Evaluate.queries])
            guard query < queries.rows, query < faces.queries.count else {
                throw OptionProblem(
                    DrawDiagram.query, "out-of-range",
                    "query is \(query), but the last of '\(evaluation.id)' is \(queries.rows - 1)")
            }
            guard k <= gallery.rows, gallery.rows == faces.gallery.count else {
                throw OptionProblem(
                    DrawDiagram.k, "out-of-range", "k is \(k), but the gallery holds \(gallery.rows) vectors")
            }
            let figure = try QueryFigure(
                faces, gallery, queries, tree, query: query, k: k, check: step.checkInterruption)
            var outcome = Outcome()
            for face in [figure.face] + figure.hits.map(\.face) { _ = try outcome.keepFace(face, of: faces) }
            try outcome.keep(figure, as: self.figure)
            return outcome
        }
    }

    private init(
        _ faces: FaceSet, _ gallery: Matrix, _ queries: Matrix, _ options: KDTree.Options, query: Int, k: Int,
        check: @escaping Check
    ) throws {
        let tree = try KDTree(gallery, options, check: check)
        let one = queries.rows(query..<query + 1)
        let (found, statistics) = try tree.search(k, one, check: check)
        let trace = try tree.trace(k, of: one, check: check)
        self.query = query
        self.k = k
        face = faces.queries[query]
        identity = faces.faces[face].identity
        embedding = Array(one.values.prefix(PipelineFigure.drawn))
        columns = gallery.columns
        self.gallery = gallery.rows
        leaves = tree.leaves
        visitedLeaves = trace.visited.count { tree.nodes[$0].question == nil }
        pruned = trace.pruned.count
        distances = statistics[0].distancesComputed

        let way = Self.way(of: one, in: tree)
        questions = way.questions
        let drawn = DrawnTree(
            tree, visited: Set(trace.visited), pruned: Set(trace.pruned), path: way.nodes, Self.deepest)
        nodes = drawn.nodes
        isCut = drawn.isCut
        var places = [Int](repeating: 0, count: gallery.rows)
        for (place, row) in tree.order.enumerated() { places[row] = place }
        let own = identity
        hits = found[0].prefix(Self.mostHits).map { hit in
            let face = faces.gallery[hit.index]
            return Hit(
                face: face, identity: faces.faces[face].identity, distance: Double(hit.squaredDistance).squareRoot(),
                isSame: faces.faces[face].identity == own, node: drawn.end(above: places[hit.index]))
        }
    }

    /// What the nodes ask of a query on its way to its own leaf.
    private static func way(of query: Matrix, in tree: KDTree) -> (nodes: Set<Int>, questions: [Question]) {
        let centred = zip(query.values, tree.origin).map { Double($0) - Double($1) }
        let directions = (0..<tree.directions.rows).map { row in
            zip(tree.directions.row(row), centred).reduce(0.0) { $0 + Double($1.0) * $1.1 }
        }
        let home = tree.leaf(of: query)
        var (node, nodes, questions) = (0, Set([0]), [Question]())
        while let question = tree.nodes[node].question, node != home {
            // Children follow their parent, the left one at once, so that the leaf itself says which way it was.
            let goesRight = home >= question.right
            questions.append(
                Question(
                    direction: question.direction + 1, projection: directions[question.direction],
                    theta: question.threshold.theta, goesRight: goesRight))
            node = goesRight ? question.right : node + 1
            nodes.insert(node)
        }
        return (nodes, questions)
    }

    static func show(_ result: StepResult) throws -> ExhibitContent {
        let figure = try result[figure]
        return ExhibitContent(
            numbering: .figure, parts: [.diagram(try figure.diagram(result))],
            values: [
                "leaves": .count(figure.leaves), "visited": .count(figure.visitedLeaves),
                "pruned": .count(figure.pruned), "distances": .count(figure.distances),
                "gallery": .count(figure.gallery), "depth": .count(figure.questions.count),
            ])
    }
}

/// The upper part of a tree, as it is drawn.
private struct DrawnTree {
    var nodes: [QueryFigure.Node] = []
    var isCut = false
    /// The vectors below every drawn node, in the tree's order, and which of them end the drawing.
    private var ranges: [Range<Int>] = []

    init(_ tree: KDTree, visited: Set<Int>, pruned: Set<Int>, path: Set<Int>, _ deepest: Int) {
        add(0, of: tree, visited, pruned, path, deepest)
    }

    @discardableResult
    private mutating func add(
        _ index: Int, of tree: KDTree, _ visited: Set<Int>, _ pruned: Set<Int>, _ path: Set<Int>, _ deepest: Int
    ) -> Int {
        let node = tree.nodes[index]
        let place = nodes.count
        nodes.append(
            QueryFigure.Node(
                depth: node.depth, count: node.vectors.count,
                fate: visited.contains(index) ? "visited" : pruned.contains(index) ? "pruned" : "untouched",
                isOnPath: path.contains(index)))
        ranges.append(node.vectors)
        if let question = node.question {
            guard node.depth < deepest else {
                isCut = true
                return place
            }
            nodes[place].left = add(index + 1, of: tree, visited, pruned, path, deepest)
            nodes[place].right = add(question.right, of: tree, visited, pruned, path, deepest)
        }
        return place
    }

    /// The lowest drawn node above a vector.
    func end(above place: Int) -> Int {
        nodes.indices.first { nodes[$0].left == nil && ranges[$0].contains(place) } ?? 0
    }
}
