import COpenBLAS
import Tensors

/// The directions in which vectors vary most, fitted to some and applied to others: eigenfaces, where the vectors are
/// pixels. Source: Pearson 1901; Turk and Pentland 1991.
package struct PrincipalComponents: Sendable {
    /// The mean of what it was fitted to.
    package let mean: [Float]
    /// count × columns, orthonormal rows, by falling variance; divided by the deviation along them where whitened.
    package let directions: Matrix
    /// Along each direction.
    package let variances: [Double]

    /// At most `count` directions; fewer where the vectors span fewer. ≥ 2 rows that are not all equal, else nil;
    /// also where whitening is beyond float32: vectors of 10⁻⁴⁰.
    ///
    /// O(n·d·min(n, d) + min(n, d)³): by the covariance, or by the Gram matrix where there are fewer rows than columns.
    package init?(fitting vectors: Matrix, count: Int, whitening: Bool = false) {
        precondition(count >= 1)
        guard vectors.rows >= 2 else { return nil }
        let n = vectors.rows
        let d = vectors.columns
        mean = Centred.centre(of: vectors)
        let centred = Centred(vectors, around: mean).values.map(Double.init)
        let byRows = n < d
        let side = min(n, d)
        var products = [Double](repeating: 0, count: side * side)
        cblas_dsyrk(
            CblasRowMajor, CblasLower, byRows ? CblasNoTrans : CblasTrans, Int32(side), Int32(byRows ? d : n), 1,
            centred, Int32(d), 0, &products, Int32(side))
        guard let values = Self.eigen(&products, side) else { return nil }
        let largest = values.last ?? 0
        guard largest > 0, largest.isFinite else { return nil }
        var rows: [Float] = []
        var variances: [Double] = []
        for index in values.indices.reversed() where variances.count < count && values[index] > 1e-10 * largest {
            var direction = [Double](repeating: 0, count: d)
            let vector = Array(products[index * side..<(index + 1) * side])
            if byRows {
                cblas_dgemv(
                    CblasRowMajor, CblasTrans, Int32(n), Int32(d), 1 / values[index].squareRoot(), centred, Int32(d),
                    vector, 1, 0, &direction, 1)
            } else {
                direction = vector
            }
            let variance = values[index] / Double(n - 1)
            let scale = whitening ? 1 / variance.squareRoot() : 1
            let scaled = direction.map { Float($0 * scale) }
            guard scaled.allSatisfy(\.isFinite) else { return nil }
            rows += scaled
            variances.append(variance)
        }
        directions = Matrix(rows: variances.count, columns: d, values: rows)
        self.variances = variances
    }

    /// The coordinates of vectors with as many columns. O(rows · columns · directions).
    package func coordinates(of vectors: Matrix) -> Matrix {
        precondition(vectors.columns == directions.columns)
        let centred = Centred(vectors, around: mean)
        var values = [Float](repeating: 0, count: vectors.rows * directions.rows)
        if vectors.rows > 0 {
            MatrixProduct.write(
                centred.values, rows: vectors.rows, timesTransposed: directions.values, columns: directions.rows,
                inner: vectors.columns, into: &values)
        }
        return Matrix(rows: vectors.rows, columns: directions.rows, values: values)
    }

    /// Eigenvalues, ascending; the matrix is replaced by its eigenvectors, one a row.
    private static func eigen(_ matrix: inout [Double], _ side: Int) -> [Double]? {
        var n = Int32(side)
        var info: Int32 = 0
        var length: Int32 = -1
        var best = 0.0
        var values = [Double](repeating: 0, count: side)
        // The lower triangle by rows is the upper one by columns.
        var leading = n
        dsyev_("V", "U", &n, &matrix, &leading, &values, &best, &length, &info)
        length = Int32(best)
        var work = [Double](repeating: 0, count: max(1, Int(length)))
        dsyev_("V", "U", &n, &matrix, &leading, &values, &work, &length, &info)
        return info == 0 ? values : nil
    }
}
