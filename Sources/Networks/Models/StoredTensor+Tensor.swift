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

    /// All float64 elements of rows of `width`.
    func doubles(width: Int) -> [Double]? { shape.count == 2 && shape[1] == width ? doubles : nil }

    /// Writes the elements as float32; the shapes agree.
    func write(to tensor: Tensor) {
        precondition(tensor.shape == shape)
        write(to: tensor.values)
    }

    /// The value of an int64 scalar.
    var integer: Int? {
        guard let integers, integers.count == 1 else { return nil }
        return Int(integers[0])
    }
}
