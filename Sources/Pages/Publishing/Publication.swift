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
    /// Files that the site did not write stay: a page goes, or is replaced, only while it holds the very bytes that were
    /// written, by the digest in the record, and a picture only while its name is that of its content. What is no regular
    /// file, or somebody's own page under a page's name, is an error before anything is written. Files whose content is
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

    /// Whether a report can be published there, as far as that can be told before there is one.
    ///
    /// - Throws: `FileError` for a place that cannot be written, and for a first page or a record that is not ours.
    package static func tryPlace(_ directory: String) throws(FileError) {
        let root = Publication.root(directory)
        var place = root
        while Files.isMissing(place), place != "/", place != "." { place = Files.folder(of: place) }
        guard Files.isFolder(place) else {
            guard access(place, F_OK) == 0 else { throw .last(.unwritable, place, "cannot be reached") }
            throw FileError(.unwritable, place, "is in the way: it is not a folder; move it away")
        }
        guard access(place, W_OK | X_OK) == 0 else { throw .last(.unwritable, place, "cannot be written") }
        guard place == root else { return }
        try Publication.refuseForeign("index.html", bytes: nil, try Publication.read(in: root), in: root)
    }

    /// Whether the directory holds, to the byte, what was last published there from this origin.
    ///
    /// Reads every file of the site. O(bytes).
    package static func isPublished(from origin: Digest, in directory: String) -> Bool {
        let root = Publication.root(directory)
        guard let record = Publication.record(in: root), let seal = record.seal, !record.files.isEmpty else {
            return false
        }
        return seal == Publication.seal(origin, record.files.keys.sorted(), in: root)
    }

    /// Whether a whole report stands there: one whose results are all there, or failed.
    package static func isWhole(in directory: String) -> Bool {
        guard let record = Publication.record(in: Publication.root(directory)) else { return false }
        return !record.files.isEmpty && record.isUnfinished != true
    }

    /// Whether a report stands there whose results were still to come.
    package static func isUnfinished(in directory: String) -> Bool {
        Publication.record(in: Publication.root(directory))?.isUnfinished == true
    }

    private func replace(in root: String, _ origin: Digest?, _ operations: FileOperations) throws(FileError) {
        let previous = try Publication.read(in: root)
        let written = Dictionary(
            files.map { ($0.path, [Digest(of: $0.bytes)]) }, uniquingKeysWith: { first, _ in first })
        for file in files { try Publication.refuseForeign(file.path, bytes: file.bytes, previous, in: root) }

        let either = previous.merging(written) { before, now in before + now.filter { !before.contains($0) } }
        // Until the last page of a whole report is in its place, an unfinished one stands there.
        let wasUnfinished = Publication.record(in: root)?.isUnfinished == true
        try Publication.write(either, isUnfinished: isUnfinished || wasUnfinished, in: root, operations)
        try Files.sync(folder: root, with: operations)
        let folders = Set(files.compactMap { Publication.folder(of: $0.path) }).sorted()
        for folder in folders { try Files.makeFolder(root + "/" + folder, with: operations) }

        for file in files where !file.isPage {
            try Publication.stage(file, in: root, operations)?.commit(with: operations)
        }
        for folder in folders { try Files.sync(folder: root + "/" + folder, with: operations) }
        try replacePages(in: root, operations)
        try Files.sync(folder: root, with: operations)

        if let own = try OwnFolder(root, followsLink: true, with: operations) {
            try own.remove(previous.filter { written[$0.key] == nil })
            try own.sweep(either)
        }
        let seal = origin.flatMap { Publication.seal($0, written.keys.sorted(), in: root) }
        try Publication.write(written, seal: seal, isUnfinished: isUnfinished, in: root, operations)
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
        /// What was written under each name; while a publication is under way, also what was there before. A record of old
        /// names files only.
        var files: [String: [Digest]]
        /// Over the origin and the bytes of all files; nil while a publication is under way.
        var seal: Digest?
        /// Whether results were still to come; nil for a whole report.
        var isUnfinished: Bool?

        init(files: [String: [Digest]], seal: Digest?, isUnfinished: Bool) {
            (self.files, self.seal) = (files, seal)
            self.isUnfinished = isUnfinished ? true : nil
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            if let names = try? container.decode([String].self, forKey: .files) {
                files = Dictionary(names.map { ($0, []) }, uniquingKeysWith: { first, _ in first })
            } else {
                files = try container.decode([String: [Digest]].self, forKey: .files)
            }
            seal = try container.decodeIfPresent(Digest.self, forKey: .seal)
            isUnfinished = try container.decodeIfPresent(Bool.self, forKey: .isUnfinished)
        }
    }

    static func root(_ directory: String) -> String {
        directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    }

    static func record(in root: String) -> Record? {
        guard let bytes = try? Files.read(root + "/" + recordName, limit: recordBytes) else { return nil }
        return try? JSONDecoder().decode(Record.self, from: Data(bytes))
    }

    /// The files of the last publication; none when there was none or its record is damaged.
    ///
    /// Names that could lead out of the directory are ignored.
    ///
    /// - Throws: `FileError` when the record is there and no file that can be read.
    static func read(in root: String) throws(FileError) -> [String: [Digest]] {
        let path = root + "/" + recordName
        if Files.isMissing(path) { return [:] }
        try refuseIrregular(path)
        _ = try Files.read(path, limit: recordBytes)
        return (record(in: root)?.files ?? [:]).filter { isOwn($0.key) }
    }

    /// The digest of an origin and of the files as they are now; nil when one cannot be read.
    static func seal(_ origin: Digest, _ names: [String], in root: String) -> Digest? {
        var text = origin.hex + "\n"
        for name in names {
            guard isOwn(name), let digest = try? Digest(contentsOf: root + "/" + name) else { return nil }
            text += "\(name) \(digest.hex)\n"
        }
        return Digest(of: Array(text.utf8))
    }

    static func write(
        _ files: [String: [Digest]], seal: Digest? = nil, isUnfinished: Bool, in root: String,
        _ operations: FileOperations
    ) throws(FileError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(Record(files: files, seal: seal, isUnfinished: isUnfinished)) else {
            return
        }
        let bytes = Array(data) + [UInt8(ascii: "\n")]
        let path = root + "/" + recordName
        if holds(path, bytes) { return }
        try Files.write(bytes, to: path, syncsFolder: false, with: operations)
    }

    /// A file beside its place, to be committed; nil when these bytes are there already.
    static func stage(_ file: Site.File, in root: String, _ operations: FileOperations) throws(FileError) -> StagedFile?
    {
        let path = root + "/" + file.path
        if holds(path, file.bytes) { return nil }
        return try Files.stage(file.bytes, for: path, with: operations)
    }

    /// A page may replace only what the record knows as ours and nobody changed since. Names made from content are ours.
    ///
    /// - Parameter new: what is to stand there; nil while it is not known.
    static func refuseForeign(
        _ name: String, bytes new: [UInt8]?, _ previous: [String: [Digest]], in root: String
    ) throws(FileError) {
        let path = root + "/" + name
        guard !Files.isMissing(path) else { return }
        try refuseIrregular(path)
        guard folder(of: name) == nil else { return }
        if let new, holds(path, new) { return }
        let remedy = "move it away or choose another output directory"
        let written = previous[name]
        if let written, !written.isEmpty {
            if written.contains(try Digest(contentsOf: path)) { return }
            throw FileError(.unwritable, path, "was changed since this report was published; \(remedy)")
        }
        guard try isPage(RandomAccessFile(path)) else {
            throw FileError(.unwritable, path, "is not a page of this report; \(remedy)")
        }
        // A record of old says no more than that.
        guard written != nil else {
            throw FileError(.unwritable, path, "is a page that \(recordName) beside it does not know of; \(remedy)")
        }
    }

    /// Writing through a link would change a file elsewhere, and replacing it would lose the link.
    private static func refuseIrregular(_ path: String) throws(FileError) {
        guard Files.isLink(path) || Files.kind(of: path) != .file else { return }
        throw FileError(.unwritable, path, "is not a regular file; move it away or choose another output directory")
    }

    /// Pages say in their head who wrote them.
    static func isPage(_ bytes: [UInt8]) -> Bool {
        String(decoding: bytes.prefix(2000), as: UTF8.self).contains("content=\"Likeness\"")
    }

    private static func isPage(_ file: RandomAccessFile) throws(FileError) -> Bool {
        isPage(try file.read(at: 0, count: min(file.size, 2000)))
    }

    /// Whether a file holds these bytes; one of another length is not read.
    private static func holds(_ path: String, _ bytes: [UInt8]) -> Bool {
        Files.stamp(of: path)?.size == Int64(bytes.count) && (try? Files.read(path, limit: bytes.count)) == bytes
    }

    /// What the record may take; far more than that of any report.
    private static let recordBytes = 64 << 20

    /// Whether a file in a folder has the name that is made from these bytes: `images/3f….jpg`, `assets/style-1a2b3c4d.css`.
    static func isNamed(_ name: String, byContent bytes: [UInt8]) -> Bool {
        guard let folder = folder(of: name), let dot = name.lastIndex(of: ".") else { return false }
        let stem = name[..<dot].dropFirst(folder.count + 1)
        let mark = stem.split(separator: "-", omittingEmptySubsequences: false).last ?? ""
        return mark.utf8.count >= 8 && Digest(of: bytes).hex.hasPrefix(mark)
    }

    static func folder(of path: String) -> String? { path.lastIndex(of: "/").map { String(path[..<$0]) } }

    static func isOwn(_ name: String) -> Bool {
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

extension OwnFolder {
    /// Removes what no page uses any more, if it still holds the bytes that were written; then folders that are empty.
    fileprivate func remove(_ files: [String: [Digest]]) throws(FileError) {
        var names: [String: Set<String>] = [:]
        for folder in Set(files.keys.map { Publication.folder(of: $0) ?? "" }) { names[folder] = try fileNames(folder) }
        for (name, digests) in files.sorted(by: { $0.key < $1.key }) {
            let folder = Publication.folder(of: name) ?? ""
            guard names[folder]?.contains(name) == true else { continue }
            let bytes = try read(name)
            let isOurs =
                folder.isEmpty
                ? digests.contains(Digest(of: bytes)) && Publication.isPage(bytes)
                : Publication.isNamed(name, byContent: bytes)
            if isOurs { try remove(name) }
        }
        for folder in names.keys.sorted() where !folder.isEmpty && names[folder]?.isEmpty == false {
            try removeFolder(folder)
        }
    }

    /// Removes what an interrupted publication left half written of its files. The caller holds the lock: nobody else is
    /// writing.
    fileprivate func sweep(_ files: [String: [Digest]]) throws(FileError) {
        for folder in ["", "assets", "images"] {
            for name in try fileNames(folder) {
                guard let target = StagedFile.target(of: name) else { continue }
                if files[target] != nil || target == Publication.recordName { try remove(name) }
            }
        }
    }

    /// The regular files of a folder, as the record names them; none behind a link.
    private func fileNames(_ folder: String) throws(FileError) -> Set<String> {
        if !folder.isEmpty, Files.isLink(path + "/" + folder) { return [] }
        return Set(
            try entries(folder).filter { $0.kind == .file }.map { folder.isEmpty ? $0.name : folder + "/" + $0.name })
    }
}
