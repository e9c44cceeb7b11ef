/// What a network's numbers must be, whatever container and type they come in.
extension Checkpoint {
    /// Refuses numbers that no network computes with: floats that are not finite as float32, variances below zero,
    /// counts that are none. An activation such as ReLU6 would swallow them and leave plausible, wrong results.
    ///
    /// Every tensor is looked at, also those that no network here reads: a file that holds one such number is not to be
    /// trusted with the others. O(bytes), at the speed of memory.
    func checkNumbers(except records: Set<String>) throws(CheckpointError) {
        let faults = tensors.compactMap { records.contains($0.name) ? nil : $0.fault }
        guard !faults.isEmpty else { return }
        let shown = 3
        let rest = faults.count > shown ? "; and \(faults.count - shown) more tensors are like these" : ""
        throw .unsound(faults.prefix(shown).joined(separator: "; ") + rest)
    }
}

extension StoredTensor {
    /// What is wrong with its numbers: `tensor 'bn1.weight' holds NaN (element 3 of 64)`.
    fileprivate var fault: String? {
        func told(_ what: String, at index: Int) -> String {
            "tensor \(name.quoted) holds \(what) (element \(index + 1) of \(shape.reduce(1, *)))"
        }
        if let index = firstBeyondFloat32 {
            let value = floats(index..<index + 1).first ?? .nan
            return told(value.isNaN ? "NaN" : value > 0 ? "infinity" : "-infinity", at: index)
        }
        if isNamed("running_var"), element != .int64 {
            // As it is stored: what is below zero in float64 may be -0 in float32.
            if let variances = doubles {
                if let index = variances.firstIndex(where: { $0 < 0 }) {
                    return told("the variance \(variances[index])", at: index)
                }
            } else {
                let variances = floats()
                if let index = variances.firstIndex(where: { $0 < 0 }) {
                    return told("the variance \(variances[index])", at: index)
                }
            }
        }
        if isNamed("num_batches_tracked"), let counts = integers {
            // PyTorch counts by ones: what is beyond 2⁵³ was never counted.
            if let index = counts.firstIndex(where: { !(0...1 << 53).contains($0) }) {
                return told("the count \(counts[index])", at: index)
            }
        }
        return nil
    }

    /// Whether it is that part of a layer, as PyTorch names parts.
    private func isNamed(_ part: String) -> Bool { name == part || name.hasSuffix("." + part) }

    /// The first element that is NaN or infinite as float32, which also float64 can be beyond; nil for whole numbers.
    private var firstBeyondFloat32: Int? {
        switch element {
        case .float32: first(of: UInt32.self, atLeast: 0x7F80_0000)
        case .float16: first(of: UInt16.self, atLeast: 0x7C00)
        case .bfloat16: first(of: UInt16.self, atLeast: 0x7F80)
        case .float64: first(of: UInt64.self, atLeast: 0x47EF_FFFF_F000_0000)  // rounds to 2¹²⁸
        case .int64: nil
        }
    }

    /// The first element whose bits without the sign are at least `limit`: floats are ordered like these.
    @inline(__always)
    private func first<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        of _: Bits.Type, atLeast limit: Bits
    ) -> Int? {
        let magnitude = Bits.max >> 1
        // A sum reaches the sign's bit exactly where the magnitude reaches the limit: additions and ORs are all it
        // takes, which every processor does many at a time.
        let missing = magnitude - limit + 1
        return bytes.withUnsafeBytes { source in
            let count = source.count / MemoryLayout<Bits>.size
            func bits(_ index: Int) -> Bits {
                let offset = index * MemoryLayout<Bits>.size
                return Bits(littleEndian: source.loadUnaligned(fromByteOffset: offset, as: Bits.self)) & magnitude
            }
            var start = 0
            while start < count {
                let end = min(count, start + 1 << 14)
                var sums: Bits = 0
                for index in start..<end { sums |= bits(index) &+ missing }
                if sums > magnitude { return (start..<end).first { bits($0) >= limit } }
                start = end
            }
            return nil
        }
    }
}
