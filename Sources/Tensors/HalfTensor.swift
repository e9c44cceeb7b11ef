import CChannels

/// A block of bfloat16 values with a shape: the upper 16 bits of float32.
///
/// Only carries activations between kernels; it owns its memory or is a view that keeps another one's alive.
package final class HalfTensor: Activations {
    package let shape: [Int]
    private let memory: AlignedMemory
    /// Bytes of the memory before the first value.
    private let offset: Int

    package var precision: Precision { .bf16 }
    package var start: UnsafeMutableRawPointer? { memory.start + offset }
    private var values: UnsafeMutablePointer<UInt16> { (memory.start + offset).assumingMemoryBound(to: UInt16.self) }
    package var count: Int { shape.reduce(1, *) }

    /// A tensor of zeros.
    package init(_ shape: [Int]) {
        precondition(shape.allSatisfy { $0 >= 0 })
        self.shape = shape
        offset = 0
        memory = AlignedMemory(byteCount: shape.reduce(1, *) * Precision.bf16.byteCount)
    }

    init(view memory: AlignedMemory, offset: Int, shape: [Int]) {
        precondition(offset + shape.reduce(1, *) * Precision.bf16.byteCount <= memory.byteCount)
        self.shape = shape
        self.memory = memory
        self.offset = offset
    }

    /// The first values of this tensor seen in another shape, without a copy. O(1).
    package func viewed(as shape: [Int]) -> HalfTensor {
        precondition(shape.reduce(1, *) <= count)
        return HalfTensor(view: memory, offset: offset, shape: shape)
    }

    package func rows(_ range: Range<Int>) -> any Activations {
        precondition(shape.count == 4 && shape[0] == 1 && range.lowerBound >= 0 && range.upperBound <= shape[1])
        let row = shape[2] * shape[3] * Precision.bf16.byteCount
        return HalfTensor(
            view: memory, offset: offset + range.lowerBound * row, shape: [1, range.count, shape[2], shape[3]])
    }

    package func images(_ range: Range<Int>) -> any Activations { entries(range) }

    /// Some of the outermost dimension's entries, without a copy. O(1).
    package func entries(_ range: Range<Int>) -> HalfTensor {
        precondition(range.lowerBound >= 0 && range.upperBound <= shape[0])
        let image = imageCount * Precision.bf16.byteCount
        return HalfTensor(
            view: memory, offset: offset + range.lowerBound * image, shape: [range.count] + shape.dropFirst())
    }

    /// Takes the nearest value to each, ties to even; what is not a number stays so. O(count).
    package func copy(from tensor: Tensor) {
        precondition(tensor.count == count)
        channels_round(tensor.values.baseAddress, count, values)
    }

    /// The nearest value that bfloat16 has, ties to even.
    package static func rounded(_ value: Float) -> Float {
        var bits: UInt16 = 0
        withUnsafePointer(to: value) { channels_round($0, 1, &bits) }
        return Float(bitPattern: UInt32(bits) << 16)
    }

    /// The values as float32, exactly. O(count).
    package func write(to tensor: Tensor) {
        precondition(tensor.count == count)
        channels_widen(values, count, tensor.values.baseAddress)
    }
}
