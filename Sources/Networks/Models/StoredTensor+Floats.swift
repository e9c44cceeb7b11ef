import Checkpoints
import Tensors

extension StoredTensor {
    init(name: String, tensor: Tensor) {
        let bytes = Array(UnsafeRawBufferPointer(tensor.values))
        self.init(name: name, shape: tensor.shape, element: .float32, bytes: bytes)
    }

    /// An int64 scalar.
    init(name: String, integer: Int) {
        let bytes = withUnsafeBytes(of: Int64(integer).littleEndian) { Array($0) }
        self.init(name: name, shape: [], element: .int64, bytes: bytes)
    }

    /// Float64 rows of `width`.
    init(name: String, doubles: [Double], width: Int) {
        precondition(doubles.count % width == 0)
        let bytes = doubles.withUnsafeBytes { Array($0) }
        self.init(name: name, shape: [doubles.count / width, width], element: .float64, bytes: bytes)
    }

    /// All float64 elements.
    var doubles: [Double]? {
        guard element == .float64 else { return nil }
        return bytes.withUnsafeBytes { raw in
            (0..<raw.count / 8).map { raw.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
        }
    }

    /// All float64 elements of rows of `width`.
    func doubles(width: Int) -> [Double]? { shape.count == 2 && shape[1] == width ? doubles : nil }

    /// Writes the elements as float32; the shapes agree.
    func write(to tensor: Tensor) {
        precondition(tensor.shape == shape)
        let floats = tensor.values
        bytes.withUnsafeBytes { raw in
            switch element {
            case .float32: UnsafeMutableRawBufferPointer(floats).copyMemory(from: raw)
            case .float16:
                for index in floats.indices {
                    floats[index] = halfPrecision(raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
                }
            case .bfloat16:
                for index in floats.indices {
                    let bits = raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
                    floats[index] = Float(bitPattern: UInt32(bits) << 16)
                }
            case .float64:
                for index in floats.indices {
                    floats[index] = Float(raw.loadUnaligned(fromByteOffset: 8 * index, as: Double.self))
                }
            case .int64:
                for index in floats.indices {
                    floats[index] = Float(raw.loadUnaligned(fromByteOffset: 8 * index, as: Int64.self))
                }
            }
        }
    }

    /// The value of an int64 scalar.
    var integer: Int? {
        guard element == .int64, bytes.count == 8 else { return nil }
        return bytes.withUnsafeBytes { Int(exactly: $0.loadUnaligned(as: Int64.self)) }
    }
}

/// IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. `Float16` is not available on every Linux host.
private func halfPrecision(_ bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Float(bits & 0x3FF) * 0x1p-10
    switch exponent {
    case 0: return sign * fraction * 0x1p-14
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
}
