import Dispatch
import Files
import Glibc

/// Content digests of the files and folders that steps read, each computed once a build.
///
/// With a cache folder, what was hashed by an earlier build and still has its stamp (size, times, inode) is not read
/// again. A file that had changed within two seconds before it was hashed is never remembered.
package final class DataDigests {
    private var known: [String: Digest] = [:]
    private let cache: String?

    /// - Parameter cache: the folder of remembered stamps; nil reads every byte.
    package init(cache: String? = nil) { self.cache = cache }

    /// The digest of a file's bytes, or of a folder's relative paths and their bytes, in path order.
    ///
    /// Hidden files do not count; links are followed; a file that may not be read counts with its name alone.
    /// O(bytes), or O(files) where stamps are remembered.
    package func digest(of path: String) throws -> Digest {
        if let digest = known[path] { return digest }
        let digest = try compute(path)
        known[path] = digest
        return digest
    }

    /// Whether the data still are what they were when their digest was taken.
    package func isUnchanged(_ path: String) throws -> Bool { try known[path] == compute(path) }

    private func compute(_ path: String) throws -> Digest {
        let isFolder = Files.isFolder(path)
        let names = isFolder ? try DataListing.names(below: path) : [""]
        if !isFolder, Files.stamp(of: path) == nil { _ = try Files.read(path) }  // says why it cannot be
        let moment = Files.now
        let files = DataListing.stamped(names, in: path)
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
            try? DigestManifest.write(total, files, digests, settledAt: moment, to: cache, for: path)
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
