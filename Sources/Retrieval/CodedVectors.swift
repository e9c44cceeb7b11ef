import Tensors

/// Vectors as whole numbers of 16 bits with one scale for all of them: small enough for a page to carry, and so near to
/// what they were that the order of neighbours stays theirs.
///
/// Squared distances are sums of whole numbers, so that whoever adds them up, in whatever order, finds the same ones; a
/// page's script finds what `nearest` finds.
package struct CodedVectors: Sendable, Hashable {
    package let rows: Int
    package let columns: Int
    /// What 1 stands for.
    package let scale: Double
    /// rows × columns, row-major, each within ±32,767.
    package let codes: [Int16]

    private static let largest: Float = 32_767

    /// - Parameters:
    ///   - vectors: finite numbers.
    ///   - limit: where there are more columns, the coordinates along so many principal components are coded instead;
    ///     as many components as rows span lose nothing.
    ///
    /// O(rows · columns), and `PrincipalComponents` where there are more columns.
    package init(_ vectors: Matrix, mostColumns limit: Int) {
        precondition(limit >= 1)
        let components =
            vectors.columns > limit ? PrincipalComponents(fitting: vectors, count: limit) : nil
        // Around their mean, which distances do not see: vectors that are nearly alike keep what they differ in.
        let kept =
            components?.coordinates(of: vectors)
            ?? Matrix(
                rows: vectors.rows, columns: vectors.columns,
                values: Centred(vectors, around: Centred.centre(of: vectors)).values)
        rows = kept.rows
        columns = kept.columns
        let extent = kept.values.reduce(0) { max($0, abs($1)) }
        let unit = extent > 0 && extent.isFinite ? extent / Self.largest : 1
        scale = Double(unit)
        codes = kept.values.map { value in
            let code = (value / unit).rounded()
            return code.isFinite ? Int16(max(-Self.largest, min(Self.largest, code))) : 0
        }
    }

    /// Two bytes for each number, the low one first.
    package var bytes: [UInt8] {
        codes.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    /// The most columns with which sets of vectors, each of as many rows, fit into so many bytes; at least 1.
    package static func columns(fitting bytes: Int, rows: Int, of columns: [Int]) -> Int {
        let most = columns.max() ?? 1
        return (1...max(1, most)).last { limit in
            columns.reduce(0) { $0 + min($1, limit) } * 2 * max(1, rows) <= bytes
        } ?? 1
    }
}

extension CodedVectors {
    /// The `k` rows nearest to one of them, which itself is left out; nearest first, equal distances in the order of rows.
    ///
    /// O(rows · (columns + k)).
    package func nearest(_ k: Int, toRow row: Int) -> [(row: Int, squaredDistance: Int)] {
        var found: [(row: Int, squaredDistance: Int)] = []
        codes.withUnsafeBufferPointer { codes in
            let query = row * columns
            for other in 0..<rows where other != row {
                let start = other * columns
                var sum = 0
                for column in 0..<columns {
                    let difference = Int(codes[query + column]) - Int(codes[start + column])
                    sum &+= difference &* difference
                }
                if found.count == k, let last = found.last, last.squaredDistance <= sum { continue }
                let place = found.firstIndex { $0.squaredDistance > sum } ?? found.count
                found.insert((other, sum), at: place)
                if found.count > k { found.removeLast() }
            }
        }
        return found
    }

    /// Of the first `k` ranks of all rows as queries, which do not answer themselves, the share at which the same row
    /// stands as by brute force over the vectors that were coded. 1 for fewer than two rows.
    ///
    /// O(rows² · columns).
    ///
    /// - Throws: `SearchError` for vectors that cannot be searched; whatever `check` throws, which is asked at every row.
    package func agreement(with vectors: Matrix, ranks k: Int, check: @escaping Check = {}) throws -> Double {
        precondition(vectors.rows == rows && k >= 1)
        guard rows > 1 else { return 1 }
        let exact = try FlatIndex(vectors, check: check).nearest(min(rows, k + 1), to: vectors, check: check)
        var (same, all) = (0, 0)
        for row in 0..<rows {
            try check()
            let expected = exact.indices(of: row).filter { $0 != row }.prefix(k)
            let found = nearest(expected.count, toRow: row)
            same += zip(expected, found).count { $0 == $1.row }
            all += expected.count
        }
        return Double(same) / Double(all)
    }
}
