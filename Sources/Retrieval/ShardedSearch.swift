import Dispatch
import Ranks
import Tensors

/// Exact search in the rows of a `.npy` file of which each rank holds a part: a gallery may be larger than one machine.
///
/// Distances are by the one definition of all indices, so that the k nearest of all parts' k nearest are the answer of the
/// single search, ties included.
package struct ShardedSearch: Codable, Sendable {
    package enum Index: String, Codable, CaseIterable, Sendable { case kdtree, flat }

    /// Paths of `.npy` files.
    private let gallery: String
    private let queries: String
    private let k: Int
    private let index: Index
    private let rows: Int
    private let columns: Int
    private let asked: Int

    /// - Parameters:
    ///   - rows: of the gallery.
    ///   - columns: of both.
    ///   - asked: queries.
    package init(gallery: String, rows: Int, columns: Int, queries: String, asked: Int, k: Int, index: Index) {
        (self.gallery, self.rows, self.columns) = (gallery, rows, columns)
        (self.queries, self.asked, self.k, self.index) = (queries, asked, k, index)
    }

    /// Bytes of answers that a rank sends at a time, at most, where one query's fit.
    private static let most = 64 << 20

    /// What all ranks found, on the first one; O(rows / ranks) memory on each.
    ///
    /// - Throws: also `NPYError` for files that cannot be read, and `SearchError`, whose rows are the gallery's.
    package func nearest(on ranks: Ranks, check: @escaping Check = {}) throws -> (found: Neighbours, times: Times) {
        let file = try NPYRows(gallery)
        try expect(gallery, file.rows == rows && file.columns == columns)
        let own = part(of: ranks.index, among: ranks.count)
        let points = try file.matrix(own)
        let questions = try Matrix(npy: queries)
        try expect(queries, questions.rows == asked && questions.columns == columns)
        try checkScale(points, questions, ranks, first: own.lowerBound)
        var times = Times()
        func timed<Result>(_ time: WritableKeyPath<Times, Double>, _ work: () throws -> Result) rethrows -> Result {
            let start = DispatchTime.now().uptimeNanoseconds
            defer { times[keyPath: time] += Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9 }
            return try work()
        }
        let search = try timed(\.build) { try own.isEmpty ? nil : made(of: points, first: own.lowerBound, check) }
        if ranks.count == 1, let search { return (try timed(\.queries) { try search(k, questions, 0) }, times) }
        var indices: [Int] = []
        var distances: [Float] = []
        let block = max(1, Self.most / (12 * k))
        for start in stride(from: 0, to: asked, by: block) {
            let some = start..<min(start + block, asked)
            let part = try timed(\.queries) {
                try search?(min(k, own.count), questions.rows(some), start)
            }
            let parts = try ranks.gather(Self.encoded(part ?? .none, from: own.lowerBound))
            guard ranks.isFirst else { continue }
            let found = Self.merged(parts.map(Self.decoded), queries: some.count, k: k)
            indices += found.indices
            distances += found.squaredDistances
        }
        guard ranks.isFirst else { return (.none, times) }
        return (Neighbours(queries: asked, k: k, indices: indices, squaredDistances: distances), times)
    }

    /// The gallery's rows that a rank searches.
    private func part(of rank: Int, among ranks: Int) -> Range<Int> {
        rows * rank / ranks..<rows * (rank + 1) / ranks
    }

    private func expect(_ path: String, _ isSame: Bool) throws {
        guard !isSame else { return }
        throw NPYError(
            path: path, problem: "it has another shape than on the first rank",
            advice: "share one file system between all hosts, or copy the same files to each")
    }

    /// Seconds, of this rank.
    package struct Times: Sendable {
        package var build = 0.0
        package var queries = 0.0
    }

    /// A search in some rows of the gallery, for queries of which the first has that number.
    private func made(
        of points: Matrix, first: Int, _ check: @escaping Check
    ) throws -> (_ k: Int, _ questions: Matrix, _ start: Int) throws -> Neighbours {
        switch index {
        case .kdtree:
            let tree = try naming(gallery, from: first) { try KDTree(points) }
            return { k, questions, start in
                try near(first, start) { try tree.nearest(k, to: questions, checksScale: false, check: check) }
            }
        case .flat:
            let flat = try naming(gallery, from: first) { try FlatIndex(points, check: check) }
            return { k, questions, start in
                try near(first, start) { try flat.nearest(k, to: questions, checksScale: false, check: check) }
            }
        }
    }

    /// Rows and queries of which an error tells are counted in the files.
    private func near(_ first: Int, _ start: Int, _ work: () throws -> Neighbours) throws -> Neighbours {
        do {
            return try work()
        } catch SearchError.tooClose(let query, let row) {
            throw UnsoundFile(path: queries, error: .tooClose(query: query + start, row: row + first))
        }
    }

    /// What is wrong with vectors is told with the file that holds them, and in the gallery counted from its first row.
    private func naming<Result>(_ file: String, from first: Int = 0, _ work: () throws -> Result) throws -> Result {
        do {
            return try work()
        } catch let error as SearchError {
            throw UnsoundFile(path: file, error: error.inGallery(from: first))
        }
    }

    /// Refuses queries that lie too far from the whole gallery, of which a part may be narrow; nobody searches before.
    private func checkScale(_ points: Matrix, _ questions: Matrix, _ ranks: Ranks, first: Int) throws {
        try naming(gallery, from: first) { try Vectors.check(points) }
        if ranks.isFirst { try naming(queries) { try Vectors.check(questions, against: columns) } }
        let centre = Centred.centre(of: points)
        let centres = try ranks.gather(centre.withUnsafeBytes { Array($0) }).map(Self.floats)
        let counts = (0..<ranks.count).map { Double(part(of: $0, among: ranks.count).count) }
        let common = try ranks.broadcast(
            ranks.isFirst
                ? (0..<columns).map { column in
                    Float(zip(counts, centres).reduce(0) { $0 + $1.0 * Double($1.1[column]) } / Double(rows))
                }.withUnsafeBytes { Array($0) } : nil)
        let around = Self.floats(common)
        let radius = points.rows == 0 ? 0 : Centred(points, around: around).radius
        let radii = try ranks.gather(withUnsafeBytes(of: radius) { Array($0) }).map { bytes in
            bytes.withUnsafeBytes { $0.loadUnaligned(as: Double.self) }
        }
        if ranks.isFirst {
            try naming(queries) {
                try Closeness.checkScale(Centred(questions, around: around), against: radii.max() ?? 0)
            }
        }
        _ = try ranks.broadcast(ranks.isFirst ? [] : nil)
    }

    private static func floats(_ bytes: [UInt8]) -> [Float] {
        bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
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

extension Neighbours {
    /// Of no rows.
    fileprivate static var none: Neighbours { Neighbours(queries: 0, k: 0, indices: [], squaredDistances: []) }
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
}
