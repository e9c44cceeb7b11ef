/// Answers that are none: distances so small that float32 has no digits, or no number at all, for their squares.
///
/// Of vectors around 10⁻²⁵ all squared distances are 0, and the first rows would be the answer to everything. Looking
/// at answers instead of vectors also finds the few such vectors among ordinary ones, and leaves those in peace that lie
/// near zero and far from every query.
enum Closeness {
    /// Underflow may take 2⁻¹⁵⁰ from each column's square: from here on up no more than rounding takes anyway.
    static func smallest(columns: Int) -> Float { Float(columns) * 0x1p-130 }

    /// Refuses the first query that lies so much farther from the gallery than its rows from each other that float32 has only
    /// a few values for all their distances: what is nearest is rounding then, and the first rows would be the answer.
    ///
    /// With D the query's distance from the gallery's centre and r the gallery's radius, a row's part along the way to the
    /// query is around r/√columns, so that squared distances spread over 2Dr/√columns + r²; float32 has steps of 2⁻²⁴D²
    /// there. Equal rows, r = 0, have no order that could be lost. O(queries).
    static func checkScale(_ queries: Centred, against gallery: Double) throws(SearchError) {
        guard gallery > 0 else { return }
        for query in 0..<queries.rows {
            let square = Double(queries.squaredNorms[query])
            let spread = gallery * (2 * (square / Double(queries.columns)).squareRoot() + gallery)
            guard spread < steps * .singleRoundoff * square else { continue }
            throw .tooFar(query: query, ratio: square.squareRoot() / gallery)
        }
    }

    /// Of float32, over which the distances of a gallery must at least spread.
    private static let steps = 64.0

    /// Refuses the first answer below that whose vector is not the query itself. O(answers), and O(columns) for each
    /// distance that small.
    ///
    /// - Parameter place: where `rows` holds the vector of that index.
    static func check(
        _ found: Neighbours, of queries: PaddedRows, among rows: PaddedRows, columns: Int, place: (Int) -> Int
    ) throws(SearchError) {
        let smallest = smallest(columns: columns)
        let width = rows.width
        for (answer, distance) in found.squaredDistances.enumerated() where distance < smallest {
            let (query, index) = (answer / found.k, found.indices[answer])
            let (first, second) = (query * width, place(index) * width)
            for step in 0..<width where any(queries.values[first + step] .!= rows.values[second + step]) {
                throw .tooClose(query: query, row: index)
            }
        }
    }
}
