import Files

/// What an earlier build saw of a file or folder: each file's stamp and digest, and the digest of the whole.
///
/// One file a path, below the cache folder: a header about the whole, which answers alone where nothing was touched; the
/// files in byte order of their names; and the digest of all that. Anything else about its bytes makes it worthless, not
/// wrong.
struct DigestManifest {
    /// The digest of the file or folder when it was last hashed as a whole.
    let total: Digest
    private let entries: [Entry]
    private let bytes: [UInt8]

    private struct Entry {
        var name: String
        var stamp: Files.Stamp
        /// Where its digest begins.
        var digest: Int
    }

    private static let heading = Array("likeness digests 2\n".utf8)
    private static let digestLength = 32
    /// Heading, total, digest of the stamps, files, files that are kept, digest of these.
    private static let headerLength = heading.count + 3 * digestLength + 16

    /// The digest of the whole, if these are the stamps of all its files and all had rested when it was taken.
    static func total(in cache: String, for path: String, stamps: Digest) -> Digest? {
        guard let file = try? RandomAccessFile(self.file(in: cache, for: path)),
            let bytes = try? file.read(at: 0, count: headerLength), bytes.starts(with: heading)
        else { return nil }
        let end = headerLength - digestLength
        var reader = Reader(bytes: bytes, offset: heading.count, end: end)
        guard let seal = Digest(bytes: bytes[end...]), Digest(of: Array(bytes[..<end])) == seal,
            let total = reader.skip(digestLength).flatMap({ Digest(bytes: bytes[$0]) }),
            let seen = reader.skip(digestLength).flatMap({ Digest(bytes: bytes[$0]) }), seen == stamps,
            let all = reader.number(), let kept = reader.number(), all == kept
        else { return nil }
        return total
    }

    /// The digests of those files that are as they were. O(files): both lists are in byte order.
    func digests(of files: [DataListing.File]) -> [Digest?] {
        var position = 0
        return files.map { file in
            while position < entries.count, entries[position].name.utf8Precedes(file.name) {
                position += 1
            }
            guard position < entries.count else { return nil }
            let entry = entries[position]
            guard entry.name == file.name, entry.stamp == file.stamp else { return nil }
            return Digest(bytes: bytes[entry.digest..<entry.digest + Self.digestLength])
        }
    }

    /// The remembered stamps, by digest.
    var stamps: [Digest: Files.Stamp] {
        Dictionary(
            entries.compactMap { entry in
                Digest(bytes: bytes[entry.digest..<entry.digest + Self.digestLength]).map { ($0, entry.stamp) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Reads what was remembered of `path`; nil when there is nothing that can be trusted.
    init?(contentsOf cache: String, for path: String) {
        guard let bytes = try? Files.read(Self.file(in: cache, for: path), limit: 1 << 30) else { return nil }
        let end = bytes.count - Self.digestLength
        guard end >= Self.heading.count, bytes.starts(with: Self.heading),
            let seal = Digest(bytes: bytes[end...]), Digest(of: Array(bytes[..<end])) == seal
        else { return nil }
        var reader = Reader(bytes: bytes, offset: Self.heading.count, end: end)
        guard let total = reader.skip(Self.digestLength).flatMap({ Digest(bytes: bytes[$0]) }),
            reader.skip(Self.digestLength) != nil, reader.number() != nil, let count = reader.number(),
            count <= UInt64(end / 44), reader.skip(Self.digestLength) != nil
        else { return nil }
        var entries: [Entry] = []
        entries.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let length = reader.number(), length <= UInt64(end), let name = reader.skip(Int(length)),
                let text = String(validating: bytes[name], as: UTF8.self), let size = reader.number(),
                let modified = reader.number(), let changed = reader.number(), let inode = reader.number(),
                let digest = reader.skip(Self.digestLength)
            else { return nil }
            entries.append(
                Entry(
                    name: text,
                    stamp: .init(
                        size: Int64(bitPattern: size), modified: Int64(bitPattern: modified),
                        changed: Int64(bitPattern: changed), inode: inode),
                    digest: digest.lowerBound))
        }
        guard reader.offset == end else { return nil }
        self.total = total
        self.entries = entries
        self.bytes = bytes
    }

    /// Remembers files that had rested when they were stamped.
    static func write(
        _ total: Digest, _ files: [DataListing.File], _ digests: [Digest?], settledAt moment: Int64, to cache: String,
        for path: String, with operations: FileOperations = .system
    ) throws {
        var bytes = heading + total.bytes + DataListing.digest(ofStamps: files).bytes
        func append(_ number: UInt64) { withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) } }
        let kept = zip(files, digests).compactMap { file, digest in
            file.stamp.isSettled(at: moment) ? digest.map { (file, $0) } : nil
        }
        bytes.reserveCapacity(bytes.count + kept.count * 128)
        append(UInt64(files.count))
        append(UInt64(kept.count))
        bytes += Digest(of: bytes).bytes
        for (file, digest) in kept {
            append(UInt64(file.name.utf8.count))
            bytes.append(contentsOf: file.name.utf8)
            append(UInt64(bitPattern: file.stamp.size))
            append(UInt64(bitPattern: file.stamp.modified))
            append(UInt64(bitPattern: file.stamp.changed))
            append(file.stamp.inode)
            bytes.append(contentsOf: digest.bytes)
        }
        bytes += Digest(of: bytes).bytes
        try Files.write(bytes, to: self.file(in: cache, for: path), with: operations)
    }

    private static func file(in cache: String, for path: String) -> String {
        "\(cache)/\(Digest(of: Array(path.utf8)).hex)"
    }

    private struct Reader {
        let bytes: [UInt8]
        var offset: Int
        let end: Int

        mutating func skip(_ count: Int) -> Range<Int>? {
            guard count >= 0, count <= end - offset else { return nil }
            defer { offset += count }
            return offset..<offset + count
        }

        mutating func number() -> UInt64? {
            guard let range = skip(8) else { return nil }
            return bytes.withUnsafeBytes {
                UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: range.lowerBound, as: UInt64.self))
            }
        }
    }
}
