import Dispatch
import Files
import Glibc
import Synchronization

/// Content digests of the files and folders that steps read, each computed once a build.
///
/// With a cache folder, what was hashed by an earlier build and still has its stamp (size, times, inode) is not read
/// again. A file that had changed within two seconds before it was hashed is never remembered.
package final class DataDigests: Sendable {
    private let known = Mutex<[String: Seen]>([:])
    private let cache: String?
    private let now: @Sendable () -> Int64
    private let operations: FileOperations

    /// The data when their digest was taken.
    private struct Seen {
        var digest: Digest
        /// Over names and stamps.
        var stamps: Digest
    }

    /// - Parameters:
    ///   - cache: the folder of remembered stamps; nil reads every byte.
    ///   - now: the clock by which stamps are judged, in nanoseconds since 1970.
    package init(
        cache: String? = nil, now: @escaping @Sendable () -> Int64 = { Files.now }, operations: FileOperations = .system
    ) {
        self.cache = cache
        self.now = now
        self.operations = operations
    }

    /// The data that steps of a store read.
    convenience init(for store: Store) {
        self.init(cache: store.digestCache, now: store.now, operations: store.operations)
    }

    /// The digest of a file's bytes, or of a folder's relative paths and their bytes, in path order.
    ///
    /// Hidden files do not count; links are followed; a file that may not be read counts with its name alone.
    /// O(bytes), or O(files) where stamps are remembered.
    package func digest(of path: String) throws -> Digest { try seen(path).digest }

    /// What tells, without reading them, whether the data were touched since: the stamps of their files.
    func stamps(of path: String) throws -> Digest { try seen(path).stamps }

    private func seen(_ path: String) throws -> Seen {
        // Steps that read the same data wait here for one reading.
        try known.withLock { known in
            if let seen = known[path] { return seen }
            let seen = try compute(path)
            known[path] = seen
            return seen
        }
    }

    /// Whether nobody touched the data since their digest was taken; to change them and change them back is to touch them.
    ///
    /// O(files), and O(bytes) for files that had changed a moment before.
    package func isUnchanged(_ path: String) throws -> Bool {
        guard let then = known.withLock({ $0[path] }) else { return false }
        let now = try compute(path)
        return then.stamps == now.stamps && then.digest == now.digest
    }

    private func compute(_ path: String) throws -> Seen {
        let isFolder = Files.isFolder(path)
        let names = isFolder ? try DataListing.names(below: path) : [""]
        if !isFolder, Files.stamp(of: path) == nil { _ = try Files.read(path) }  // says why it cannot be
        let moment = now()
        let files = DataListing.stamped(names, in: path)
        let digest = try digest(of: files, in: path, isFolder: isFolder, at: moment)
        return Seen(digest: digest, stamps: DataListing.digest(ofStamps: files))
    }

    private func digest(of files: [DataListing.File], in path: String, isFolder: Bool, at moment: Int64) throws -> Digest {
        let manifest = cache.flatMap { DigestManifest(contentsOf: $0, for: path) }
        if let manifest, manifest.matches(files) { return manifest.total }

        let remembered = manifest?.digests(of: files) ?? Array(repeating: nil, count: files.count)
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
            total = Digest(of: try Files.read(path))
        }
        if let cache {
            // A cache that cannot be written costs time, nothing else.
            try? DigestManifest.write(
                total, files, digests, settledAt: moment, to: cache, for: path, with: operations)
        }
        return total
    }
}

/// The files below a folder: found, stamped and hashed.
enum DataListing {
    struct File: Sendable {
        /// Relative to the folder; empty for a file that stands alone.
        var name: String
        var stamp: Files.Stamp
    }

    /// How deep folders may lie in folders, which also ends circles of links.
    private static let depth = 32

    /// The files below a folder, as relative paths in byte order, without hidden ones.
    static func names(below folder: String) throws -> [String] {
        var names: [String] = []
        var open: [(prefix: String, level: Int)] = [("", 0)]
        while let (prefix, level) = open.popLast() {
            let (entries, unnamed) = try Files.list(prefix.isEmpty ? folder : folder + "/" + prefix)
            guard unnamed == 0 else {
                throw StoreError(
                    path: folder + "/" + prefix, message: "\(unnamed) names are not UTF-8; rename these files")
            }
            for (name, kind) in entries {
                switch kind {
                case .file: names.append(prefix + name)
                case .folder where level < depth: open.append((prefix + name + "/", level + 1))
                case .folder:
                    throw StoreError(
                        path: folder + "/" + prefix + name,
                        message: "lies more than \(depth) folders deep; is there a circle of links?")
                case .other: continue
                }
            }
        }
        names.sort { $0.utf8Precedes($1) }
        return names
    }

    /// Names with their stamps; what vanished meanwhile is left out.
    static func stamped(_ names: [String], in folder: String) -> [File] {
        concurrently(names.count) { index in
            Files.stamp(of: path(names[index], in: folder)).map { File(name: names[index], stamp: $0) }
        }.compactMap { $0 }
    }

    /// Each file's digest: the remembered one, or that of its bytes; nil for a file that cannot be read.
    static func digests(of files: [File], in folder: String, remembered: [Digest?]) -> [Digest?] {
        concurrently(files.count) { index in
            if let digest = remembered[index] { return digest }
            return (try? Files.read(path(files[index].name, in: folder))).map { Digest(of: $0) }
        }
    }

    static func digest(ofStamps files: [File]) -> Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(files.count * 64)
        for file in files {
            bytes.append(contentsOf: file.name.utf8)
            bytes.append(0)
            for number in [file.stamp.size, file.stamp.modified, file.stamp.changed, Int64(bitPattern: file.stamp.inode)] {
                withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
            }
        }
        return Digest(of: bytes)
    }

    private static func path(_ name: String, in folder: String) -> String {
        name.isEmpty ? folder : folder + "/" + name
    }

    /// `body` of every index on all cores, in order; some at a time, since each is short.
    private static func concurrently<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
        let chunk = 256
        return [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
            // Every iteration writes slots of its own, and all have ended before the buffer is read.
            nonisolated(unsafe) let slots = buffer
            DispatchQueue.concurrentPerform(iterations: (count + chunk - 1) / chunk) { part in
                for index in part * chunk..<min(count, (part + 1) * chunk) {
                    slots.initializeElement(at: index, to: body(index))
                }
            }
            initialized = count
        }
    }
}

extension String {
    /// By bytes, whatever the characters mean.
    func utf8Precedes(_ other: String) -> Bool {
        let order = utf8.withContiguousStorageIfAvailable { a in
            other.utf8.withContiguousStorageIfAvailable { b -> Bool in
                guard let x = a.baseAddress, let y = b.baseAddress else { return a.count < b.count }
                let order = memcmp(x, y, min(a.count, b.count))
                return order == 0 ? a.count < b.count : order < 0
            }
        }
        return (order ?? nil) ?? utf8.lexicographicallyPrecedes(other.utf8)
    }
}
