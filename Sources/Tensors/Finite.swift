extension UnsafeBufferPointer<Float> {
    /// Whether no element is NaN or infinite. O(n), many elements at a time.
    package var isFinite: Bool {
        // The exponent of all ones is the only one that one more carries into the sign's bit.
        var sums: UInt32 = 0
        for value in self { sums |= (value.bitPattern & 0x7FFF_FFFF) &+ 0x0080_0000 }
        return sums < 0x8000_0000
    }
}

extension Tensor {
    /// Whether no element is NaN or infinite. O(count).
    package var isFinite: Bool { UnsafeBufferPointer(values).isFinite }
}

extension Matrix {
    /// Whether no element is NaN or infinite. O(rows · columns).
    package var isFinite: Bool { values.withUnsafeBufferPointer(\.isFinite) }
}
