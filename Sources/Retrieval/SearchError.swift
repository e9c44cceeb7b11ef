import Tensors

/// Why vectors cannot be searched.
package enum SearchError: Error, Sendable, Equatable {
    /// NaN or an infinity.
    case notFinite(row: Int, column: Int)
    /// A vector so long that a squared distance could overflow float32.
    case tooLong(row: Int)
    /// Two vectors that differ, but so little that their squared distance underflows float32.
    case tooClose(query: Int, row: Int)
    /// A query that lies so far from the gallery that float32 does not tell its rows apart.
    case tooFar(query: Int, ratio: Double)
    /// Queries with another number of columns than the gallery.
    case columns(queries: Int, gallery: Int)
}

extension SearchError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFinite(let row, let column):
            "row \(row) holds a value in column \(column) that is not a finite number; embed its image again"
        case .tooLong(let row):
            "row \(row) is longer than \(Vectors.maximumLength), where distances overflow; scale the vectors down"
        case .tooClose(let query, let row):
            """
            query \(query) and row \(row) of the gallery differ, but by less than about 1e-19, where squared distances \
            vanish in float32; scale the vectors up
            """
        case .tooFar(let query, let ratio):
            """
            query \(query) lies \(ratio < 1e12 ? "\(Int(ratio))" : "more than 1e12") times as far from the gallery as its rows from \
            each other, and float32 does not tell their distances apart; bring both to one scale, or subtract what they share
            """
        case .columns(let queries, let gallery):
            "the queries have \(queries) columns and the gallery has \(gallery); embed both with the same model"
        }
    }
}

enum Vectors {
    /// Twice its square still is a float32.
    static let maximumLength = 1e18

    /// Refuses vectors whose distances would not be numbers. O(elements).
    static func check(_ matrix: Matrix) throws(SearchError) {
        for row in 0..<matrix.rows {
            let values = matrix.row(row)
            var sum = 0.0
            for value in values { sum += Double(value) * Double(value) }
            if sum <= maximumLength * maximumLength { continue }  // false for NaN
            if let column = values.firstIndex(where: { !$0.isFinite }) {
                throw .notFinite(row: row, column: column - values.startIndex)
            }
            throw .tooLong(row: row)
        }
    }

    static func check(_ queries: Matrix, against columns: Int) throws(SearchError) {
        guard queries.columns == columns else { throw .columns(queries: queries.columns, gallery: columns) }
        try check(queries)
    }
}
