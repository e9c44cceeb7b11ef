import Faces
import Files
import Tensors

/// The two files that belong together in what `embed` writes: vectors, and the list of what they are vectors of.
struct VectorFiles {
    private let vectors: OutputFile
    private let list: OutputFile

    /// Tries both places.
    ///
    /// - Parameter path: ends in `.npy`.
    /// - Throws: `Refusal` for a list that `embed` did not write: nobody asked for it to be replaced.
    init(_ path: String) throws {
        let listPath = path.dropLast(4) + ".txt"
        vectors = try OutputFile(path)
        list = try OutputFile(String(listPath))
        guard !list.isSame(as: vectors) else {
            throw Refusal("\(path) and the list beside it, \(listPath), are the same file; name another file for --out")
        }
        // Nobody asked for this name: writing into a pipe would wait for a reader, after the work.
        if !Files.isMissing(String(listPath)), Files.kind(of: String(listPath)) != .file {
            throw Refusal(
                "\(listPath): is no regular file, and the list of images goes there: move it away, or name another file for --out"
            )
        }
        guard Files.isMissing(String(listPath)) || Self.belongsTogether(path, String(listPath)) else {
            throw Refusal(
                "\(listPath): is there already and was not written with \(path); the list of images goes there: "
                    + "move it away, or name another file for --out")
        }
    }

    func write(_ matrix: Matrix, paths: [String]) throws {
        try vectors.write(matrix.npy())
        try list.write(Array(paths.map { $0 + "\n" }.joined().utf8))
    }

    /// In bytes, with its line break.
    private static let longestPath = 4097

    /// Whether a list names an image for each of the vectors beside it.
    private static func belongsTogether(_ path: String, _ listPath: String) -> Bool {
        guard let matrix = try? Matrix(npy: path),
            let bytes = try? Files.read(listPath, limit: matrix.rows * longestPath)
        else { return false }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count == matrix.rows + 1 && lines.last == ""
            && lines.dropLast().allSatisfy { isImageName(String($0)) }
    }
}
