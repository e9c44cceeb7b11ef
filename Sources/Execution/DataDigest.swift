import Files
import Foundation

/// Content digests of the files and folders that steps read, each computed once a build.
package final class DataDigests {
    private var known: [String: Digest] = [:]

    package init() {}

    /// The digest of a file's bytes, or of a folder's relative paths and their bytes, in path order.
    ///
    /// Hidden files do not count. O(bytes).
    package func digest(of path: String) throws -> Digest {
        if let digest = known[path] { return digest }
        let digest = try compute(path)
        known[path] = digest
        return digest
    }

    /// Whether the data still are what they were when their digest was taken.
    package func isUnchanged(_ path: String) throws -> Bool { try known[path] == compute(path) }

    private func compute(_ path: String) throws -> Digest {
        guard Files.isFolder(path) else { return Digest(of: try Files.read(path)) }
        var listing: [UInt8] = []
        for name in try filePaths(below: path) {
            let digest = Digest(of: try Files.read(path + "/" + name))
            listing.append(contentsOf: "\(name.utf8.count) \(name) \(digest.hex)\n".utf8)
        }
        return Digest(of: listing)
    }
}

/// The regular files below a folder, as sorted relative paths without hidden ones.
private func filePaths(below folder: String) throws -> [String] {
    guard let walk = FileManager.default.enumerator(atPath: folder) else {
        throw StoreError(path: folder, message: "cannot be listed")
    }
    var names: [String] = []
    while let name = walk.nextObject() as? String {
        let last = name.split(separator: "/").last ?? ""
        if last.hasPrefix(".") {
            walk.skipDescendants()
            continue
        }
        if walk.fileAttributes?[.type] as? FileAttributeType == .typeRegular { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}
