import CVectors
import Tensors

/// Vectors as rows of sixteen lanes, padded with zeros: what the distance kernel reads.
struct PaddedRows: Sendable {
    let count: Int
    /// Of one row, in steps of sixteen floats.
    let width: Int
    let values: [SIMD16<Float>]

    /// Row `i` is row `order[i]` of the matrix.
    init(_ matrix: Matrix, order: [Int]? = nil) {
        let width = (matrix.columns + 15) / 16
        let count = matrix.rows
        self.count = count
        self.width = width
        values = [SIMD16<Float>](unsafeUninitializedCapacity: count * width) { target, initialized in
            target.initialize(repeating: .zero)
            initialized = count * width
            let bytes = UnsafeMutableRawBufferPointer(target)
            matrix.values.withUnsafeBytes { source in
                for row in 0..<count {
                    let from = (order.map { $0[row] } ?? row) * matrix.columns * 4
                    UnsafeMutableRawBufferPointer(rebasing: bytes[row * width * 64..<(row + 1) * width * 64])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[from..<from + matrix.columns * 4]))
                }
            }
        }
    }
}

/// The one definition of distance: every index ranks by it, so all of them give the same bits on every processor.
///
/// Squared Euclidean in float32. Lane `l` of sixteen sums (a[i] − b[i])² for i = l, l + 16, l + 32, … in that order,
/// each difference, square and sum rounded; then the upper half of the lanes is added to the lower half until one
/// is left. Padding adds exact zeros. O(columns).
func squaredDistance(_ a: UnsafePointer<SIMD16<Float>>, _ b: UnsafePointer<SIMD16<Float>>, width: Int) -> Float {
    vectors_squared_distance(a, b, width)
}

extension Double {
    /// The relative error of one float32 operation: 2⁻²⁴.
    static let singleRoundoff = 0x1p-24

    /// How far the true squared distance may exceed a computed one that underflowed, per column.
    static let singleUnderflow = 0x1p-147
}
