extension StoredTensor {
    /// ‖after − self‖ / ‖self‖ over all elements of two float32 tensors; of a tensor of zeros the length of its change;
    /// infinite where they differ in size. O(n).
    package func relativeChange(to after: StoredTensor) -> Double {
        guard element == .float32, after.element == .float32, bytes.count == after.bytes.count else { return .infinity }
        var (change, size) = (0.0, 0.0)
        bytes.withUnsafeBytes { old in
            after.bytes.withUnsafeBytes { new in
                for offset in stride(from: 0, to: old.count, by: 4) {
                    let x = Double(old.loadUnaligned(fromByteOffset: offset, as: Float.self))
                    let y = Double(new.loadUnaligned(fromByteOffset: offset, as: Float.self))
                    change += (y - x) * (y - x)
                    size += x * x
                }
            }
        }
        return (size > 0 ? change / size : change).squareRoot()
    }
}
