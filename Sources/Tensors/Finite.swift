extension UnsafeBufferPointer<Float> {
    /// Whether no element is NaN or infinite. O(n), many elements at a time.
    package var isFinite: Bool {
        // The exponent of all ones is the only one that one more carries into the sign's bit.
        var sums: UInt32 = 0
        for value in self { sums |= (value.bitPattern & 0x7FFF_FFFF) &+ 0x0080_0000 }
        return sums < 0x8000_0000
    }
}

extension UnsafeBufferPointer<Float> {
    /// The largest |element|; 0 without any. Nothing may be NaN. O(n), many elements at a time.
    package var largestMagnitude: Float {
        // Floats without a sign are ordered like their bits.
        var largest: UInt32 = 0
        for value in self { largest = Swift.max(largest, value.bitPattern & 0x7FFF_FFFF) }
        return Float(bitPattern: largest)
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
