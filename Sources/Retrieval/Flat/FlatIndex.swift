import Tensors

/// Exact search by comparing every query with every gallery row.
///
/// Matrix products give approximate distances, a tile of queries and rows at a time so that they stay in the cache;
/// what they cannot rule out is measured again with the one definition of distance. Building is O(n·d); a query costs
/// O(n·d) at the speed of a matrix product.
package struct FlatIndex: Sendable {
    package let count: Int
    package let columns: Int
    private let rows: PaddedRows
    private let centre: [Float]
    private let gallery: Centred

    /// Queries and gallery rows of one tile: a megabyte of products.
    private static let queriesPerTile = 128
    private static let rowsPerTile = 2048

    /// Throws for values that are not finite, or so large that a squared distance overflows; and where `check` does.
    package init(_ gallery: Matrix, check: Check = {}) throws {
        try Vectors.check(gallery)
        try check()
        count = gallery.rows
        columns = gallery.columns
        rows = PaddedRows(gallery)
        try check()
        centre = Centred.centre(of: gallery)
        try check()
        self.gallery = Centred(gallery, around: centre)
    }

    /// The `k` nearest rows of each query. 1 ≤ k ≤ count: callers check what a user asked for.
    ///
    /// Throws also for answers so near that float32 has no digits for their distance (`Closeness`), and where `check` does,
    /// which is asked at every tile.
    ///
    /// - Parameter checksScale: whether queries far away are refused; not where this is a part of the gallery.
    package func nearest(
        _ k: Int, to queries: Matrix, checksScale: Bool = true, check: @escaping Check = {}
    ) throws -> Neighbours {
        precondition(k >= 1 && k <= count, "k lies outside 1...\(count)")
        try Vectors.check(queries, against: columns)
        let near = Centred(queries, around: centre)
        if checksScale { try Closeness.checkScale(near, against: gallery.radius) }
        let doubled = near.values.map { -2 * $0 }
        let exact = PaddedRows(queries)
        var indices = [Int](repeating: 0, count: queries.rows * k)
        var distances = [Float](repeating: 0, count: queries.rows * k)
        let width = rows.width
        let stop = StopRequest(check)
        indices.withUnsafeMutableBufferPointer { indices in
            distances.withUnsafeMutableBufferPointer { distances in
                doubled.withUnsafeBufferPointer { doubled in
                    rows.values.withUnsafeBufferPointer { rows in
                        exact.values.withUnsafeBufferPointer { exact in
                            guard let indices = indices.baseAddress, let distances = distances.baseAddress,
                                let doubled = doubled.baseAddress, let rows = rows.baseAddress,
                                let exact = exact.baseAddress
                            else { return }
                            // Few queries still occupy every core; an answer does not depend on its company.
                            let share = (queries.rows + 2 * Threads.count - 1) / (2 * Threads.count)
                            inParallel(queries.rows, chunk: max(8, min(Self.queriesPerTile, share)), stop: stop) {
                                range in
                                var candidates = range.map { query in
                                    CandidateList(
                                        k: k, margin: margin(near.squaredNorms[query]),
                                        among: .init(query: exact + query * width, rows: rows, width: width))
                                }
                                compare(doubled + range.lowerBound * columns, range.count, &candidates, stop)
                                // Some have met fewer rows than they rank.
                                guard !stop.isWanted() else { return }
                                for query in range {
                                    candidates[query - range.lowerBound].rank(
                                        indices + query * k, distances + query * k)
                                }
                            }
                        }
                    }
                }
            }
        }
        try stop.rethrow()
        let found = Neighbours(queries: queries.rows, k: k, indices: indices, squaredDistances: distances)
        try Closeness.check(found, of: exact, among: rows, columns: columns) { $0 }
        return found
    }

    /// 2ε of `CandidateList`: the usual bounds of an inner product and of a sum of squares, and underflow.
    private func margin(_ squaredNorm: Float) -> Double {
        let reach = Double(squaredNorm).squareRoot() + gallery.radius
        return 2 * (Double(2 * columns + 64) * .singleRoundoff * reach * reach + Double(4 * columns) * .singleUnderflow)
    }

    /// `queries` hold −2q for each candidate list.
    private func compare(
        _ queries: UnsafePointer<Float>, _ some: Int, _ candidates: inout [CandidateList], _ stop: StopRequest
    ) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: some * min(count, Self.rowsPerTile)) { products in
            gallery.values.withUnsafeBufferPointer { values in
                gallery.squaredNorms.withUnsafeBufferPointer { norms in
                    guard let values = values.baseAddress, let norms = norms.baseAddress,
                        let products = products.baseAddress
                    else { return }
                    for first in stride(from: 0, to: count, by: Self.rowsPerTile) where !stop.isWanted() {
                        let tile = min(Self.rowsPerTile, count - first)
                        // The other cores have tiles of their own.
                        Threads.single {
                            MatrixProduct.write(
                                queries, rows: some, timesTransposed: values + first * columns, columns: tile,
                                inner: columns, into: products)
                        }
                        for row in 0..<some {
                            candidates[row].add(products + row * tile, norms + first, count: tile, first: first)
                        }
                    }
                }
            }
        }
    }
}
