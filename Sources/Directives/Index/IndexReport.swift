import Foundation
import Pages
import Retrieval
import Tensors

/// What `index` stores: the tree as a list of nodes, one query's way through it, and a small tree of the plane.
struct IndexReport: Codable {
    struct Node: Codable {
        var depth: Int
        var count: Int
        var direction: Int?
        var t: Double
        var theta: Double
        var left: Int?
        var right: Int?
        var fate: String
    }

    var nodes: [Node]
    var home: Int
    var depth: Int
    var gallery: Int
    var queries: Int
    var k: Int
    var query: Int
    var leafSizes: [Int]
    var visitedLeaves: Int
    var distances: Int
    /// The query's k-th distance: what lies beyond is left out.
    var bound: Double
    var meanLeaves: Double
    var meanDistances: Double
    var equalToBruteForce: Bool
    var budget: Int?
    /// Leaves that the approximate search scanned for a query, mean and most: k vectors may take more than the budget.
    var budgetMean: Double?
    var budgetMost: Int?
    /// The share of true neighbours that the approximate search found.
    var recall: Double?
    var plane: Plane

    /// The gallery's two leading principal components, in a tree of their own.
    struct Plane: Codable {
        var points: [[Double]]
        var nodes: [TreeExplorer.Node]
        var query: [Double]

        var explorer: TreeExplorer { TreeExplorer(points: points, nodes: nodes, query: query) }
    }

    init(
        _ gallery: Matrix, _ queries: Matrix, _ options: KDTree.Options, k: Int, query: Int, budget: Int?,
        check: @escaping Check
    ) throws {
        let tree = try KDTree(gallery, options, check: check)
        let (found, statistics) = try tree.search(k, queries, check: check)
        let one = queries.rows(query..<query + 1)
        let trace = try tree.trace(k, of: one, check: check)
        let (visited, pruned) = (Set(trace.visited), Set(trace.pruned))
        nodes = tree.nodes.enumerated().map { index, node in
            Node(
                depth: node.depth, count: node.vectors.count, direction: node.question.map { $0.direction + 1 },
                t: node.question?.threshold.t ?? 0, theta: node.question?.threshold.theta ?? 0,
                left: node.question.map { _ in index + 1 }, right: node.question?.right,
                fate: visited.contains(index) ? "visited" : pruned.contains(index) ? "pruned" : "untouched")
        }
        home = tree.leaf(of: one)
        depth = tree.depth
        self.gallery = gallery.rows
        self.queries = queries.rows
        self.k = k
        self.query = query
        leafSizes = tree.nodes.filter { $0.question == nil }.map(\.vectors.count)
        visitedLeaves = trace.visited.count { tree.nodes[$0].question == nil }
        distances = statistics[query].distancesComputed
        bound = Double(found.squaredDistances[query * k + k - 1]).squareRoot()
        func mean(_ value: (SearchStatistics) -> Int) -> Double {
            Double(statistics.reduce(0) { $0 + value($1) }) / Double(statistics.count)
        }
        meanLeaves = mean(\.leavesVisited)
        meanDistances = mean(\.distancesComputed)
        equalToBruteForce = try FlatIndex(gallery, check: check).nearest(k, to: queries, check: check) == found
        self.budget = budget
        let approximate = try budget.map { try tree.approximate(k, to: queries, leafBudget: $0, check: check) }
        let leaves = approximate?.statistics.map(\.leavesVisited)
        budgetMean = leaves.map { Double($0.reduce(0, +)) / Double(max(1, $0.count)) }
        budgetMost = leaves?.max()
        recall = approximate.map { approximate in
            let approximate = approximate.neighbours
            let hits = (0..<queries.rows).reduce(0) { sum, query in
                sum + Set(found.indices(of: query)).intersection(approximate.indices(of: query)).count
            }
            return Double(hits) / Double(queries.rows * k)
        }
        plane = try Plane(gallery, one)
    }

    var diagram: TreeDiagram {
        TreeDiagram(
            nodes: nodes.map {
                TreeDiagram.Node(
                    depth: $0.depth, count: $0.count, direction: $0.direction, t: $0.t, left: $0.left, right: $0.right,
                    fate: TreeDiagram.Fate(rawValue: $0.fate) ?? .untouched)
            },
            home: home,
            alternative: """
                A tree of \(nodes.count) nodes over \(gallery) vectors; query \(query) visited \(visitedLeaves) of \
                \(leafSizes.count) leaves for its \(k) nearest
                """)
    }

    var table: Table {
        let sizes = leafSizes.sorted()
        var rows: [[Table.Cell]] = [
            [.text("vectors"), .count(gallery)], [.text("nodes"), .count(nodes.count)],
            [.text("depth"), .count(depth)],
            [.text("leaves"), .count(sizes.count)], [.text("smallest leaf"), .count(sizes.first ?? 0)],
            [.text("largest leaf"), .count(sizes.last ?? 0)],
            [.text("query \(query): leaves visited"), .count(visitedLeaves)],
            [.text("query \(query): distances computed"), .count(distances)],
            [.text("query \(query): bound at the end"), .number(bound, digits: 4)],
            [.text("all queries, mean: leaves visited"), .number(meanLeaves, digits: 1)],
            [.text("all queries, mean: distances computed"), .number(meanDistances, digits: 1)],
        ]
        var notes: [Phrase] = []
        if let budget, let recall {
            rows.append([.text("approximate, \(budget) leaves: recall (%)"), .number(100 * recall, digits: 1)])
            if let budgetMean, let budgetMost {
                rows.append([.text("approximate, mean: leaves visited"), .number(budgetMean, digits: 1)])
                rows.append([.text("approximate, most: leaves visited"), .count(budgetMost)])
                if budgetMost > budget {
                    notes.append(
                        "\(k) neighbours need more leaves than \(budget): a query goes on until it has met \(k) vectors."
                    )
                }
            }
        }
        let verdict: Phrase =
            equalToBruteForce
            ? "Certificate: for all \(queries) queries the tree's \(k) nearest equal brute force in every rank and distance."
            : "The tree's answers DIFFER from brute force."
        return Table(columns: [.init("what"), .init("figure")], rows: rows, notes: notes + [verdict])
    }
}

extension IndexReport.Plane {
    /// At most so many points: each is a circle of the page.
    private static let most = 400

    fileprivate init(_ gallery: Matrix, _ query: Matrix) throws {
        let stride = max(1, (gallery.rows + Self.most - 1) / Self.most)
        let chosen = Swift.stride(from: 0, to: gallery.rows, by: stride).flatMap { gallery.row($0) }
        let some = Matrix(rows: chosen.count / gallery.columns, columns: gallery.columns, values: chosen)
        guard let components = PrincipalComponents(fitting: some, count: 2), components.directions.rows == 2 else {
            points = [[0, 0]]
            nodes = [TreeExplorer.Node(w: nil, t: 0, theta: 0, left: nil, right: nil, points: [0])]
            self.query = [0, 0]
            return
        }
        // In deviations of the first component, so that the sigmoid of a projection is neither 0 nor 1.
        let unit = Float(max(components.variances[0].squareRoot(), 1e-12))
        func scaled(_ vectors: Matrix) -> Matrix {
            let flat = components.coordinates(of: vectors)
            return Matrix(rows: flat.rows, columns: 2, values: flat.values.map { $0 / unit })
        }
        let plane = scaled(some)
        let tree = try KDTree(plane, KDTree.Options(split: .axis, leafSize: max(4, plane.rows / 16)))
        func point(_ row: ArraySlice<Float>) -> [Double] {
            zip(row, tree.origin).map { (Double($0 - $1) * 1e4).rounded() / 1e4 }
        }
        points = (0..<plane.rows).map { point(plane.row($0)) }
        self.query = point(scaled(query).row(0))
        nodes = tree.nodes.enumerated().map { index, node in
            TreeExplorer.Node(
                w: node.question.map { tree.directions.row($0.direction).map(Double.init) },
                t: node.question?.threshold.t ?? 0, theta: node.question?.threshold.theta ?? 0,
                left: node.question.map { _ in index + 1 }, right: node.question?.right,
                points: node.question == nil ? node.vectors.map { tree.order[$0] } : [])
        }
    }
}
