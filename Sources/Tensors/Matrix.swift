/// A dense float32 matrix, row-major: `values[row * columns + column]`.
///
/// Embeddings are kept one per row.
package struct Matrix: Sendable, Hashable {
    package let rows: Int
    package let columns: Int
    package var values: [Float]

    package init(rows: Int, columns: Int, values: [Float]) {
        precondition(rows >= 0 && columns > 0 && values.count == rows * columns)
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// Some of the rows as a matrix of their own. O(rows · columns).
    package func rows(_ range: Range<Int>) -> Matrix {
        Matrix(
            rows: range.count, columns: columns,
            values: Array(values[range.lowerBound * columns..<range.upperBound * columns]))
    }

    /// One row, without a copy. O(1).
    package func row(_ index: Int) -> ArraySlice<Float> {
        values[index * columns..<(index + 1) * columns]
    }
}
