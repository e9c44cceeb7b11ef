import Files
import Foundation
import Glibc

extension Site {
    /// Puts the site into a directory so that `index.html` there is a complete report at every moment.
    ///
    /// Assets and pictures go first, under names made from their content, so that they disturb no page that is there;
    /// then each page replaces its predecessor by a rename, the first page last; then files of the previous
    /// publication that no page uses any more are removed. Which files are the site's own is kept in
    /// `.likeness-site.json`; it names the old and the new files before the first write, so that an interrupted
    /// publication is cleaned up by the next one.
    ///
    /// Files that the site did not write stay; a foreign file under a page's name is an error. Files whose content is
    /// already there are not written again. Two processes that publish into one directory take turns.
    package func publish(to directory: String) throws {
        let root = directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        try Files.makeFolder(root)
        let lock = try FileLock(root)
        defer { withExtendedLifetime(lock) {} }
        try replace(in: root)
    }

    private func replace(in root: String) throws(FileError) {
        let previous = Publication.read(in: root)
        let names = files.map(\.path)
        for file in files where !previous.contains(file.path) { try Publication.refuseForeign(file, in: root) }

        try Publication.write(previous.union(names), in: root)
        try Files.sync(folder: root)
        let folders = Set(files.compactMap { Publication.folder(of: $0.path) }).sorted()
        for folder in folders { try Files.makeFolder(root + "/" + folder) }

        let isPage = { (file: File) in Publication.folder(of: file.path) == nil }
        for file in files where !isPage(file) { try Publication.put(file, in: root) }
        for folder in folders { try Files.sync(folder: root + "/" + folder) }
        for file in files where isPage(file) { try Publication.put(file, in: root) }
        try Files.sync(folder: root)

        Publication.remove(previous.subtracting(names), in: root)
        Publication.sweep([root] + folders.map { root + "/" + $0 })
        try Publication.write(Set(names), in: root)
        try Files.sync(folder: root)
    }
}

/// The record of what a site wrote into a directory.
enum Publication {
    static let recordName = ".likeness-site.json"

    private struct Record: Codable {
        var files: [String]
    }

    /// The files of the last publication; none when there was none or its record is damaged.
    ///
    /// Names that could lead out of the directory are ignored: the record decides what is deleted.
    static func read(in root: String) -> Set<String> {
        guard let bytes = try? Files.read(root + "/" + recordName),
            let record = try? JSONDecoder().decode(Record.self, from: Data(bytes))
        else { return [] }
        return Set(record.files.filter(isOwn))
    }

    static func write(_ names: Set<String>, in root: String) throws(FileError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(Record(files: names.sorted())) else { return }
        let bytes = Array(data) + [UInt8(ascii: "\n")]
        let path = root + "/" + recordName
        if (try? Files.read(path)) == bytes { return }
        try Files.write(bytes, to: path, syncsFolder: false)
    }

    static func put(_ file: Site.File, in root: String) throws(FileError) {
        let path = root + "/" + file.path
        if (try? Files.read(path)) == file.bytes { return }
        try Files.write(file.bytes, to: path, syncsFolder: false)
    }

    /// A page may replace only what this program wrote: pages say so in their head. Names made from content are ours.
    static func refuseForeign(_ file: Site.File, in root: String) throws(FileError) {
        let path = root + "/" + file.path
        guard folder(of: file.path) == nil, Files.exists(path) else { return }
        let head = String(decoding: ((try? Files.read(path)) ?? []).prefix(2000), as: UTF8.self)
        guard head.contains("content=\"Likeness\"") else {
            throw FileError(.unwritable, path, "is not a page of this report; move it away or choose another output directory")
        }
    }

    /// Removes what no page uses any more. A file that cannot be removed does no harm.
    static func remove(_ names: Set<String>, in root: String) {
        for name in names.sorted() { unlink(root + "/" + name) }
        // Only empty folders go.
        for folder in Set(names.compactMap(folder(of:))).sorted() { rmdir(root + "/" + folder) }
    }

    /// Removes what an interrupted publication left half written. The caller holds the lock: nobody else is writing.
    static func sweep(_ folders: [String]) {
        for folder in folders {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            where name.hasSuffix(Files.unfinished) {
                unlink(folder + "/" + name)
            }
        }
    }

    static func folder(of path: String) -> String? { path.lastIndex(of: "/").map { String(path[..<$0]) } }

    private static func isOwn(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.contains("\0") }
        guard isPlain else { return false }
        switch parts.count {
        case 1: return name.hasSuffix(".html")
        case 2: return parts[0] == "assets" || parts[0] == "images"
        default: return false
        }
    }
}
