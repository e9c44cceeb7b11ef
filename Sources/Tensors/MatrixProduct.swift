import COneDNN

/// Products of dense row-major matrices in memory that the caller lends.
package enum MatrixProduct {
    /// c = a · bᵀ: a is rows × inner, b columns × inner, c rows × columns. O(rows · columns · inner).
    package static func write(
        _ a: UnsafePointer<Float>, rows: Int, timesTransposed b: UnsafePointer<Float>, columns: Int, inner: Int,
        into c: UnsafeMutablePointer<Float>
    ) {
        let status = onednn_matrix_product(0, 1, Int64(rows), Int64(columns), Int64(inner), a, b, 0, c)
        precondition(status == onednn_ok)
    }
}
