extension StoredTensor {
    /// A float32 tensor; `floats` in C order, `shape.product` of them.
    package init(name: String, shape: [Int], floats: [Float]) {
        self.init(name: name, shape: shape, element: .float32, bytes: floats.withUnsafeBytes { Array($0) })
    }

    /// The elements as float32, in C order. float64 and int64 round to nearest. O(n).
    package func floats() -> [Float] {
        switch element {
        case .float32: elements(UInt32.self) { Float(bitPattern: $0) }
        case .float16: elements(UInt16.self) { Float(Float16(bitPattern: $0)) }
        case .bfloat16: elements(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        case .float64: elements(UInt64.self) { Float(Double(bitPattern: $0)) }
        case .int64: elements(Int64.self) { Float($0) }
        }
    }

    @inline(__always)
    private func elements<Bits: FixedWidthInteger & BitwiseCopyable>(
        _: Bits.Type, _ convert: (Bits) -> Float
    ) -> [Float] {
        bytes.withUnsafeBytes { source in
            let count = source.count / MemoryLayout<Bits>.size
            return [Float](unsafeUninitializedCapacity: count) { target, initialized in
                for i in 0..<count {
                    let bits = source.loadUnaligned(fromByteOffset: i * MemoryLayout<Bits>.size, as: Bits.self)
                    target.initializeElement(at: i, to: convert(Bits(littleEndian: bits)))
                }
                initialized = count
            }
        }
    }
}
