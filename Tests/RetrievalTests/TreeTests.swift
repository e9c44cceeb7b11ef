import Foundation
import Retrieval
import Tensors
import Testing

@Suite struct TreeTests {
    /// A leaf of one vector holds one neighbour: more of them cost more leaves, and the statistics say so.
    @Test func anApproximateSearchCountsTheLeavesThatItScans() throws {
        var random = SplitMix(state: 4)
        let gallery = Shape.clustered.matrix(64, 8, scale: 0.5, &random)
        let tree = try KDTree(gallery, KDTree.Options(split: .principal, leafSize: 1))
        let one = try tree.approximate(1, to: gallery, leafBudget: 1).statistics
        #expect(one.allSatisfy { $0.leavesVisited == 1 })
        let five = try tree.approximate(5, to: gallery, leafBudget: 1)
        #expect(five.statistics.allSatisfy { $0.leavesVisited >= 5 && $0.vectorsScanned == $0.leavesVisited })
        #expect(five.neighbours.queries == 64)
    }

    @Test(arguments: [-700, -50, -20, -3, -0.1, 0, 0.5, 1, 2, 17, 30])
    func everyThetaHasItsT(theta: Double) {
        let threshold = SplitThreshold(theta: theta)
        #expect(threshold.theta == theta)
        #expect(threshold.t > 0 && threshold.t < 1)
        if abs(theta) < 25 { #expect(abs(SplitThreshold.theta(of: threshold.t) - theta) < 1e-4) }
        if abs(theta) < 3 { #expect(abs(SplitThreshold.theta(of: threshold.t) - theta) < 1e-13) }
    }

    @Test func theSigmoidQuestionIsAComparisonWithTheta() {
        var random = SplitMix(state: 3)
        for _ in 0..<10_000 {
            let threshold = SplitThreshold(theta: Double.random(in: -15...15, using: &random))
            let projection = threshold.theta + Double.random(in: -20...20, using: &random)
            guard abs(projection - threshold.theta) > 1e-6 else { continue }
            #expect((threshold.response(projection) >= 0) == threshold.sendsRight(projection))
        }
    }

    @Test(arguments: [KDTree.Split.principal, .axis, .random(seed: 5)])
    func everyNodeSendsItsVectorsWhereItsQuestionSays(split: KDTree.Split) throws {
        var random = SplitMix(state: 8)
        let gallery = Shape.clustered.matrix(1000, 24, scale: 0.5, &random)
        let tree = try KDTree(gallery, KDTree.Options(split: split, leafSize: 10))
        #expect(tree.order.sorted() == Array(0..<1000))
        #expect(tree.nodes[0].vectors == 0..<1000)
        func projection(_ row: Int, _ direction: Int) -> Double {
            zip(zip(gallery.row(row), tree.origin), tree.directions.row(direction))
                .reduce(0) { $0 + Double($1.0.0 - $1.0.1) * Double($1.1) }
        }
        for (index, node) in tree.nodes.enumerated() {
            guard let question = node.question else {
                #expect(node.vectors.count <= 10)
                continue
            }
            let left = tree.nodes[index + 1]
            let right = tree.nodes[question.right]
            #expect(left.vectors.lowerBound == node.vectors.lowerBound)
            #expect(left.vectors.upperBound == right.vectors.lowerBound)
            #expect(right.vectors.upperBound == node.vectors.upperBound)
            #expect(abs(left.vectors.count - right.vectors.count) <= 1)
            for position in node.vectors {
                let p = projection(tree.order[position], question.direction)
                guard abs(p - question.threshold.theta) > 1e-5 else { continue }
                #expect(right.vectors.contains(position) == (question.threshold.response(p) >= 0))
            }
        }
    }

    @Test func equalVectorsMakeOneLeaf() throws {
        let gallery = Matrix(rows: 500, columns: 3, values: [Float](repeating: 7, count: 1500))
        let tree = try KDTree(gallery, KDTree.Options(leafSize: 1))
        #expect(tree.nodes.count == 1)
        #expect(try tree.nearest(3, to: Matrix(rows: 1, columns: 3, values: [0, 0, 0])).indices == [0, 1, 2])
    }

    @Test func depthIsLimited() throws {
        var random = SplitMix(state: 8)
        let gallery = Shape.isotropic.matrix(1000, 4, scale: 1, &random)
        #expect(try KDTree(gallery, KDTree.Options(leafSize: 1, maximumDepth: 4)).depth == 4)
        #expect(try KDTree(gallery, KDTree.Options(leafSize: 1, maximumDepth: 0)).leaves == 1)
    }

    @Test func prunesWhereVectorsLieInClusters() throws {
        var random = SplitMix(state: 8)
        let gallery = Shape.clustered.matrix(10_000, 64, scale: 1, &random)
        let queries = Shape.clustered.matrix(20, 64, scale: 1, &random)
        let tree = try KDTree(gallery)
        for cost in try tree.search(10, queries).statistics {
            #expect(cost.distancesComputed < 3000)
            #expect(cost.distancesComputed <= cost.vectorsScanned)
            #expect(cost.leavesVisited <= cost.nodesVisited)
            #expect(cost.nodesPruned > 0)
        }
    }
}
