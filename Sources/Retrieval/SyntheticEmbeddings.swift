import Tensors

extension Matrix {
    /// The same without anybody who might stop it.
    package init(likeEmbeddings count: Int, seed: UInt64) { self.init(likeEmbeddings: count, seed: seed, check: {}) }

    /// Vectors [count, 128] that lie as embeddings of faces do: around 2,000 centres in a subspace of 20 dimensions, with
    /// a little noise in all. What measures an index where there are not enough faces. O(count).
    ///
    /// Centres and subspace are the same for every seed, so that queries of one seed find their like in a gallery of
    /// another. `check` is asked every few thousand and may throw to stop.
    package init(likeEmbeddings count: Int, seed: UInt64, check: () throws -> Void) rethrows {
        let (columns, dimensions, centres) = (128, 20, 2000)
        var shape = RandomNumbers(seed: 0, .syntheticShape)
        let basis = (0..<dimensions * columns).map { _ in Float(shape.normal()) / Float(dimensions).squareRoot() }
        let places = (0..<centres * dimensions).map { _ in Float(shape.normal()) }
        var random = RandomNumbers(seed: seed, .syntheticVectors)
        let inner = try (0..<count).flatMap { row in
            if row.isMultiple(of: 4096) { try check() }
            let centre = random.integer(below: centres) * dimensions
            return (0..<dimensions).map { places[centre + $0] + 0.35 * Float(random.normal()) }
        }
        let transposed = (0..<columns).flatMap { column in (0..<dimensions).map { basis[$0 * columns + column] } }
        try check()
        var values = [Float](repeating: 0, count: count * columns)
        MatrixProduct.write(
            inner, rows: count, timesTransposed: transposed, columns: columns, inner: dimensions, into: &values)
        for row in 0..<count {
            if row.isMultiple(of: 4096) { try check() }
            for i in row * columns..<(row + 1) * columns { values[i] += 0.02 * Float(random.normal()) }
        }
        self.init(rows: count, columns: columns, values: values)
    }
}
