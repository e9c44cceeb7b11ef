import Files
import Tensors

/// Why a saved index was not read: which file, what is wrong, what to do.
package struct IndexFileError: Error, Sendable, Equatable, CustomStringConvertible {
    package let path: String
    package let problem: String

    package var description: String { "\(path): \(problem); save the index again" }
}

/// A saved index: eight letters, then little-endian 64-bit words (version, kind, leaf size, depth, split, seed, rows,
/// columns), the float32 rows, and the SHA-256 of all of it as 64 hexadecimal digits.
///
/// A tree is a function of its vectors and options, so they are what is kept: it is built again on loading.
extension GrowingIndex {
    private static let magic = Array("LKINDEX\n".utf8)
    private static let version: UInt64 = 1
    private static let headerSize = 8 + 8 * 8

    /// Writes durably: a file of that name is replaced as a whole or not at all.
    package func save(to path: String) throws {
        try Files.write(encoded(), to: path)
    }

    package init(contentsOf path: String) throws {
        try self.init(decoding: try Files.read(path), name: path)
    }

    package func encoded() -> [UInt8] {
        var words: [UInt64] = [Self.version]
        switch kind {
        case .flat: words += [0, 0, 0, 0, 0]
        case .tree(let options):
            words += [1, UInt64(options.leafSize), UInt64(options.maximumDepth)]
            switch options.split {
            case .axis: words += [0, 0]
            case .principal: words += [1, 0]
            case .random(let seed): words += [2, seed]
            }
        }
        words += [UInt64(vectors.rows), UInt64(vectors.columns)]
        var bytes = Self.magic
        for word in words { withUnsafeBytes(of: word.littleEndian) { bytes += $0 } }
        vectors.values.withUnsafeBytes { bytes += $0 }
        return bytes + Array(Digest(of: bytes).hex.utf8)
    }

    /// Sizes are compared with the file's before memory is taken, and the digest before anything is believed.
    package init(decoding bytes: [UInt8], name: String) throws {
        func refuse(_ problem: String) -> IndexFileError { IndexFileError(path: name, problem: problem) }
        guard bytes.starts(with: Self.magic), bytes.count >= Self.headerSize + 64 else {
            throw refuse("it is not a saved index, or it breaks off")
        }
        func word(_ place: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 | UInt64(bytes[8 + place * 8 + $1]) << UInt64($1 * 8) }
        }
        guard word(0) == Self.version else { throw refuse("it has version \(word(0)), and this program reads \(Self.version)") }
        let end = bytes.count - 64
        guard bytes[end...].elementsEqual(Digest(of: Array(bytes[..<end])).hex.utf8) else {
            throw refuse("its checksum does not match: it is damaged")
        }
        // Also an index without rows has columns, for which memory is taken.
        guard let rows = Int(exactly: word(6)), let columns = Int(exactly: word(7)), columns > 0,
            columns <= max(1 << 16, bytes.count)
        else {
            throw refuse("its sizes are not sizes")
        }
        let (count, tooMany) = rows.multipliedReportingOverflow(by: columns)
        guard !tooMany, count <= bytes.count / 4, count * 4 == end - Self.headerSize else {
            throw refuse("its sizes do not match its length")
        }
        guard let kind = Kind(words: (1..<6).map(word)) else { throw refuse("it names an index of another kind") }
        let values = [Float](unsafeUninitializedCapacity: count) { target, initialized in
            bytes.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(target).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: source[Self.headerSize..<end]))
            }
            initialized = count
        }
        try self.init(Matrix(rows: rows, columns: columns, values: values), kind)
    }
}

extension GrowingIndex.Kind {
    /// Kind, leaf size, depth, split, seed.
    fileprivate init?(words: [UInt64]) {
        switch words[0] {
        case 0: self = .flat
        case 1:
            guard let leaf = Int(exactly: words[1]), leaf >= 1, let depth = Int(exactly: words[2]) else { return nil }
            let split: KDTree.Split
            switch words[3] {
            case 0: split = .axis
            case 1: split = .principal
            case 2: split = .random(seed: words[4])
            default: return nil
            }
            self = .tree(KDTree.Options(split: split, leafSize: leaf, maximumDepth: depth))
        default: return nil
        }
    }
}
