import Tensors

/// Vectors that another program made of a dataset's photographs: looked up by path, never computed.
package struct GivenVectors: Sendable {
    /// What the model is called that made them.
    package let name: String
    private let vectors: Matrix
    private let rows: [String: Int]

    /// - Parameters:
    ///   - paths: of photographs relative to the dataset's folder, each once.
    ///   - vectors: a row for each path.
    package init(name: String, paths: [String], vectors: Matrix) {
        precondition(paths.count == vectors.rows)
        self.name = name
        self.vectors = vectors
        rows = Dictionary(paths.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private init(_ given: GivenVectors, vectors: Matrix) {
        (name, rows) = (given.name, given.rows)
        self.vectors = vectors
    }

    /// Every vector divided by its length. O(values).
    package var scaledToUnitLength: GivenVectors { GivenVectors(self, vectors: vectors.scaledToUnitLength) }

    /// The paths among some faces' that have no vector.
    package func missing(of indices: [Int], in faces: FaceSet) -> [String] {
        indices.map { faces.faces[$0].path }.filter { rows[$0] == nil }
    }

    /// A row for each of some faces, all of which have a vector. O(values).
    package func vectors(of indices: [Int], in faces: FaceSet) -> Matrix {
        var values: [Float] = []
        values.reserveCapacity(indices.count * vectors.columns)
        for index in indices {
            guard let row = rows[faces.faces[index].path] else { preconditionFailure("checked before it is asked for") }
            values += vectors.row(row)
        }
        return Matrix(rows: indices.count, columns: vectors.columns, values: values)
    }
}

/// A face of which nobody gave a vector.
package struct NoVectorGiven: Error, CustomStringConvertible {
    let name: String

    package var description: String {
        "the vectors of \(name) were given, and nothing here makes one of another photograph; ask about one that they describe"
    }
}
