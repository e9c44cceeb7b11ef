/// One query on its way through the tree, and what it has found.
struct TreeWalk {
    let query: Int
    /// Where it began: the node on its own side.
    let home: Int
    let memory: TreeMemory
    private let point: UnsafePointer<SIMD16<Float>>
    private let vector: UnsafePointer<SIMD16<Float>>
    private let width: Int
    private let rowWidth: Int
    /// How far the coordinates may be from exact ones.
    private let error: Double
    private let columns: Double
    /// Room for one block and one more.
    private let scratch: UnsafeMutablePointer<UInt64>
    var heap: NearestHeap
    var statistics = SearchStatistics()
    /// A computed bound above this rules out. Finite, so that it rules out the infinite vectors of a block.
    private(set) var limit = Float.greatestFiniteMagnitude

    init(
        _ memory: TreeMemory, query: Int, home: Int, k: Int, keys: UnsafeMutablePointer<UInt64>,
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
        heap = NearestHeap(k: k, in: keys)
    }

    /// Scans the leaves of its home, so that it has k vectors to compare with.
    mutating func settle() {
        let end = memory.nodes[home].vectors.upperBound
        var node = home
        repeat {
            statistics.nodesVisited += 1
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
            // The first sixteen coordinates vary most: often they suffice.
            var bounds = SIMD16<Float>.zero
            var open = true
            for step in 0..<width where open {
                for c in step * 16..<step * 16 + 16 {
                    let difference = block[c] - coordinates[c]
                    bounds += difference * difference
                }
                open = anyLane(bounds .<= limit)
            }
            block += depth
            guard open else { continue }
            measure(start, bounds)
        }
    }

    /// Measures the vectors of a block whose bound is open: all distances first, so that the loads overlap.
    @inline(__always)
    private mutating func measure(_ start: Int, _ bounds: SIMD16<Float>) {
        var found = 0
        for lane in 0..<16 {
            scratch[found] = UInt64(start + lane)
            found += bounds[lane] <= limit ? 1 : 0
        }
        for i in 0..<found {
            let position = Int(scratch[i])
            let distance = squaredDistance(vector, memory.rows + position * rowWidth, width: rowWidth)
            scratch[i] = NeighbourKey.make(distance, memory.order[position])
        }
        var taken = false
        for i in 0..<found where heap.offer(scratch[i]) { taken = true }
        statistics.distancesComputed += found
        if taken, heap.isFull { tighten() }
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
