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
                    TreeMemory.with(self, coordinates, exact) { memory in
                        // Queries from one region travel together, so that they find its vectors in the cache.
                        let homes = (0..<queries.rows).map { memory.home(of: $0, k: k) }
                        let order = homes.indices.sorted { (homes[$0], $0) < (homes[$1], $1) }
                        inParallel(order.count, chunk: 32) { range in
                            let keys = UnsafeMutablePointer<UInt64>.allocate(capacity: range.count * k + 17)
                            defer { keys.deallocate() }
                            var party = SearchParty(
                                walks: zip(order[range], 0...).map { query, place in
                                    let length = Double(near.squaredNorms[query]).squareRoot() + radius
                                    return TreeWalk(
                                        memory, query: query, home: homes[query], k: k, keys: keys + place * k,
                                        scratch: keys + range.count * k,
                                        error: error * length * (1 + 1e-6))
                                })
                            party.run()
                            for walk in party.walks {
                                walk.heap.write(to: indices + walk.query * k, distances + walk.query * k)
                                statistics[walk.query] = walk.statistics
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
}
