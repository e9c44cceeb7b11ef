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
            let count = tensor.shape.reduce(tensor.element.byteCount, *)
            try promise(tensor.bytes.count == count, "\(tensor.name) has \(tensor.bytes.count) bytes instead of \(count)")
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
        if let flat = try? GrowingIndex(matrix, .flat) { try search(flat) }
        if let tree = try? GrowingIndex(matrix, .tree(KDTree.Options(leafSize: 2))) { try search(tree) }
    }

    /// An index file under the digest that belongs to it: without one, nothing of it is believed.
    static let savedIndex = FuzzTarget(name: "index", longest: 2048) { bytes, _ in
        let sealed = bytes + Array(Digest(of: bytes).hex.utf8)
        guard let index = try? GrowingIndex(decoding: sealed, name: "index") else { return }
        try promise(index.encoded() == sealed, "written again, the index has other bytes")
        try search(index)
    }

    private static func search(_ index: GrowingIndex) throws {
        guard index.count > 0 else { return }
        let found = try index.nearest(1, to: index.vectors)
        for row in 0..<index.count {
            for neighbour in found[row] {
                try promise((0..<index.count).contains(neighbour.index), "neighbour \(neighbour.index) is no row")
            }
        }
    }
}
