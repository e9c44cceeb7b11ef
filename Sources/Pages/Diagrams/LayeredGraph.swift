import Drawing

/// What depends on what, drawn from the top down: nodes in layers, arrows between them, words on the arrows.
///
/// Source of the order and the places: Sugiyama, Tagawa and Toda 1981, with labels as nodes of layers of their own, so
/// that no label lies on another one.
package struct LayeredGraph: Sendable {
    package struct Node: Sendable {
        package enum Style: Sendable {
            /// Read from the disk; computed; a group of what nothing depends on.
            case source, step, group
        }

        package var title: String
        package var lines: [String]
        package var style: Style

        package init(title: Phrase, lines: [Phrase], style: Style) {
            (self.title, self.lines, self.style) = (title.text, lines.map(\.text), style)
        }
    }

    package struct Edge: Sendable {
        package var from: Int
        package var to: Int
        /// What goes along it, a line each.
        package var words: [String]

        package init(from: Int, to: Int, words: [Phrase] = []) {
            (self.from, self.to, self.words) = (from, to, words.map(\.text))
        }
    }

    package var nodes: [Node]
    package var edges: [Edge]

    package init(nodes: [Node], edges: [Edge]) {
        precondition(edges.allSatisfy { nodes.indices.contains($0.from) && nodes.indices.contains($0.to) })
        self.nodes = nodes
        self.edges = edges
    }

    /// The layer of each node: below everything that it depends on, sources just above what depends on them, and what
    /// hangs on nothing at the bottom. Edges that close a circle have no say. O(nodes · edges).
    package var layers: [Int] {
        var layers = [Int](repeating: 0, count: nodes.count)
        for _ in nodes {
            var hasChanged = false
            for edge in edges where edge.from != edge.to && layers[edge.to] <= layers[edge.from] {
                guard layers[edge.from] + 1 < nodes.count else { continue }
                layers[edge.to] = layers[edge.from] + 1
                hasChanged = true
            }
            if !hasChanged { break }
        }
        let last = layers.max() ?? 0
        for node in nodes.indices where !edges.contains(where: { $0.to == node }) {
            let below = edges.filter { $0.from == node }.map { layers[$0.to] }.min()
            layers[node] = below.map { max(0, $0 - 1) } ?? last
        }
        return layers
    }

    static let titleSize = 13.5
    static let lineSize = 12.5

    /// - Parameter width: at least; more where a layer needs it.
    package func diagram(width: Double, title: Phrase, alternative: Phrase) -> Diagram {
        var rows = LayeredRows(self)
        rows.order()
        let width = max(width, rows.neededWidth)
        rows.place(in: width)
        return rows.drawing(width: width, title: title, alternative: alternative)
    }
}
