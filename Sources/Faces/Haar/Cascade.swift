import Files
import Imaging

/// A trained cascade of Haar-like features: stages of trees that a window must pass one after the other.
///
/// Every index is checked when a cascade is read, so evaluation needs no checks. Source: Viola and Jones 2001,
/// Lienhart and Maydt 2002; the file format is that of the cascades in Debian's `opencv-data`.
package struct Cascade: Sendable {
    /// Size of the window the cascade was trained on, in pixels.
    package let width: Int
    package let height: Int
    package let stages: [Stage]
    package let trees: [Tree]
    package let nodes: [Node]
    package let leaves: [Float]
    package let features: [Feature]

    /// Trees `firstTree ..< firstTree + treeCount`; passed when their sum is at least `threshold`.
    package struct Stage: Sendable {
        package let firstTree: Int
        package let treeCount: Int
        package let threshold: Float
    }

    /// Nodes from `firstNode`, leaves from `firstLeaf`; there is one more leaf than nodes.
    package struct Tree: Sendable {
        package let firstNode: Int
        package let nodeCount: Int
        package let firstLeaf: Int
    }

    /// Goes `left` when the feature is below the threshold. A positive number is a node of the tree, any other, negated,
    /// a leaf of it.
    package struct Node: Sendable {
        package let feature: Int
        package let threshold: Float
        package let left: Int
        package let right: Int
    }

    /// One to three weighted rectangles, upright or turned by 45° around their top corner.
    package struct Feature: Sendable {
        package let parts: [(rectangle: Rectangle, weight: Float)]
        package let isTilted: Bool
    }

    /// Whether every tree is a single node.
    var isStumps: Bool { trees.allSatisfy { $0.nodeCount == 1 } }
    var hasTiltedFeatures: Bool { features.contains(where: \.isTilted) }

    package var stageCount: Int { stages.count }
    package var treeCount: Int { trees.count }

    /// Largest cascade file that is read, in bytes; the largest stock one has 2.7 MB.
    static let fileBytes = 64 << 20

    /// Reads a cascade file.
    package init(contentsOf path: String) throws(CascadeError) {
        let bytes: [UInt8]
        do {
            bytes = try Files.read(path, limit: Self.fileBytes)
        } catch {
            throw CascadeError(name: path, problem: error.problem)
        }
        try self.init(xml: bytes, name: path)
    }

    /// Reads a cascade from the bytes of its file; `name` is what errors call it.
    package init(xml: [UInt8], name: String) throws(CascadeError) {
        let root = try XMLReader.root(of: xml, name: name)
        self = try CascadeReader(name: name).cascade(root)
    }

    init(
        width: Int, height: Int, stages: [Stage], trees: [Tree], nodes: [Node], leaves: [Float], features: [Feature]
    ) {
        self.width = width
        self.height = height
        self.stages = stages
        self.trees = trees
        self.nodes = nodes
        self.leaves = leaves
        self.features = features
    }
}
