extension StoredTensor {
    /// A float32 tensor; `floats` in C order, `shape.product` of them.
    package init(name: String, shape: [Int], floats: [Float]) {
        self.init(name: name, shape: shape, element: .float32, bytes: floats.withUnsafeBytes { Array($0) })
    }

    /// The elements as float32, in C order. float64 and int64 round to nearest. O(n).
    package func floats() -> [Float] { floats(0..<shape.reduce(1, *)) }

    /// Some of them.
    func floats(_ range: Range<Int>) -> [Float] {
        [Float](unsafeUninitializedCapacity: range.count) { target, initialized in
            write(range, to: UnsafeMutableBufferPointer(rebasing: target[..<range.count]))
            initialized = range.count
        }
    }

    /// Writes all elements as float32; `target` has room for exactly these. O(n).
    package func write(to target: UnsafeMutableBufferPointer<Float>) { write(0..<shape.reduce(1, *), to: target) }

    private func write(_ range: Range<Int>, to target: UnsafeMutableBufferPointer<Float>) {
        switch element {
        case .float32: convert(range, to: target) { (bits: UInt32) in Float(bitPattern: bits) }
        case .float16: convert(range, to: target) { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
        case .bfloat16: convert(range, to: target) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
        case .float64: convert(range, to: target) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
        case .int64: convert(range, to: target) { (bits: Int64) in Float(bits) }
        }
    }

    /// All elements of a float64 tensor; nil for another one.
    package var doubles: [Double]? {
        element == .float64 ? elements { (bits: UInt64) in Double(bitPattern: bits) } : nil
    }

    /// All elements of an int64 tensor; nil for another one.
    package var integers: [Int64]? { element == .int64 ? elements { (bits: Int64) in bits } : nil }

    private func elements<Bits: FixedWidthInteger & BitwiseCopyable, Value>(_ value: (Bits) -> Value) -> [Value] {
        let count = shape.reduce(1, *)
        return [Value](unsafeUninitializedCapacity: count) { target, initialized in
            convert(0..<count, to: UnsafeMutableBufferPointer(rebasing: target[..<count]), value)
            initialized = count
        }
    }

    @inline(__always)
    private func convert<Bits: FixedWidthInteger & BitwiseCopyable, Value>(
        _ range: Range<Int>, to target: UnsafeMutableBufferPointer<Value>, _ value: (Bits) -> Value
    ) {
        let width = MemoryLayout<Bits>.size
        precondition(range.lowerBound >= 0 && range.upperBound * width <= bytes.count && target.count == range.count)
        bytes.withUnsafeBytes { source in
            for i in 0..<range.count {
                let bits = source.loadUnaligned(fromByteOffset: (range.lowerBound + i) * width, as: Bits.self)
                target.initializeElement(at: i, to: value(Bits(littleEndian: bits)))
            }
        }
    }
}
