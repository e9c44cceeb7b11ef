import Tensors

/// What one query cost.
package struct SearchStatistics: Sendable, Hashable {
    /// Nodes whose box was compared with the query.
    package var nodesVisited = 0
    /// Nodes that were left out with all their vectors.
    package var nodesPruned = 0
    package var leavesVisited = 0
    /// Vectors in the visited leaves, compared in the tree's coordinates.
    package var vectorsScanned = 0
    /// Distances computed in full.
    package var distancesComputed = 0
}

extension KDTree {
    /// The `k` nearest rows of each query. 1 ≤ k ≤ count: callers check what a user asked for.
    package func nearest(_ k: Int, to queries: Matrix) throws(SearchError) -> Neighbours {
        try search(k, queries).neighbours
    }

    /// The same, and what each query cost.
    package func search(
        _ k: Int, _ queries: Matrix
    ) throws(SearchError) -> (neighbours: Neighbours, statistics: [SearchStatistics]) {
        precondition(k >= 1 && k <= count, "k lies outside 1...\(count)")
        try Vectors.check(queries, against: columns)
        let near = Centred(queries, around: centre)
        let coordinates = Coordinates(near, in: basis)
        let exact = PaddedRows(queries)
        let error = Coordinates.relativeError(columns: columns, directions: basis.count)
        var indices = [Int](repeating: 0, count: queries.rows * k)
        var distances = [Float](repeating: 0, count: queries.rows * k)
        var statistics = [SearchStatistics](repeating: SearchStatistics(), count: queries.rows)
        indices.withUnsafeMutableBufferPointer { indices in
            distances.withUnsafeMutableBufferPointer { distances in
                statistics.withUnsafeMutableBufferPointer { statistics in
                    guard let indices = indices.baseAddress, let distances = distances.baseAddress else { return }
                    withMemory(coordinates, exact) { memory in
                        inParallel(queries.rows, chunk: 16) { range in
                            let keys = UnsafeMutablePointer<UInt64>.allocate(capacity: k)
                            defer { keys.deallocate() }
                            for query in range {
                                let length = Double(near.squaredNorms[query]).squareRoot() + radius
                                var walk = Walk(
                                    memory, query: query, k: k, keys: keys, error: error * length * (1 + 1e-6))
                                walk.run()
                                walk.heap.write(to: indices + query * k, distances + query * k)
                                statistics[query] = walk.statistics
                            }
                        }
                    }
                }
            }
        }
        return (
            Neighbours(queries: queries.rows, k: k, indices: indices, squaredDistances: distances), statistics
        )
    }

    private func withMemory(_ coordinates: Coordinates, _ exact: PaddedRows, _ body: (Memory) -> Void) {
        nodes.withUnsafeBufferPointer { nodes in
            order.withUnsafeBufferPointer { order in
                rows.values.withUnsafeBufferPointer { rows in
                    bounds.values.withUnsafeBufferPointer { boxes in
                        blocks.values.withUnsafeBufferPointer { blocks in
                            coordinates.values.withUnsafeBufferPointer { points in
                                exact.values.withUnsafeBufferPointer { queries in
                                    guard let nodes = nodes.baseAddress, let order = order.baseAddress,
                                        let rows = rows.baseAddress, let boxes = boxes.baseAddress,
                                        let blocks = blocks.baseAddress, let points = points.baseAddress,
                                        let queries = queries.baseAddress
                                    else { return }
                                    body(
                                        Memory(
                                            tree: self, nodes: nodes, order: order, rows: rows, boxes: boxes,
                                            blocks: blocks, points: points, queries: queries))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The arrays of a tree and of its queries, valid while `withMemory` runs.
private struct Memory {
    let tree: KDTree
    let nodes: UnsafePointer<KDTree.Node>
    let order: UnsafePointer<Int>
    let rows: UnsafePointer<SIMD16<Float>>
    let boxes: UnsafePointer<SIMD16<Float>>
    let blocks: UnsafePointer<SIMD16<Float>>
    let points: UnsafePointer<SIMD16<Float>>
    let queries: UnsafePointer<SIMD16<Float>>
}

/// One query's way through the tree: to its own side first, then back to what may still hold a nearer vector.
private struct Walk {
    private let memory: Memory
    private let point: UnsafePointer<SIMD16<Float>>
    private let query: UnsafePointer<SIMD16<Float>>
    private let width: Int
    private let rowWidth: Int
    /// How far the coordinates may be from exact ones.
    private let error: Double
    private let columns: Double
    var heap: NearestHeap
    var statistics = SearchStatistics()
    /// A computed bound above this rules out. Finite, so that it rules out the infinite vectors of a block.
    private var limit = Float.greatestFiniteMagnitude

    init(_ memory: Memory, query: Int, k: Int, keys: UnsafeMutablePointer<UInt64>, error: Double) {
        self.memory = memory
        width = memory.tree.bounds.width
        rowWidth = memory.tree.rows.width
        point = memory.points + query * width
        self.query = memory.queries + query * rowWidth
        self.error = error
        columns = Double(memory.tree.columns)
        heap = NearestHeap(k: k, in: keys)
    }

    mutating func run() { visit(0) }

    private mutating func visit(_ index: Int) {
        statistics.nodesVisited += 1
        guard let question = memory.nodes[index].question else { return scan(index) }
        let left = boxDistance(index + 1)
        let right = boxDistance(question.right)
        let projection = Double(UnsafeRawPointer(point).load(fromByteOffset: question.direction * 4, as: Float.self))
        let goesRight = question.threshold.sendsRight(projection)
        let (near, far) = goesRight ? (question.right, index + 1) : (index + 1, question.right)
        let (nearBound, farBound) = goesRight ? (right, left) : (left, right)
        if nearBound <= limit { visit(near) } else { statistics.nodesPruned += 1 }
        if farBound <= limit { visit(far) } else { statistics.nodesPruned += 1 }
    }

    private func boxDistance(_ node: Int) -> Float {
        squaredDistance(point, toBox: memory.boxes + node * 2 * width, width: width)
    }

    private mutating func scan(_ leaf: Int) {
        let vectors = memory.nodes[leaf].vectors
        let depth = width * 16
        statistics.leavesVisited += 1
        statistics.vectorsScanned += vectors.count
        var block = memory.blocks + memory.tree.blocks.firstBlock[leaf] * depth
        let coordinates = UnsafeRawPointer(point).assumingMemoryBound(to: Float.self)
        for start in stride(from: vectors.lowerBound, to: vectors.upperBound, by: 16) {
            var bounds = SIMD16<Float>.zero
            for c in 0..<depth {
                let difference = block[c] - coordinates[c]
                bounds += difference * difference
            }
            block += depth
            guard anyLane(bounds .<= limit) else { continue }
            for lane in 0..<min(16, vectors.upperBound - start) where bounds[lane] <= limit { measure(start + lane) }
        }
    }

    private mutating func measure(_ position: Int) {
        statistics.distancesComputed += 1
        let distance = squaredDistance(query, memory.rows + position * rowWidth, width: rowWidth)
        if heap.offer(NeighbourKey.make(distance, memory.order[position])), heap.isFull { tighten() }
    }

    /// The largest computed bound that a vector at least as near as the k-th best can have.
    ///
    /// With c the k-th best distance as computed, such a vector's true distance is at most √(c·(1 + ρ) + underflow);
    /// its coordinates are at most that far away in exact arithmetic, and `error` more as computed; and the bound
    /// itself is a rounded sum of squares. ρ also covers directions that are orthonormal only to rounding.
    private mutating func tighten() {
        let rho = 2e-5 + (columns / 8 + 64) * .singleRoundoff
        let distance = (Double(heap.worst) * (1 + rho) + 4 * columns * .singleUnderflow).squareRoot() + error
        limit = min(Float(distance * distance * (1 + rho)).nextUp, .greatestFiniteMagnitude)
    }
}
