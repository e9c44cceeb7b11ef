import CVectors

/// One query on its way through the tree, and what it has found.
struct TreeWalk {
    let query: Int
    /// Where it began: the node on its own side.
    let home: Int
    let memory: TreeBuffers
    private let point: UnsafePointer<SIMD16<Float>>
    private let vector: UnsafePointer<SIMD16<Float>>
    private let width: Int
    private let rowWidth: Int
    /// How far the coordinates may be from exact ones.
    private let error: Double
    private let columns: Double
    /// Room for one block's keys.
    private let scratch: UnsafeMutablePointer<UInt64>
    var list: NearestList
    var statistics = SearchStatistics()
    /// Which nodes it met, where that is asked for.
    var trace: SearchTrace?
    /// A computed bound above this rules out. Finite, so that it rules out the infinite vectors of a block.
    private(set) var limit = Float.greatestFiniteMagnitude

    init(
        _ memory: TreeBuffers, query: Int, home: Int, k: Int, keys: UnsafeMutablePointer<UInt64>,
        scratch: UnsafeMutablePointer<UInt64>, error: Double
    ) {
        self.query = query
        self.home = home
        self.scratch = scratch
        self.memory = memory
        width = memory.tree.bounds.width
        rowWidth = memory.tree.rows.width
        point = memory.points + query * width
        vector = memory.queries + query * rowWidth
        self.error = error
        columns = Double(memory.tree.columns)
        list = NearestList(k: k, in: keys)
    }

    /// Scans the leaves of its home, so that it has k vectors to compare with.
    mutating func settle() {
        let end = memory.nodes[home].vectors.upperBound
        var node = home
        repeat {
            statistics.nodesVisited += 1
            trace?.visited.append(node)
            if memory.nodes[node].question == nil { scan(node) }
            node += 1
        } while node < memory.tree.nodes.count && memory.nodes[node].vectors.lowerBound < end
    }

    func goesRight(at question: KDTree.Question) -> Bool { memory.goesRight(query, at: question) }

    /// At most the distance to any vector below that node, up to what `limit` allows for.
    func boxDistance(_ node: Int) -> Float {
        squaredDistance(point, toBox: memory.boxes + node * 2 * width, width: width)
    }

    /// Measures what the coordinates of a leaf's vectors do not rule out.
    mutating func scan(_ leaf: Int) {
        let vectors = memory.nodes[leaf].vectors
        let depth = width * 16
        statistics.leavesVisited += 1
        statistics.vectorsScanned += vectors.count
        var block = memory.blocks + memory.tree.blocks.firstBlock[leaf] * depth
        let coordinates = UnsafeRawPointer(point).assumingMemoryBound(to: Float.self)
        for start in stride(from: vectors.lowerBound, to: vectors.upperBound, by: 16) {
            let open = vectors_block(block, coordinates, width, limit)
            block += depth
            if open != 0 { measure(start, open) }
        }
    }

    /// Measures the vectors of a block whose bound is open.
    private mutating func measure(_ start: Int, _ open: UInt32) {
        var open = open
        var found = 0
        var tightens = false
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 16) { positions in
            guard let positions = positions.baseAddress else { return }
            while open != 0 {
                positions[found] = UInt32(truncatingIfNeeded: start + open.trailingZeroBitCount)
                open &= open &- 1
                found += 1
            }
            vectors_measure(vector, memory.rows, rowWidth, positions, found, memory.order, scratch)
        }
        for i in 0..<found where list.offer(scratch[i]) { tightens = true }
        statistics.distancesComputed += found
        if tightens { tighten() }
    }

    /// The largest computed bound that a vector at least as near as the k-th best can have.
    ///
    /// With c the k-th best distance as computed, such a vector's true distance is at most √(c·(1 + ρ) + underflow);
    /// its coordinates are at most that far away in exact arithmetic, and `error` more as computed; and the bound
    /// itself is a rounded sum of squares. ρ also covers directions that are orthonormal only to rounding.
    private mutating func tighten() {
        let rho = 2e-5 + (columns / 8 + 64) * .singleRoundoff
        let distance = (Double(list.worst) * (1 + rho) + 4 * columns * .singleUnderflow).squareRoot() + error
        limit = min(Float(distance * distance * (1 + rho)).nextUp, .greatestFiniteMagnitude)
    }
}
