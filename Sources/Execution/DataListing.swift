import Dispatch
import Files
import Glibc

/// The files below a folder: found, stamped and hashed.
enum DataListing {
    struct File: Sendable {
        /// Relative to the folder; empty for a file that stands alone.
        var name: String
        var stamp: Files.Stamp
    }

    /// How deep folders may lie in folders, which also ends circles of links.
    private static let depth = 32

    /// The files below a folder, as relative paths in byte order, without hidden ones. O(n log n).
    static func names(below folder: String) throws -> [String] {
        var names: [String] = []
        try add(to: &names, from: folder, prefix: "", level: 0)
        return names
    }

    private static func add(to names: inout [String], from folder: String, prefix: String, level: Int) throws {
        let (entries, unnamed) = try Files.list(prefix.isEmpty ? folder : folder + "/" + prefix)
        guard unnamed == 0 else {
            throw StoreError(
                path: folder + "/" + prefix, message: "\(unnamed) of the names are not UTF-8; rename these files")
        }
        names.reserveCapacity(names.count + entries.count)
        for entry in entries.compactMap({ Entry($0.name, $0.kind) }).sorted() {
            if !entry.isFolder {
                names.append(prefix + entry.name)
            } else if level < depth {
                try add(to: &names, from: folder, prefix: prefix + entry.name, level: level + 1)
            } else {
                throw StoreError(
                    path: folder + "/" + prefix + entry.name,
                    message: "lies more than \(depth) folders deep; is there a circle of links?")
            }
        }
    }

    /// A name in its folder; that of a folder ends with a slash, so that their order is that of whole paths.
    private struct Entry: Comparable {
        let name: String
        let isFolder: Bool
        /// The first eight bytes, most significant first: nearly all comparisons end here.
        private let head: UInt64

        init?(_ name: String, _ kind: Files.EntryKind) {
            guard kind != .other else { return nil }
            isFolder = kind == .folder
            self.name = isFolder ? name + "/" : name
            var head: UInt64 = 0
            var shift: UInt64 = 64
            for byte in self.name.utf8.prefix(8) {
                shift -= 8
                head |= UInt64(byte) << shift
            }
            self.head = head
        }

        static func < (a: Entry, b: Entry) -> Bool { a.head != b.head ? a.head < b.head : a.name.utf8Precedes(b.name) }
        static func == (a: Entry, b: Entry) -> Bool { a.head == b.head && a.name == b.name }
    }

    /// Names with their stamps; what vanished meanwhile is left out.
    static func stamped(_ names: [String], in folder: String) -> [File] {
        let start = OpenFolder(folder)
        return concurrently(names.count) { index in
            let stamp =
                start.map { Files.stamp(of: names[index], from: $0) } ?? Files.stamp(of: path(names[index], in: folder))
            return stamp.map { File(name: names[index], stamp: $0) }
        }.compactMap { $0 }
    }

    /// Each file's digest: the remembered one, or that of its bytes; nil for a file that cannot be read.
    static func digests(of files: [File], in folder: String, remembered: [Digest?]) -> [Digest?] {
        concurrently(files.count) { index in
            if let digest = remembered[index] { return digest }
            return try? Digest(contentsOf: path(files[index].name, in: folder))
        }
    }

    static func digest(ofStamps files: [File]) -> Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(files.count * 64)
        for file in files {
            bytes.append(contentsOf: file.name.utf8)
            bytes.append(0)
            for number in [
                file.stamp.size, file.stamp.modified, file.stamp.changed, Int64(bitPattern: file.stamp.inode),
            ] {
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
