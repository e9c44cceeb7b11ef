extension StoredTensor {
    /// A float32 tensor; `floats` in C order, `shape.product` of them.
    package init(name: String, shape: [Int], floats: [Float]) {
        self.init(name: name, shape: shape, element: .float32, bytes: floats.withUnsafeBytes { Array($0) })
    }

    /// The elements as float32, in C order. float64 and int64 round to nearest. O(n).
    package func floats() -> [Float] { floats(0..<shape.reduce(1, *)) }

    /// Some of them.
    func floats(_ range: Range<Int>) -> [Float] {
        switch element {
        case .float32: elements(UInt32.self, range) { Float(bitPattern: $0) }
        case .float16: elements(UInt16.self, range) { Float(Float16(bitPattern: $0)) }
        case .bfloat16: elements(UInt16.self, range) { Float(bitPattern: UInt32($0) << 16) }
        case .float64: elements(UInt64.self, range) { Float(Double(bitPattern: $0)) }
        case .int64: elements(Int64.self, range) { Float($0) }
        }
    }

    /// The elements of a float64 tensor.
    var doubles: [Double] {
        precondition(element == .float64)
        return elements(UInt64.self, 0..<shape.reduce(1, *)) { Double(bitPattern: $0) }
    }

    /// The elements of an int64 tensor.
    var integers: [Int64] {
        precondition(element == .int64)
        return elements(Int64.self, 0..<shape.reduce(1, *)) { $0 }
    }

    @inline(__always)
    private func elements<Bits: FixedWidthInteger & BitwiseCopyable, Value>(
        _: Bits.Type, _ range: Range<Int>, _ convert: (Bits) -> Value
    ) -> [Value] {
        let width = MemoryLayout<Bits>.size
        precondition(range.lowerBound >= 0 && range.upperBound * width <= bytes.count)
        return bytes.withUnsafeBytes { source in
            [Value](unsafeUninitializedCapacity: range.count) { target, initialized in
                for i in 0..<range.count {
                    let offset = (range.lowerBound + i) * width
                    let bits = source.loadUnaligned(fromByteOffset: offset, as: Bits.self)
                    target.initializeElement(at: i, to: convert(Bits(littleEndian: bits)))
                }
                initialized = range.count
            }
        }
    }
}
