/// One row of a gallery and how far it is from a query.
package struct Neighbour: Sendable, Hashable {
    package var index: Int
    package var squaredDistance: Float

    package init(index: Int, squaredDistance: Float) {
        self.index = index
        self.squaredDistance = squaredDistance
    }
}

/// The `k` nearest gallery rows of each query, nearest first; equal distances in order of the index.
package struct Neighbours: Sendable, Hashable {
    package let queries: Int
    package let k: Int
    /// queries × k, row-major.
    package let indices: [Int]
    /// Beside `indices`.
    package let squaredDistances: [Float]

    package init(queries: Int, k: Int, indices: [Int], squaredDistances: [Float]) {
        precondition(indices.count == queries * k && squaredDistances.count == queries * k)
        self.queries = queries
        self.k = k
        self.indices = indices
        self.squaredDistances = squaredDistances
    }

    /// The neighbours of one query. O(k).
    package subscript(query: Int) -> [Neighbour] {
        (query * k..<(query + 1) * k).map { Neighbour(index: indices[$0], squaredDistance: squaredDistances[$0]) }
    }

    /// The indices of one query, without a copy. O(1).
    package func indices(of query: Int) -> ArraySlice<Int> { indices[query * k..<(query + 1) * k] }
}

/// Distance and index as one number: comparing keys compares distances, then indices.
///
/// The bits of floats ≥ 0 are ordered like the floats.
struct NeighbourKey {
    @inline(__always)
    static func make(_ squaredDistance: Float, _ index: Int) -> UInt64 {
        UInt64(squaredDistance.bitPattern) << 32 | UInt64(UInt32(truncatingIfNeeded: index))
    }

    @inline(__always)
    static func squaredDistance(_ key: UInt64) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: key >> 32)) }

    @inline(__always)
    static func index(_ key: UInt64) -> Int { Int(key & 0xFFFF_FFFF) }
}
