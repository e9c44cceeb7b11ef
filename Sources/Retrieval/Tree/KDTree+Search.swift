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

    package init() {}
}

/// Which nodes one query met, by their place in `KDTree.nodes`.
package struct SearchTrace: Sendable, Hashable {
    /// In the order of the visit.
    package var visited: [Int] = []
    /// Left out with everything below them.
    package var pruned: [Int] = []
}

extension KDTree {
    /// The `k` nearest rows of each query. 1 ≤ k ≤ count: callers check what a user asked for. Throws also where `check` does,
    /// which is asked at every node.
    ///
    /// - Parameter checksScale: whether queries far away are refused; not where this is a part of the gallery.
    package func nearest(
        _ k: Int, to queries: Matrix, checksScale: Bool = true, check: @escaping Check = {}
    ) throws -> Neighbours {
        try search(k, queries, leafBudget: .max, tracing: false, checksScale: checksScale, check).0
    }

    /// The same, and what each query cost.
    package func search(
        _ k: Int, _ queries: Matrix, check: @escaping Check = {}
    ) throws -> (neighbours: Neighbours, statistics: [SearchStatistics]) {
        let (neighbours, statistics, _) = try search(k, queries, leafBudget: .max, tracing: false, check)
        return (neighbours, statistics)
    }

    /// **Approximate**: a query that has scanned `leafBudget` leaves, and at least k vectors, looks no further.
    ///
    /// Which leaves come first depends on the queries searched together. Say the recall beside such answers.
    package func approximate(
        _ k: Int, to queries: Matrix, leafBudget: Int, check: @escaping Check = {}
    ) throws -> (neighbours: Neighbours, statistics: [SearchStatistics]) {
        precondition(leafBudget >= 1)
        let (neighbours, statistics, _) = try search(k, queries, leafBudget: leafBudget, tracing: false, check)
        return (neighbours, statistics)
    }

    /// The nodes that one query, the only row, meets on its way to its `k` nearest.
    package func trace(_ k: Int, of query: Matrix, check: @escaping Check = {}) throws -> SearchTrace {
        precondition(query.rows == 1)
        return try search(k, query, leafBudget: .max, tracing: true, check).2.first ?? SearchTrace()
    }

    private func search(
        _ k: Int, _ queries: Matrix, leafBudget: Int, tracing: Bool, checksScale: Bool = true,
        _ check: @escaping Check
    ) throws -> (Neighbours, [SearchStatistics], [SearchTrace]) {
        precondition(k >= 1 && k <= count, "k lies outside 1...\(count)")
        try Vectors.check(queries, against: columns)
        let near = Centred(queries, around: centre)
        if checksScale { try Closeness.checkScale(near, against: radius) }
        let coordinates = Coordinates(near, in: basis)
        let exact = PaddedRows(queries)
        let stop = StopRequest(check)
        let error = Coordinates.relativeError(columns: columns, directions: basis.count)
        var indices = [Int](repeating: 0, count: queries.rows * k)
        var distances = [Float](repeating: 0, count: queries.rows * k)
        var statistics = [SearchStatistics](repeating: SearchStatistics(), count: queries.rows)
        var traces = [SearchTrace](repeating: SearchTrace(), count: tracing ? queries.rows : 0)
        indices.withUnsafeMutableBufferPointer { indices in
            distances.withUnsafeMutableBufferPointer { distances in
                traces.withUnsafeMutableBufferPointer { traces in
                    statistics.withUnsafeMutableBufferPointer { statistics in
                        guard let indices = indices.baseAddress, let distances = distances.baseAddress else { return }
                        TreeBuffers.with(self, coordinates, exact) { memory in
                            // Queries from one region travel together, so that they find its vectors in the cache.
                            let homes = (0..<queries.rows).map { memory.home(of: $0, k: k) }
                            let order = homes.indices.sorted { (homes[$0], $0) < (homes[$1], $1) }
                            inParallel(order.count, chunk: 32, stop: stop) { range in
                                let room = NearestList.capacity(k)
                                let keys = UnsafeMutablePointer<UInt64>.allocate(capacity: range.count * room + k + 16)
                                let scratch = keys + range.count * room
                                defer { keys.deallocate() }
                                var batch = QueryBatch(
                                    walks: zip(order[range], 0...).map { query, place in
                                        let length = Double(near.squaredNorms[query]).squareRoot() + radius
                                        return TreeWalk(
                                            memory, query: query, home: homes[query], k: k, keys: keys + place * room,
                                            scratch: scratch,
                                            error: error * length * (1 + 1e-6))
                                    })
                                batch.leafBudget = leafBudget
                                batch.stop = stop
                                if tracing {
                                    for walk in batch.walks.indices { batch.walks[walk].trace = SearchTrace() }
                                }
                                batch.run()
                                guard !stop.isWanted() else { return }
                                for walk in batch.walks.indices {
                                    let query = batch.walks[walk].query
                                    batch.walks[walk].list.write(
                                        to: indices + query * k, distances + query * k, scratch: scratch)
                                    statistics[query] = batch.walks[walk].statistics
                                    if let trace = batch.walks[walk].trace { traces[query] = trace }
                                }
                            }
                        }
                    }
                }
            }
        }
        try stop.rethrow()
        let found = Neighbours(queries: queries.rows, k: k, indices: indices, squaredDistances: distances)
        var places: [Int] = []  // of the gallery's rows in the tree's order, where they are asked for
        try Closeness.check(found, of: exact, among: rows, columns: columns) { row in
            if places.isEmpty {
                places = [Int](repeating: 0, count: count)
                for (place, row) in order.enumerated() { places[row] = place }
            }
            return places[row]
        }
        return (found, statistics, traces)
    }

    /// The leaf that the only row of `query` falls into by its questions alone, as its place in `nodes`.
    package func leaf(of query: Matrix) -> Int {
        precondition(query.rows == 1 && query.columns == columns)
        let point = Coordinates(Centred(query, around: centre), in: basis)
        var node = 0
        while let question = nodes[node].question {
            let projection = point.values[question.direction >> 4][question.direction & 15]
            node = question.threshold.sendsRight(Double(projection)) ? question.right : node + 1
        }
        return node
    }
}
