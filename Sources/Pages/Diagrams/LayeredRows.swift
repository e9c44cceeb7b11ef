/// A layered graph on its way to a drawing: rows of slots, each a node, words on an arrow, or an arrow's way past a
/// node.
struct LayeredRows {
    struct Slot {
        enum Content {
            case node(Int)
            case words(edge: Int)
            case lane(edge: Int)
        }

        var content: Content
        var width: Double
        var height: Double
        /// Its middle.
        var x = 0.0
    }

    let graph: LayeredGraph
    /// Rows of nodes and rows of words by turns.
    var rows: [[Slot]]

    private static let gap = 30.0
    private static let lineHeight = 16.0

    init(_ graph: LayeredGraph) {
        self.graph = graph
        let layers = graph.layers
        let count = (layers.max() ?? 0) + 1
        rows = Array(repeating: [], count: 2 * count - 1)
        for (node, layer) in layers.enumerated() { rows[2 * layer].append(Self.slot(graph.nodes[node], node)) }
        for (index, edge) in graph.edges.enumerated() where layers[edge.from] < layers[edge.to] {
            for row in 2 * layers[edge.from] + 1..<2 * layers[edge.to] {
                if row == 2 * layers[edge.from] + 1, !edge.words.isEmpty {
                    let width = edge.words.map { Diagram.width(of: $0, size: LayeredGraph.lineSize) }.max() ?? 0
                    rows[row].append(
                        Slot(
                            content: .words(edge: index), width: width + 6,
                            height: Self.lineHeight * Double(edge.words.count)))
                } else {
                    rows[row].append(Slot(content: .lane(edge: index), width: 2, height: 0))
                }
            }
        }
    }

    private static func slot(_ node: LayeredGraph.Node, _ index: Int) -> Slot {
        let widths =
            [Diagram.width(of: node.title, size: LayeredGraph.titleSize, isBold: true)]
            + node.lines.map { Diagram.width(of: $0, size: LayeredGraph.lineSize) }
        return Slot(
            content: .node(index), width: max(104, (widths.max() ?? 0) + 24),
            height: 18 + (node.title.isEmpty ? 0 : lineHeight + 2) + lineHeight * Double(node.lines.count))
    }

    var neededWidth: Double {
        rows.map { $0.reduce(0) { $0 + $1.width } + Self.gap * Double(max(0, $0.count - 1)) + 2 }.max() ?? 0
    }

    // MARK: Order

    /// Orders each row so that few arrows cross: by the middles of neighbours, from the top and from the bottom by
    /// turns, then by changing places with the next one. From a few beginnings, of which the best end is taken.
    mutating func order() {
        var best = self
        best.sweep()
        best.swap()
        var other = self
        for beginning in 1..<Self.beginnings where best.crossings > 0 {
            // Turned round, and then cut like a pack of cards, elsewhere in each row.
            for row in other.rows.indices where !other.rows[row].isEmpty {
                other.rows[row].reverse()
                let cut = beginning * (row + 1) % other.rows[row].count
                other.rows[row] = Array(other.rows[row][cut...] + other.rows[row][..<cut])
            }
            var end = other
            end.sweep()
            end.swap()
            if end.crossings < best.crossings { best = end }
        }
        rows = best.rows
    }

    private static let beginnings = 8

    private mutating func sweep() {
        var best = (crossings: crossings, rows: rows)
        for turn in 0..<12 where best.crossings > 0 {
            let indices = Array(rows.indices)
            for row in turn % 2 == 0 ? indices : indices.reversed() {
                let other = turn % 2 == 0 ? row - 1 : row + 1
                guard rows.indices.contains(other) else { continue }
                let places = neighbours(of: row, in: other)
                let keys = rows[row].indices.map { slot in
                    let near = places[slot]
                    return near.isEmpty ? Double(slot) : Double(near.reduce(0, +)) / Double(near.count)
                }
                rows[row] = rows[row].indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.map { rows[row][$0] }
            }
            if crossings < best.crossings { best = (crossings, rows) }
        }
        rows = best.rows
    }

    /// A row may only change as long as the crossings above and below it become fewer, so that this ends.
    private mutating func swap() {
        for _ in 0..<12 {
            var hasChanged = false
            for row in rows.indices {
                for slot in rows[row].indices.dropLast() {
                    let before = crossings(around: row)
                    rows[row].swapAt(slot, slot + 1)
                    if crossings(around: row) < before {
                        hasChanged = true
                    } else {
                        rows[row].swapAt(slot, slot + 1)
                    }
                }
            }
            if !hasChanged { return }
        }
    }

    /// Whether an arrow goes from one slot to the other, which lies in the next row.
    private func joins(_ upper: Slot, _ lower: Slot) -> Bool {
        switch (upper.content, lower.content) {
        case (.node(let node), .words(let edge)), (.node(let node), .lane(let edge)):
            graph.edges[edge].from == node
        case (.words(let edge), .node(let node)), (.lane(let edge), .node(let node)): graph.edges[edge].to == node
        case (.words(let edge), .lane(let other)), (.lane(let edge), .lane(let other)): edge == other
        default: false
        }
    }

    private func neighbours(of row: Int, in other: Int) -> [[Int]] {
        rows[row].map { slot in
            rows[other].indices.filter {
                row < other ? joins(slot, rows[other][$0]) : joins(rows[other][$0], slot)
            }
        }
    }

    private var crossings: Int { rows.indices.dropLast().reduce(0) { $0 + crossings(below: $1) } }

    private func crossings(around row: Int) -> Int {
        (row > 0 ? crossings(below: row - 1) : 0) + (row + 1 < rows.count ? crossings(below: row) : 0)
    }

    private func crossings(below row: Int) -> Int {
        let pairs = neighbours(of: row, in: row + 1).enumerated().flatMap { from, to in to.map { (from, $0) } }
        return pairs.enumerated().reduce(0) { sum, next in
            sum + pairs[..<next.offset].count { ($0.0 - next.element.0) * ($0.1 - next.element.1) < 0 }
        }
    }

    // MARK: Places

    /// Places slots near the middle of their neighbours, in their order and apart from each other.
    mutating func place(in width: Double) {
        for row in rows.indices { settle(row, wishes: rows[row].map { _ in (width / 2, 1) }, width) }
        for turn in 0..<10 {
            let indices = Array(rows.indices)
            for row in turn % 2 == 0 ? indices : indices.reversed() {
                let near = [row - 1, row + 1].filter(rows.indices.contains)
                let wishes = rows[row].indices.map { slot -> (x: Double, weight: Double) in
                    let xs = near.flatMap { other in
                        neighbours(of: row, in: other)[slot].map { rows[other][$0].x }
                    }
                    // What hangs on nothing gives way.
                    return xs.isEmpty ? (width / 2, 0.001) : (xs.reduce(0, +) / Double(xs.count), 1)
                }
                settle(row, wishes: wishes, width)
            }
        }
        centre(in: width)
    }

    /// The places nearest to the wishes, in the sum of squares, that keep order and gaps: pools of adjacent violators.
    private mutating func settle(_ row: Int, wishes: [(x: Double, weight: Double)], _ width: Double) {
        guard !rows[row].isEmpty else { return }
        var offsets: [Double] = [rows[row][0].width / 2]
        for (left, right) in zip(rows[row], rows[row].dropFirst()) {
            offsets.append(offsets[offsets.count - 1] + left.width / 2 + Self.gap + right.width / 2)
        }
        var pools: [(sum: Double, weight: Double, count: Int)] = []
        for (wish, offset) in zip(wishes, offsets) {
            pools.append((wish.weight * (wish.x - offset), wish.weight, 1))
            while pools.count > 1,
                pools[pools.count - 2].sum / pools[pools.count - 2].weight
                    > pools[pools.count - 1].sum / pools[pools.count - 1].weight
            {
                let last = pools.removeLast()
                pools[pools.count - 1].sum += last.sum
                pools[pools.count - 1].weight += last.weight
                pools[pools.count - 1].count += last.count
            }
        }
        let most = max(1, width - 1 - (offsets[offsets.count - 1] + rows[row][rows[row].count - 1].width / 2))
        let shifts = pools.flatMap { pool in
            Array(repeating: min(max(1, pool.sum / pool.weight), most), count: pool.count)
        }
        for slot in rows[row].indices { rows[row][slot].x = offsets[slot] + shifts[slot] }
    }

    /// Moves everything to the middle of the drawing.
    private mutating func centre(in width: Double) {
        let slots = rows.joined()
        let left = slots.map { $0.x - $0.width / 2 }.min() ?? 0
        let right = slots.map { $0.x + $0.width / 2 }.max() ?? width
        for row in rows.indices {
            for slot in rows[row].indices { rows[row][slot].x += (width - right - left) / 2 }
        }
    }
}
