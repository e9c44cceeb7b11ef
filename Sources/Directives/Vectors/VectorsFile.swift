import Execution
import Faces
import Files
import Tensors

/// The photographs that vectors may describe.
struct DescribedPhotographs {
    /// What messages call them: `'faces'`.
    let owner: String
    /// Those that are asked for, by path.
    let wanted: [String]
    /// Whether every one of them needs a vector.
    let areNeeded: Bool
    /// Of the same dataset, and not asked for: photographs in which no face was found.
    let others: [String]

    /// The faces of a `preprocess`.
    init(_ faces: FaceSet, of id: String) {
        owner = "'\(id)'"
        wanted = faces.faces.map(\.path)
        areNeeded = true
        others = faces.report.dropped.flatMap(\.inputs).map(\.path)
    }

    /// All of a dataset.
    init(_ dataset: Dataset, name: String) {
        owner = "'\(name)'"
        wanted = dataset.photographs.map(\.path)
        areNeeded = false
        others = dataset.unannotated
    }
}

/// Vectors as another program left them: a `.npy` file, and a list that has a path for each of its rows.
struct VectorsFile {
    let matrix: Matrix
    /// Relative to the dataset's folder, a row each.
    let paths: [String]
    /// Photographs that are asked for and have a vector.
    let covered: Int

    /// In bytes, with its line break.
    private static let longestPath = 4097

    /// - Throws: `OptionProblem` with the file, and the line or row, of what is wrong first.
    init(
        _ path: String, list listPath: String, describing photographs: DescribedPhotographs, dimensions: Int?
    ) throws {
        do {
            matrix = try Matrix(npy: path)
        } catch {
            throw OptionProblem(Vectors.file, "unreadable-vectors", "\(error)")
        }
        guard matrix.rows > 0 else { throw OptionProblem(Vectors.file, "no-vectors", "\(path) has no rows") }
        if let dimensions, matrix.columns != dimensions {
            throw OptionProblem(
                Vectors.file, "other-dimensions",
                "\(path) has \(matrix.columns) numbers in a row, but 'dimensions' is \(dimensions)")
        }
        let lines = try Self.lines(of: listPath, atMost: matrix.rows)
        guard lines.count == matrix.rows else {
            throw OptionProblem(
                Vectors.paths, "uneven-lists",
                "\(listPath) has \(lines.count) lines, and \(path) \(matrix.rows) rows; write one path for each row")
        }
        paths = try Self.resolved(lines, listPath, photographs)
        for row in 0..<matrix.rows {
            guard let column = matrix.row(row).firstIndex(where: { !$0.isFinite }) else { continue }
            throw OptionProblem(
                Vectors.file, "unsound-vectors",
                "row \(row + 1) of \(path) (\(paths[row])) holds \(matrix.values[column]) as its number "
                    + "\(column - row * matrix.columns + 1); every number has to be finite in float32")
        }
        let described = Set(paths)
        let missing = photographs.wanted.filter { !described.contains($0) }
        covered = photographs.wanted.count - missing.count
        if photographs.areNeeded, let first = missing.first {
            throw OptionProblem(
                Vectors.paths, "missing-vectors",
                "\(listPath) does not name \(first)\(missing.count > 1 ? " and \(missing.count - 1) more" : ""); every face "
                    + "of \(photographs.owner) needs a vector")
        }
    }

    /// The list's lines, without an empty one at its end.
    private static func lines(of path: String, atMost count: Int) throws -> [String] {
        // Far longer than a list of so many rows can be: what is wrong with it is said by its number of lines.
        let bytes = try Files.read(path, limit: max(1 << 20, 4 * count * longestPath))
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// The photographs that lines name: by path in the dataset, or with folders before that, of which the longest end that is
    /// one counts.
    private static func resolved(
        _ lines: [String], _ listPath: String, _ photographs: DescribedPhotographs
    ) throws -> [String] {
        let known = Set(photographs.wanted).union(photographs.others)
        var places: [String: Int] = [:]
        return try lines.enumerated().map { index, line in
            let parts = line.split(separator: "/").filter { $0 != "." }
            let ends = parts.indices.lazy.map { parts[$0...].joined(separator: "/") }
            guard let path = ends.first(where: known.contains) else {
                let example = photographs.wanted.first.map { ", whose paths are like \($0)" } ?? ""
                throw OptionProblem(
                    Vectors.paths, "unknown-photograph",
                    "line \(index + 1) of \(listPath) names '\(line)', which is no photograph of \(photographs.owner)\(example)"
                )
            }
            if let first = places.updateValue(index, forKey: path) {
                throw OptionProblem(
                    Vectors.paths, "doubled-photograph",
                    "lines \(first + 1) and \(index + 1) of \(listPath) name the same photograph, \(path); name each once"
                )
            }
            return path
        }
    }
}
