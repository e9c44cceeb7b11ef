import Files
import Synchronization

/// Content digests of the files and folders that steps read, each computed once a build.
///
/// With a cache folder, what was hashed by an earlier build and still has its stamp (size, times, inode) is not read
/// again. A file that had changed within two seconds before it was hashed is never remembered.
package final class DataDigests: Sendable {
    private let known = Mutex<[String: Result<Seen, UnreadData>]>([:])
    private let cache: String?
    private let now: @Sendable () -> Int64
    private let operations: FileOperations
    private let limit: Int64

    /// The data when their digest was taken.
    private struct Seen {
        var digest: Digest
        /// Over names and stamps.
        var stamps: Digest
    }

    /// - Parameters:
    ///   - cache: the folder of remembered stamps; nil reads every byte.
    ///   - limit: bytes of a file or folder that are read at most; where more have to be, `UnreadData` is thrown.
    ///   - now: the clock by which stamps are judged, in nanoseconds since 1970.
    package init(
        cache: String? = nil, readingAtMost limit: Int64 = .max, now: @escaping @Sendable () -> Int64 = { Files.now },
        operations: FileOperations = .system
    ) {
        self.cache = cache
        self.limit = limit
        self.now = now
        self.operations = operations
    }

    /// The data that steps of a store read.
    convenience init(for store: Store, readingAtMost limit: Int64 = .max) {
        self.init(cache: store.digestCache, readingAtMost: limit, now: store.now, operations: store.operations)
    }

    /// The digest of a file's bytes, or of a folder's relative paths and their bytes, in path order.
    ///
    /// Hidden files do not count; links are followed; a file that may not be read counts with its name alone.
    /// O(bytes), or O(files) where stamps are remembered.
    package func digest(of path: String) throws -> Digest { try seen(path).digest }

    /// What tells, without reading them, whether the data were touched since: the stamps of their files.
    func stamps(of path: String) throws -> Digest { try seen(path).stamps }

    /// The same of data that nobody has hashed. O(files).
    func freshStamps(of path: String) throws -> Digest {
        let names = Files.isFolder(path) ? try DataListing.names(below: path) : [""]
        return DataListing.digest(ofStamps: DataListing.stamped(names, in: path))
    }

    /// Both, for another rank.
    package func fingerprint(of path: String) throws -> DataFingerprint {
        let seen = try seen(path)
        return DataFingerprint(path: path, stamps: seen.stamps.hex, digest: seen.digest.hex)
    }

    private func seen(_ path: String) throws -> Seen {
        // Steps that read the same data wait here for one reading.
        try known.withLock { known in
            if let seen = known[path] { return try seen.get() }
            do {
                let seen = try compute(path)
                known[path] = .success(seen)
                return seen
            } catch let error as UnreadData {
                known[path] = .failure(error)
                throw error
            }
        }
    }

    /// Whether nobody touched the data since their digest was taken; to change them and change them back is to touch them.
    ///
    /// O(files), and O(bytes) for files that had changed a moment before.
    package func isUnchanged(_ path: String) throws -> Bool {
        guard let then = try known.withLock({ try $0[path]?.get() }) else { return false }
        let now = try compute(path)
        return then.stamps == now.stamps && then.digest == now.digest
    }

    private func compute(_ path: String) throws -> Seen {
        let isFolder = Files.isFolder(path)
        let names = isFolder ? try DataListing.names(below: path) : [""]
        if !isFolder, Files.stamp(of: path) == nil { _ = try Digest(contentsOf: path) }  // says why it cannot be
        let moment = now()
        let files = DataListing.stamped(names, in: path)
        let stamps = DataListing.digest(ofStamps: files)
        if let cache, let total = DigestManifest.total(in: cache, for: path, stamps: stamps) {
            return Seen(digest: total, stamps: stamps)
        }
        return Seen(digest: try digest(of: files, in: path, isFolder: isFolder, at: moment), stamps: stamps)
    }

    private func digest(of files: [DataListing.File], in path: String, isFolder: Bool, at moment: Int64) throws
        -> Digest
    {
        let manifest = cache.flatMap { DigestManifest(contentsOf: $0, for: path) }
        let remembered = manifest?.digests(of: files) ?? Array(repeating: nil, count: files.count)
        let unread = zip(files, remembered).filter { $1 == nil }.map(\.0)
        guard unread.reduce(0, { $0 + $1.stamp.size }) <= limit else { throw UnreadData(count: unread.count) }
        let digests = DataListing.digests(of: files, in: path, remembered: remembered)
        let total: Digest
        if isFolder {
            var listing: [UInt8] = []
            listing.reserveCapacity(files.count * 96)
            for (file, digest) in zip(files, digests) {
                listing.append(contentsOf: "\(file.name.utf8.count) \(file.name) \(digest?.hex ?? "unreadable")\n".utf8)
            }
            total = Digest(of: listing)
        } else if let digest = digests.first ?? nil {
            total = digest
        } else {
            total = try Digest(contentsOf: path)
        }
        if let cache {
            // A cache that cannot be written costs time, nothing else.
            try? DigestManifest.write(
                total, files, digests, settledAt: moment, to: cache, for: path, with: operations)
        }
        return total
    }
}

/// More has to be read to know the content than whoever asks wants to wait for.
struct UnreadData: Error {
    /// Files that are not as an earlier build saw them.
    let count: Int
}
