import Tensors

/// A tree or a flat index that takes more vectors without being built again at once.
///
/// New vectors wait in a flat index of their own; answers of both are merged by the one definition of distance, so they
/// are those of an index built over everything. When a quarter waits, everything is built again: O(log n) times in all.
package struct GrowingIndex: Sendable {
    package enum Kind: Sendable, Hashable {
        case tree(KDTree.Options)
        case flat
    }

    package let kind: Kind
    /// Everything, in the order it came: a vector's row here is its id.
    package private(set) var vectors: Matrix
    private var built: Built
    private var waiting: FlatIndex?
    /// Rows that `built` holds.
    private var builtRows: Int

    private enum Built: Sendable {
        case tree(KDTree)
        case flat(FlatIndex)

        init(_ vectors: Matrix, _ kind: Kind) throws(SearchError) {
            switch kind {
            case .tree(let options): self = .tree(try KDTree(vectors, options))
            case .flat: self = .flat(try FlatIndex(vectors))
            }
        }

        func nearest(_ k: Int, to queries: Matrix) throws(SearchError) -> Neighbours {
            switch self {
            case .tree(let tree): try tree.nearest(k, to: queries)
            case .flat(let flat): try flat.nearest(k, to: queries)
            }
        }
    }

    package init(_ vectors: Matrix, _ kind: Kind) throws(SearchError) {
        self.kind = kind
        self.vectors = vectors
        built = try Built(vectors, kind)
        builtRows = vectors.rows
    }

    package var count: Int { vectors.rows }

    /// Adds rows with as many columns; their ids follow the last one. Nothing is added when any is refused.
    package mutating func add(_ more: Matrix) throws(SearchError) {
        try Vectors.check(more, against: vectors.columns)
        guard more.rows > 0 else { return }
        let all = Matrix(
            rows: vectors.rows + more.rows, columns: vectors.columns, values: vectors.values + more.values)
        if 4 * (all.rows - builtRows) > builtRows {
            built = try Built(all, kind)
            builtRows = all.rows
            waiting = nil
        } else {
            waiting = try FlatIndex(all.rows(builtRows..<all.rows))
        }
        vectors = all
    }

    /// The `k` nearest rows of each query, ties by id. 1 ≤ k ≤ count.
    package func nearest(_ k: Int, to queries: Matrix) throws(SearchError) -> Neighbours {
        precondition(k >= 1 && k <= count, "k lies outside 1...\(count)")
        guard let waiting else { return try built.nearest(k, to: queries) }
        let old = builtRows > 0 ? try built.nearest(min(k, builtRows), to: queries) : nil
        let new = try waiting.nearest(min(k, waiting.count), to: queries)
        var indices: [Int] = []
        var distances: [Float] = []
        for query in 0..<queries.rows {
            let merged = (old?[query] ?? []) + new[query].map {
                Neighbour(index: $0.index + builtRows, squaredDistance: $0.squaredDistance)
            }
            for neighbour in merged.sorted(by: { ($0.squaredDistance, $0.index) < ($1.squaredDistance, $1.index) })
                .prefix(k) {
                indices.append(neighbour.index)
                distances.append(neighbour.squaredDistance)
            }
        }
        return Neighbours(queries: queries.rows, k: k, indices: indices, squaredDistances: distances)
    }
}
