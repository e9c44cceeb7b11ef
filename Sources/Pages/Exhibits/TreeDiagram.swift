/// A search tree as a page shows it: nodes with their questions, and what one query did to them.
package struct TreeDiagram: Sendable {
    package enum Fate: String, Sendable { case visited, pruned, untouched }

    package struct Node: Sendable {
        package var depth: Int
        /// Vectors below it.
        package var count: Int
        /// Which direction it splits by, from 1, and the t of its question; nil for a leaf.
        package var direction: Int?
        package var t: Double
        /// Indices of its children; nil for a leaf.
        package var left: Int?
        package var right: Int?
        package var fate: Fate

        package init(
            depth: Int, count: Int, direction: Int?, t: Double, left: Int?, right: Int?, fate: Fate
        ) {
            self.depth = depth
            self.count = count
            self.direction = direction
            self.t = t
            self.left = left
            self.right = right
            self.fate = fate
        }
    }

    /// The root is first.
    package var nodes: [Node]
    /// The leaf that the query itself falls into.
    package var home: Int
    package var alternative: String

    package init(nodes: [Node], home: Int, alternative: Phrase) {
        self.nodes = nodes
        self.home = home
        self.alternative = alternative.text
    }
}

/// A tree over points of the plane that a reader can query by hand.
package struct TreeExplorer: Sendable {
    package struct Node: Sendable, Codable {
        /// W of its question, its t and θ; nil for a leaf.
        package var w: [Double]?
        package var t: Double
        package var theta: Double
        package var left: Int?
        package var right: Int?
        /// The points of a leaf.
        package var points: [Int]

        package init(w: [Double]?, t: Double, theta: Double, left: Int?, right: Int?, points: [Int]) {
            self.w = w
            self.t = t
            self.theta = theta
            self.left = left
            self.right = right
            self.points = points
        }
    }

    /// x, y each.
    package var points: [[Double]]
    package var nodes: [Node]
    package var query: [Double]

    package init(points: [[Double]], nodes: [Node], query: [Double]) {
        self.points = points
        self.nodes = nodes
        self.query = query
    }
}
