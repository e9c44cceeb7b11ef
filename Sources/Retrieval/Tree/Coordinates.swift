import COpenBLAS

/// Vectors in a tree's basis: their projections, then the length of what the basis leaves out.
///
/// For two vectors the distance between their coordinates is at most the distance between the vectors: projections
/// by Bessel's inequality, the rest by the reverse triangle inequality. Padded with zeros to steps of sixteen.
struct Coordinates {
    /// Of one vector, in steps of sixteen floats.
    let width: Int
    let values: [SIMD16<Float>]

    init(_ vectors: Centred, in basis: Basis) {
        let d = vectors.columns
        let m = basis.count
        let n = vectors.rows
        let width = (m + 16) / 16  // m + 1, rounded up
        var projections = [Float](repeating: 0, count: n * m)
        var rest = vectors.values
        if n > 0 {
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasTrans, Int32(n), Int32(m), Int32(d),
                1, vectors.values, Int32(d), basis.directions.values, Int32(d), 0, &projections, Int32(m))
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(n), Int32(d), Int32(m),
                -1, projections, Int32(m), basis.directions.values, Int32(d), 1, &rest, Int32(d))
        }
        var values = [SIMD16<Float>](repeating: .zero, count: n * width)
        values.withUnsafeMutableBytes { bytes in
            let target = bytes.bindMemory(to: Float.self)
            for row in 0..<n {
                for column in 0..<m { target[row * width * 16 + column] = projections[row * m + column] }
                var sum = 0.0
                for column in 0..<d { sum += Double(rest[row * d + column]) * Double(rest[row * d + column]) }
                target[row * width * 16 + m] = Float(sum.squareRoot())
            }
        }
        self.width = width
        self.values = values
    }

    /// How far the computed coordinates of two vectors may lie from where exact arithmetic would put them, relative
    /// to the sum of the vectors' lengths: the usual bounds of m inner products of length d and of the rest, doubled.
    static func relativeError(columns d: Int, directions m: Int) -> Double {
        let d = Double(d)
        let m = Double(m)
        return 2 * .singleRoundoff * (m.squareRoot() * d + m * d.squareRoot() + 64)
    }
}
