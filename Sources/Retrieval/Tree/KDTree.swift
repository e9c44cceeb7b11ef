import Tensors

/// Exact nearest-neighbour search by a tree whose nodes ask S = Sign(Sigmoid(W·f − t) − t).
///
/// The answers are those of `FlatIndex`, bit for bit. Building is O(n·d·(d + log n)); a query visits the leaves
/// that its k-th best distance cannot rule out, O(n·d) at worst.
/// Source: Bentley 1975; Friedman, Bentley and Finkel 1977; the question of a node from the slides, III.3.
package struct KDTree: Sendable {
    /// Where the directions W come from. One orthonormal set serves the whole tree; a node takes the one along
    /// which its vectors vary most.
    package enum Split: Sendable, Hashable {
        /// The coordinate axes of largest variance: the plain KD-tree.
        case axis
        /// The leading principal directions of the gallery.
        case principal
        /// Random orthonormal directions.
        case random(seed: UInt64)
    }

    package struct Options: Sendable, Hashable {
        package var split: Split
        /// A node with at most this many vectors is not split. ≥ 1.
        package var leafSize: Int
        /// A node this deep is not split; the root has depth 0.
        package var maximumDepth: Int

        package init(split: Split = .principal, leafSize: Int = 128, maximumDepth: Int = 32) {
            precondition(leafSize >= 1 && maximumDepth >= 0)
            self.split = split
            self.leafSize = leafSize
            self.maximumDepth = maximumDepth
        }
    }

    /// A node and the vectors below it: positions in the tree's own order.
    package struct Node: Sendable {
        package var vectors: Range<Int>
        package var depth: Int
        /// Nothing for a leaf.
        package var question: Question?
    }

    package struct Question: Sendable {
        /// Row of `directions`: W.
        package var direction: Int
        package var threshold: SplitThreshold
        /// Of the nodes array. The left child (S < 0) follows its parent at once.
        package var right: Int
    }

    package let options: Options
    package let count: Int
    package let columns: Int
    /// The root is first; children follow their parent.
    package let nodes: [Node]
    /// The gallery row at each position of the tree's order.
    package let order: [Int]

    /// `order` as the distance kernel reads it.
    let keyed: [Int64]
    let basis: Basis
    let centre: [Float]
    /// The longest centred vector's length.
    let radius: Double
    /// In the tree's order.
    let rows: PaddedRows
    let bounds: NodeBounds
    let blocks: LeafBlocks

    /// Throws for values that are not finite, or so large that a squared distance overflows; and where `check` does, which
    /// is asked at every node.
    package init(_ gallery: Matrix, _ options: Options = Options(), check: Check = {}) throws {
        try Vectors.check(gallery)
        try check()
        self.options = options
        count = gallery.rows
        columns = gallery.columns
        centre = Centred.centre(of: gallery)
        let centred = Centred(gallery, around: centre)
        try check()
        radius = centred.radius
        basis = try Basis(options.split, of: centred, check: check)
        let coordinates = Coordinates(centred, in: basis)
        try check()

        var builder = KDTreeBuilder(coordinates, count: gallery.rows, directions: basis.count, options: options)
        try builder.build(check: check)
        nodes = builder.nodes
        order = builder.order
        keyed = builder.order.map(Int64.init)
        bounds = builder.bounds
        rows = PaddedRows(gallery, order: builder.order)
        try check()
        blocks = LeafBlocks(coordinates, order: builder.order, nodes: builder.nodes)
    }

    /// The directions that nodes refer to: W, one a row, orthonormal. They apply to f minus `origin`.
    package var directions: Matrix { basis.directions }

    /// What is subtracted from every vector first: the mean of the gallery.
    package var origin: [Float] { centre }

    package var depth: Int { nodes.map(\.depth).max() ?? 0 }

    package var leaves: Int { nodes.count { $0.question == nil } }
}
