import Imaging

/// A cascade flattened for evaluation: one array per property, nodes in the order in which they are met.
///
/// Nodes of a tree are numbered so that children come after their parents. What depends on a node's two ways is stored
/// for both: `next` is a node counted from the tree's first, or 0 for a leaf, whose value is then in `leaf`.
struct WindowProgram: Sendable {
    static let corners = 12
    static let weightStride = 4

    let width: Int
    let height: Int
    let isStumps: Bool
    let hasTilted: Bool
    private(set) var stageThresholds: [Double] = []
    /// Trees of a stage: `stageTrees[s] ..< stageTrees[s + 1]`; nodes of a tree likewise.
    private(set) var stageTrees: [Int] = [0]
    private(set) var treeNodes: [Int] = [0]
    /// Twelve corners a node: four of each rectangle, unused rectangles at the window's own corner.
    private(set) var cornerX: [Int] = []
    private(set) var cornerY: [Int] = []
    private(set) var isTilted: [Bool] = []
    /// Four weights a node; the third is 0 for two rectangles, the fourth is always 0.
    private(set) var weights: [Float] = []
    private(set) var thresholds: [Float] = []
    private(set) var nextLeft: [Int32] = []
    private(set) var nextRight: [Int32] = []
    private(set) var leafLeft: [Float] = []
    private(set) var leafRight: [Float] = []

    init(_ cascade: Cascade) {
        width = cascade.width
        height = cascade.height
        isStumps = cascade.isStumps
        hasTilted = cascade.hasTiltedFeatures
        for stage in cascade.stages {
            stageThresholds.append(Double(stage.threshold))
            for tree in cascade.trees[stage.firstTree..<stage.firstTree + stage.treeCount] { add(tree, of: cascade) }
            stageTrees.append(stageTrees[stageTrees.count - 1] + stage.treeCount)
        }
    }

    private mutating func add(_ tree: Cascade.Tree, of cascade: Cascade) {
        var order: [Int] = []
        var position = [Int](repeating: 0, count: tree.nodeCount)
        var waiting = [0]
        while let i = waiting.popLast() {
            position[i] = order.count
            order.append(i)
            let node = cascade.nodes[tree.firstNode + i]
            for next in [node.right, node.left] where next > 0 { waiting.append(next) }
        }
        for i in order {
            let node = cascade.nodes[tree.firstNode + i]
            func leaf(_ way: Int) -> Float { way > 0 ? 0 : cascade.leaves[tree.firstLeaf - way] }
            thresholds.append(node.threshold)
            nextLeft.append(node.left > 0 ? Int32(position[node.left]) : 0)
            nextRight.append(node.right > 0 ? Int32(position[node.right]) : 0)
            leafLeft.append(leaf(node.left))
            leafRight.append(leaf(node.right))
            add(cascade.features[node.feature])
        }
        treeNodes.append(treeNodes[treeNodes.count - 1] + order.count)
    }

    private mutating func add(_ feature: Cascade.Feature) {
        isTilted.append(feature.isTilted)
        for i in 0..<3 {
            let part = i < feature.parts.count ? feature.parts[i] : nil
            let r = part?.rectangle ?? Rectangle(x: 0, y: 0, width: 0, height: 0)
            weights.append(part?.weight ?? 0)
            if feature.isTilted, part != nil {
                cornerX += [r.x, r.x - r.height, r.x + r.width, r.x + r.width - r.height]
                cornerY += [r.y, r.y + r.height, r.y + r.width, r.y + r.width + r.height]
            } else {
                cornerX += [r.x, r.x + r.width, r.x, r.x + r.width]
                cornerY += [r.y, r.y, r.y + r.height, r.y + r.height]
            }
        }
        weights.append(0)
    }

    /// For each corner its distance from the window's own in a buffer of sums.
    func offsets(_ layout: IntegralImages.Layout) -> [Int32] {
        cornerX.indices.map { i in
            let offset = layout.offset(x: cornerX[i], y: cornerY[i])
            return Int32(truncatingIfNeeded: isTilted[i / Self.corners] ? offset + layout.tilted : offset)
        }
    }
}
