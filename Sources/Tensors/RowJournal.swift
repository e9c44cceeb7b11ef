import Files

/// Rows of a matrix as they are computed, on disk: interrupted work goes on behind them.
///
/// One record per batch: rows, columns, the values, and the SHA-256 of all that. A record that is cut short or damaged, as
/// after a power cut, ends the journal; what came behind it is computed again.
package struct RowJournal: Sendable {
    package let path: String

    private static let headerLength = 16
    private static let digestLength = 32

    package init(path: String) { self.path = path }

    /// The sound batches from the beginning on, of `columns` alike; drops what is behind them. O(bytes).
    ///
    /// - Throws: `FileError` when the file is there and cannot be read, or cannot be cut.
    package func replay() throws(FileError) -> [Matrix] {
        guard Files.exists(path) else { return [] }
        let bytes = try Files.read(path)
        var batches: [Matrix] = []
        var start = 0
        while let (batch, length) = Self.record(bytes[start...]),
            batches.first.map({ $0.columns == batch.columns }) ?? true
        {
            batches.append(batch)
            start += length
        }
        if start < bytes.count { try Files.write(Array(bytes[..<start]), to: path) }
        return batches
    }

    package func append(_ batch: Matrix) throws(FileError) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headerLength + batch.values.count * 4 + Self.digestLength)
        for number in [UInt64(batch.rows), UInt64(batch.columns)] {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
        batch.values.withUnsafeBytes { bytes.append(contentsOf: $0) }
        try Files.append(bytes + Digest(of: bytes).bytes, to: path)
    }

    /// The first record and its length; nil where there is no whole, sound one. Lengths are checked before memory is taken.
    private static func record(_ bytes: ArraySlice<UInt8>) -> (Matrix, length: Int)? {
        guard bytes.count >= headerLength + digestLength else { return nil }
        func number(_ offset: Int) -> Int? {
            let first = bytes.startIndex + offset
            return Int(exactly: bytes[first..<first + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
        guard let rows = number(0), let columns = number(8), rows > 0, columns > 0 else { return nil }
        let (count, isLarge) = rows.multipliedReportingOverflow(by: columns)
        guard !isLarge, count <= (bytes.count - headerLength - digestLength) / 4 else { return nil }
        let end = bytes.startIndex + headerLength + 4 * count
        let digest = Digest(of: Array(bytes[bytes.startIndex..<end]))
        guard digest.bytes.elementsEqual(bytes[end..<end + digestLength]) else { return nil }
        let values = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes[bytes.startIndex + headerLength..<end])
            filled = count
        }
        return (Matrix(rows: rows, columns: columns, values: values), headerLength + 4 * count + digestLength)
    }
}
