/// Answers that are none: distances so small that float32 has no digits, or no number at all, for their squares.
///
/// Of vectors around 10⁻²⁵ all squared distances are 0, and the first rows would be the answer to everything. Looking
/// at answers instead of vectors also finds the few such vectors among ordinary ones, and leaves those in peace that lie
/// near zero and far from every query.
enum Closeness {
    /// Underflow may take 2⁻¹⁵⁰ from each column's square: from here on up no more than rounding takes anyway.
    static func smallest(columns: Int) -> Float { Float(columns) * 0x1p-130 }

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
