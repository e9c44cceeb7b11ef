import Checkpoints
import Files
import Retrieval
import Tensors

extension FuzzTarget {
    static let tar = FuzzTarget(name: "pth-tar", longest: 8192) { bytes, _ in try weights(Repair.tar(bytes)) }
    static let legacyStream = FuzzTarget(name: "pth-stream", longest: 4096) { bytes, _ in try weights(bytes) }
    static let safetensors = FuzzTarget(name: "safetensors", longest: 4096) { bytes, _ in try weights(bytes) }

    static let zippedCheckpoint = FuzzTarget(name: "pth-zip", longest: 4096) { bytes, _ in
        try weights(bytes)
        try weights(Repair.zip(bytes))
    }

    /// The pickle inside a zip that is whole, beside three storages of 16 bytes.
    static let pickle = FuzzTarget(name: "pickle", longest: 4096) { bytes, _ in
        let storages = ["0", "1", "2"].map { ("w/data/\($0)", [UInt8](repeating: 0x3F, count: 16)) }
        try weights(Repair.stored([("w/data.pkl", bytes)] + storages))
    }

    private static func weights(_ bytes: [UInt8]) throws {
        guard let checkpoint = try? Checkpoint(decoding: bytes, name: "weights") else { return }
        for tensor in checkpoint.tensors {
            let count = tensor.shape.reduce(1, *) * tensor.element.byteCount
            try promise(tensor.bytes.count == count, "\(tensor.bytes.count) bytes instead of \(count)")
        }
        try promise(Set(checkpoint.tensors.map(\.name)).count == checkpoint.tensors.count, "two tensors have one name")
        let copy = try Checkpoint(decoding: checkpoint.safetensors(), name: "copy")
        try promise(copy == checkpoint, "written as safetensors, the tensors are others")
    }

    static let npy = FuzzTarget(name: "npy", longest: 2048) { bytes, _ in
        guard let matrix = try? Matrix(npy: bytes, name: "vectors") else { return }
        try promise(matrix.values.count == matrix.rows * matrix.columns, "values do not fill the shape")
        let copy = try Matrix(npy: matrix.npy(), name: "copy")
        try promise(copy.rows == matrix.rows && copy.columns == matrix.columns, "written again, the shape is another")
        try promise(
            zip(copy.values, matrix.values).allSatisfy { $0.bitPattern == $1.bitPattern },
            "written again, the values are others")
        if let flat = try? FlatIndex(matrix) { try search(matrix) { try flat.nearest(1, to: matrix) } }
        if let tree = try? KDTree(matrix, KDTree.Options(leafSize: 2)) {
            try search(matrix) { try tree.nearest(1, to: matrix) }
        }
    }

    private static func search(_ matrix: Matrix, _ nearest: () throws -> Neighbours) throws {
        guard matrix.rows > 0, let found = try? nearest() else { return }
        for row in 0..<matrix.rows {
            for neighbour in found[row] {
                try promise((0..<matrix.rows).contains(neighbour.index), "neighbour \(neighbour.index) is no row")
            }
        }
    }
}
