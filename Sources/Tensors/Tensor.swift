import Glibc

/// A block of float32 values with a shape, 64-byte aligned as the vector kernels like it.
///
/// Activations are NHWC: `[batch, height, width, channels]`, outermost first. A tensor owns its memory or is a view of
/// another one's, which it then keeps alive. Not for sharing between threads while somebody writes.
package final class Tensor {
    package let shape: [Int]
    package let values: UnsafeMutableBufferPointer<Float>
    private let memory: AlignedMemory

    /// A tensor of zeros.
    package init(_ shape: [Int]) {
        let count = Tensor.count(of: shape)
        self.shape = shape
        memory = AlignedMemory(byteCount: count * MemoryLayout<Float>.stride)
        values = memory.floats(from: 0, count: count)
    }

    package convenience init(_ shape: [Int], _ source: some Collection<Float>) {
        self.init(shape)
        precondition(source.count == count)
        _ = values.update(fromContentsOf: source)
    }

    init(view memory: AlignedMemory, offset: Int, shape: [Int]) {
        self.shape = shape
        self.memory = memory
        values = memory.floats(from: offset, count: Tensor.count(of: shape))
    }

    package var count: Int { values.count }
    /// The values as an array, copied.
    package var array: [Float] { Array(values) }

    /// The first values of this tensor seen in another shape, without a copy. O(1).
    package func viewed(as shape: [Int]) -> Tensor {
        precondition(Tensor.count(of: shape) <= count)
        return Tensor(view: memory, offset: offset, shape: shape)
    }

    /// Some of the outermost dimension's entries, without a copy: images of a batch, rows of a matrix. O(1).
    package func entries(_ range: Range<Int>) -> Tensor {
        precondition(range.lowerBound >= 0 && range.upperBound <= shape[0])
        let stride = shape.dropFirst().reduce(1, *)
        return Tensor(
            view: memory, offset: offset + range.lowerBound * stride, shape: [range.count] + shape.dropFirst())
    }

    package func copy(from other: Tensor) {
        precondition(other.count == count)
        _ = values.update(fromContentsOf: other.values)
    }

    /// Adds a number to every value of its channel, the innermost dimension. O(count).
    package func add(toChannels numbers: [Float]) {
        precondition(shape.last == numbers.count)
        numbers.withUnsafeBufferPointer { numbers in
            for start in stride(from: 0, to: count, by: numbers.count) {
                for channel in numbers.indices { values[start + channel] += numbers[channel] }
            }
        }
    }

    private var offset: Int {
        guard let first = values.baseAddress else { return 0 }
        return first - memory.start.assumingMemoryBound(to: Float.self)
    }

    private static func count(of shape: [Int]) -> Int {
        precondition(shape.allSatisfy { $0 >= 0 })
        return shape.reduce(1, *)
    }
}

/// Owned, zeroed, 64-byte aligned memory.
final class AlignedMemory {
    let start: UnsafeMutableRawPointer
    let byteCount: Int

    init(byteCount: Int) {
        self.byteCount = byteCount
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, 64, max(byteCount, 1)) == 0, let memory else {
            MemoryShortage.end(needing: byteCount)
        }
        start = memory
        start.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    }

    deinit { free(start) }

    func floats(from offset: Int, count: Int) -> UnsafeMutableBufferPointer<Float> {
        precondition((offset + count) * MemoryLayout<Float>.stride <= byteCount)
        return UnsafeMutableBufferPointer(start: start.assumingMemoryBound(to: Float.self) + offset, count: count)
    }
}
