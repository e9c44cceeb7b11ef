import Tensors

/// Vectors minus a common centre, for products that would otherwise cancel.
///
/// The difference of two floats rounds once, so a distant cloud of close points keeps its shape.
struct Centred: Sendable {
    let rows: Int
    let columns: Int
    /// rows × columns.
    let values: [Float]
    /// ‖row‖², rounded once.
    let squaredNorms: [Float]
    /// The longest row's length, in double.
    let radius: Double

    init(_ matrix: Matrix, around centre: [Float]) {
        let columns = matrix.columns
        var radius = 0.0
        var squaredNorms = [Float](repeating: 0, count: matrix.rows)
        values = [Float](unsafeUninitializedCapacity: matrix.values.count) { target, initialized in
            matrix.values.withUnsafeBufferPointer { source in
                centre.withUnsafeBufferPointer { centre in
                    for row in 0..<matrix.rows {
                        var sums = SIMD8<Double>.zero
                        for column in 0..<columns {
                            let value = source[row * columns + column] - centre[column]
                            target.initializeElement(at: row * columns + column, to: value)
                            sums[column & 7] += Double(value) * Double(value)
                        }
                        let sum = sums.sum()
                        squaredNorms[row] = Float(sum)
                        radius = max(radius, sum)
                    }
                }
            }
            initialized = matrix.values.count
        }
        rows = matrix.rows
        self.columns = columns
        self.squaredNorms = squaredNorms
        self.radius = radius.squareRoot()
    }

    /// The mean row, rounded to float32.
    static func centre(of matrix: Matrix) -> [Float] {
        var sums = [Double](repeating: 0, count: matrix.columns)
        for row in 0..<matrix.rows {
            for column in 0..<matrix.columns { sums[column] += Double(matrix.values[row * matrix.columns + column]) }
        }
        return sums.map { Float($0 / Double(max(1, matrix.rows))) }
    }
}
