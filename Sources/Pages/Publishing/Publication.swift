import Files
import Foundation
import Glibc

extension Site {
    /// Puts the site into a directory so that `index.html` there is a complete report at every moment.
    ///
    /// Assets and pictures go first, under names made from their content, so that they disturb no page that is there;
    /// then every page is written beside its place, and only when all of them are complete does each replace its
    /// predecessor by a rename, the first page last; then files of the previous publication that no page uses any more
    /// are removed. A failure up to the first rename leaves every old page as it was. Which files are the site's own is
    /// kept in `.likeness-site.json`; it names the old and the new files before the first write, so that an interrupted
    /// publication is cleaned up by the next one.
    ///
    /// Files that the site did not write stay; a foreign file under a page's name is an error. Files whose content is
    /// already there are not written again. Two processes that publish into one directory take turns.
    ///
    /// - Parameter origin: the digest of all that the site was made from, remembered for `isPublished`.
    package func publish(
        to directory: String, origin: Digest? = nil, with operations: FileOperations = .system
    ) throws {
        let root = Publication.root(directory)
        try Files.makeFolder(root, with: operations)
        let lock = try FileLock(root, with: operations)
        defer { withExtendedLifetime(lock) {} }
        try replace(in: root, origin, operations)
    }

    /// Whether the directory holds, to the byte, what was last published there from this origin.
    ///
    /// Reads every file of the site. O(bytes).
    package static func isPublished(from origin: Digest, in directory: String) -> Bool {
        let root = Publication.root(directory)
        guard let record = Publication.record(in: root), let seal = record.seal, !record.files.isEmpty else { return false }
        return seal == Publication.seal(origin, record.files, in: root)
    }

    private func replace(in root: String, _ origin: Digest?, _ operations: FileOperations) throws(FileError) {
        let previous = Publication.read(in: root)
        let names = files.map(\.path)
        for file in files where !previous.contains(file.path) { try Publication.refuseForeign(file, in: root) }

        try Publication.write(previous.union(names), in: root, operations)
        try Files.sync(folder: root, with: operations)
        let folders = Set(files.compactMap { Publication.folder(of: $0.path) }).sorted()
        for folder in folders { try Files.makeFolder(root + "/" + folder, with: operations) }

        for file in files where !file.isPage { try Publication.stage(file, in: root, operations)?.commit(with: operations) }
        for folder in folders { try Files.sync(folder: root + "/" + folder, with: operations) }
        try replacePages(in: root, operations)
        try Files.sync(folder: root, with: operations)

        Publication.remove(previous.subtracting(names), in: root)
        Publication.sweep([root] + folders.map { root + "/" + $0 })
        let seal = origin.flatMap { Publication.seal($0, names.sorted(), in: root) }
        try Publication.write(Set(names), seal: seal, in: root, operations)
        try Files.sync(folder: root, with: operations)
    }

    private func replacePages(in root: String, _ operations: FileOperations) throws(FileError) {
        var staged: [StagedFile] = []
        do throws(FileError) {
            for file in files where file.isPage {
                if let page = try Publication.stage(file, in: root, operations) { staged.append(page) }
            }
            while let page = staged.first {
                try page.commit(with: operations)
                staged.removeFirst()
            }
        } catch {
            for page in staged { page.discard() }
            throw error
        }
    }
}

extension Site.File {
    /// Pages stand beside each other; what they use lies in folders.
    fileprivate var isPage: Bool { Publication.folder(of: path) == nil }
}

/// The record of what a site wrote into a directory.
enum Publication {
    static let recordName = ".likeness-site.json"

    struct Record: Codable {
        var files: [String]
        /// Over the origin and the bytes of all files; nil while a publication is under way.
        var seal: Digest?
    }

    static func root(_ directory: String) -> String {
        directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    }

    static func record(in root: String) -> Record? {
        guard let bytes = try? Files.read(root + "/" + recordName) else { return nil }
        return try? JSONDecoder().decode(Record.self, from: Data(bytes))
    }

    /// The files of the last publication; none when there was none or its record is damaged.
    ///
    /// Names that could lead out of the directory are ignored: the record decides what is deleted.
    static func read(in root: String) -> Set<String> { Set((record(in: root)?.files ?? []).filter(isOwn)) }

    /// The digest of an origin and of the files as they are now; nil when one cannot be read.
    static func seal(_ origin: Digest, _ names: [String], in root: String) -> Digest? {
        var text = origin.hex + "\n"
        for name in names {
            guard isOwn(name), let bytes = try? Files.read(root + "/" + name) else { return nil }
            text += "\(name) \(Digest(of: bytes).hex)\n"
        }
        return Digest(of: Array(text.utf8))
    }

    static func write(
        _ names: Set<String>, seal: Digest? = nil, in root: String, _ operations: FileOperations
    ) throws(FileError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(Record(files: names.sorted(), seal: seal)) else { return }
        let bytes = Array(data) + [UInt8(ascii: "\n")]
        let path = root + "/" + recordName
        if (try? Files.read(path)) == bytes { return }
        try Files.write(bytes, to: path, syncsFolder: false, with: operations)
    }

    /// A file beside its place, to be committed; nil when these bytes are there already.
    static func stage(_ file: Site.File, in root: String, _ operations: FileOperations) throws(FileError) -> StagedFile? {
        let path = root + "/" + file.path
        if (try? Files.read(path)) == file.bytes { return nil }
        return try Files.stage(file.bytes, for: path, with: operations)
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
