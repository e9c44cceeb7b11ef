import Dispatch
import Ranks
import Tensors

/// Exact search in the rows of a `.npy` file of which each rank holds a part: a gallery may be larger than one machine.
///
/// Distances are by the one definition of all indices, so that the k nearest of all parts' k nearest are the answer of the
/// single search, ties included.
package struct ShardedSearch: RankJob {
    package enum Index: String, Codable, CaseIterable, Sendable { case kdtree, flat }

    /// Paths of `.npy` files.
    private let gallery: String
    private let queries: String
    private let k: Int
    private let index: Index
    private let rows: Int

    /// - Parameter rows: of the gallery.
    package init(gallery: String, rows: Int, queries: String, k: Int, index: Index) {
        (self.gallery, self.rows, self.queries, self.k, self.index) = (gallery, rows, queries, k, index)
    }

    /// What all ranks found, on the first one; O(rows / ranks) memory on each.
    ///
    /// - Throws: also `NPYError` for files that cannot be read, and `SearchError`, whose rows are the gallery's.
    package func nearest(on ranks: Ranks, check: @escaping Check = {}) throws -> (found: Neighbours, times: Times) {
        let file = try NPYRows(gallery)
        guard file.rows == rows else {
            throw NPYError(
                path: gallery, problem: "it has \(file.rows) rows, and \(rows) on the first rank",
                advice: "share one file system between all hosts, or copy the same files to each")
        }
        let own = rows * ranks.index / ranks.count..<rows * (ranks.index + 1) / ranks.count
        let points = try file.matrix(own)
        let questions = try Matrix(npy: queries)
        try checkScale(points, questions, ranks, first: own.lowerBound)
        guard ranks.count > 1 else { return try nearest(k, of: questions, in: points, first: 0, check) }
        let (found, times) =
            own.isEmpty
            ? (Neighbours(queries: questions.rows, k: 0, indices: [], squaredDistances: []), Times())
            : try nearest(min(k, own.count), of: questions, in: points, first: own.lowerBound, check)
        let parts = try ranks.gather(Self.encoded(found, from: own.lowerBound))
        return (ranks.isFirst ? Self.merged(parts.map(Self.decoded), queries: questions.rows, k: k) : found, times)
    }

    /// Seconds, of this rank.
    package struct Times: Sendable {
        package var build = 0.0
        package var queries = 0.0
    }

    package func run(on ranks: Ranks) throws { _ = try nearest(on: ranks) }

    private func nearest(
        _ k: Int, of questions: Matrix, in points: Matrix, first: Int, _ check: @escaping Check
    ) throws -> (Neighbours, Times) {
        let start = DispatchTime.now().uptimeNanoseconds
        let search: () throws -> Neighbours
        switch index {
        case .kdtree:
            let tree = try naming(gallery, from: first) { try KDTree(points) }
            search = { try tree.nearest(k, to: questions, checksScale: false, check: check) }
        case .flat:
            let flat = try naming(gallery, from: first) { try FlatIndex(points, check: check) }
            search = { try flat.nearest(k, to: questions, checksScale: false, check: check) }
        }
        let built = DispatchTime.now().uptimeNanoseconds
        let found = try naming(queries, from: first, search)
        let end = DispatchTime.now().uptimeNanoseconds
        return (found, Times(build: Double(built - start) / 1e9, queries: Double(end - built) / 1e9))
    }

    /// What is wrong with vectors is told with the file that holds them.
    private func naming<Result>(_ file: String, from first: Int, _ work: () throws -> Result) throws -> Result {
        do {
            return try work()
        } catch let error as SearchError {
            throw UnsoundFile(
                path: file, error: file == gallery ? error.inGallery(from: first) : error.closer(to: first))
        }
    }

    /// Refuses queries that lie too far from the whole gallery, of which a part may be narrow.
    ///
    /// The radius around the common centre is at most a part's own and the way from centre to centre.
    private func checkScale(_ points: Matrix, _ questions: Matrix, _ ranks: Ranks, first: Int) throws {
        try naming(gallery, from: first) { try Vectors.check(points) }
        let centre = Centred.centre(of: points)
        let radius = Centred(points, around: centre).radius
        let numbers = [Double(points.rows), radius] + centre.map(Double.init)
        let all = try ranks.gather(numbers.withUnsafeBytes { Array($0) }).map { bytes in
            bytes.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
        }
        guard ranks.isFirst else { return }
        try naming(queries, from: 0) { try Vectors.check(questions, against: points.columns) }
        let parts = all.filter { $0[0] > 0 }
        let count = parts.reduce(0) { $0 + $1[0] }
        let common = (0..<points.columns).map { column in
            Float(parts.reduce(0) { $0 + $1[0] * $1[2 + column] } / max(1, count))
        }
        let reach = parts.map { part in
            let apart = (0..<points.columns).reduce(0.0) { sum, column in
                let difference = part[2 + column] - Double(common[column])
                return sum + difference * difference
            }
            return part[1] + apart.squareRoot()
        }
        try naming(queries, from: 0) {
            try Closeness.checkScale(Centred(questions, around: common), against: reach.max() ?? 0)
        }
    }

    // k, then every query's indices and distances.

    private static func encoded(_ found: Neighbours, from first: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + 12 * found.indices.count)
        withUnsafeBytes(of: UInt64(found.k).littleEndian) { bytes += $0 }
        found.indices.map { UInt64($0 + first).littleEndian }.withUnsafeBytes { bytes += $0 }
        found.squaredDistances.withUnsafeBytes { bytes += $0 }
        return bytes
    }

    private static func decoded(_ bytes: [UInt8]) -> Neighbours {
        bytes.withUnsafeBytes { bytes in
            let k = Int(bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
            let count = (bytes.count - 8) / 12
            return Neighbours(
                queries: k == 0 ? 0 : count / k, k: k,
                indices: (0..<count).map { Int(bytes.loadUnaligned(fromByteOffset: 8 + 8 * $0, as: UInt64.self)) },
                squaredDistances: (0..<count).map {
                    bytes.loadUnaligned(fromByteOffset: 8 + 8 * count + 4 * $0, as: Float.self)
                })
        }
    }

    /// The k nearest of all parts'; parts come in the order of their rows. O(queries · k · log parts) comparisons at most.
    private static func merged(_ parts: [Neighbours], queries: Int, k: Int) -> Neighbours {
        var indices: [Int] = []
        var distances: [Float] = []
        indices.reserveCapacity(queries * k)
        distances.reserveCapacity(queries * k)
        for query in 0..<queries {
            var places = parts.map { $0.k * query }
            for _ in 0..<k {
                var nearest: Int?
                for (part, found) in parts.enumerated() where places[part] < found.k * (query + 1) {
                    // Of equal distances the earlier part has the smaller rows.
                    if let best = nearest,
                        found.squaredDistances[places[part]] >= parts[best].squaredDistances[places[best]]
                    {
                        continue
                    }
                    nearest = part
                }
                guard let part = nearest else { preconditionFailure("all parts together hold k rows") }
                indices.append(parts[part].indices[places[part]])
                distances.append(parts[part].squaredDistances[places[part]])
                places[part] += 1
            }
        }
        return Neighbours(queries: queries, k: k, indices: indices, squaredDistances: distances)
    }
}

/// What is wrong with vectors, and the file that holds them.
package struct UnsoundFile: Error, CustomStringConvertible {
    let path: String
    let error: SearchError

    package var description: String { "\(path): \(error)" }
}

extension SearchError {
    /// Of rows of a part of the gallery that begins with that row.
    fileprivate func inGallery(from first: Int) -> SearchError {
        switch self {
        case .notFinite(let row, let column): .notFinite(row: row + first, column: column)
        case .tooLong(let row): .tooLong(row: row + first)
        case .tooClose, .tooFar, .columns: self
        }
    }

    /// Of queries, near a row of such a part.
    fileprivate func closer(to first: Int) -> SearchError {
        if case .tooClose(let query, let row) = self { .tooClose(query: query, row: row + first) } else { self }
    }
}
