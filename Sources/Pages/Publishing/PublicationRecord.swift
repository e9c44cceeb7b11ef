import Files
import Foundation

/// The record of what a site wrote into a directory.
enum Publication {
    static let recordName = ".likeness-site.json"

    struct Record: Codable {
        /// What was written under each name; while a publication is under way, also what was there before. A record of old
        /// names files only.
        var files: [String: [Digest]]
        /// Of what the report was made from, and over it and the bytes of all files; nil while a publication is under way.
        var origin: Digest?
        var seal: Digest?
        /// nil in a record of old.
        var book: BookPlace?
        /// Whether results were still to come; nil for a whole report.
        var isUnfinished: Bool?

        init(
            files: [String: [Digest]], origin: Digest? = nil, seal: Digest? = nil, book: BookPlace?, isUnfinished: Bool
        ) {
            (self.files, self.origin, self.seal, self.book) = (files, origin, seal, book)
            self.isUnfinished = isUnfinished ? true : nil
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            if let names = try? container.decode([String].self, forKey: .files) {
                files = Dictionary(names.map { ($0, []) }, uniquingKeysWith: { first, _ in first })
            } else {
                files = try container.decode([String: [Digest]].self, forKey: .files)
            }
            origin = try container.decodeIfPresent(Digest.self, forKey: .origin)
            seal = try container.decodeIfPresent(Digest.self, forKey: .seal)
            book = try? container.decodeIfPresent(BookPlace.self, forKey: .book)
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

    /// The record of the last publication; nil when there was none or its record is damaged.
    ///
    /// Names that could lead out of the directory are ignored.
    ///
    /// - Throws: `FileError` when the record is there and no file that can be read.
    static func read(in root: String) throws(FileError) -> Record? {
        let path = root + "/" + recordName
        if Files.isMissing(path) { return nil }
        try refuseIrregular(path)
        let bytes = try Files.read(path, limit: recordBytes)
        guard var record = try? JSONDecoder().decode(Record.self, from: Data(bytes)) else { return nil }
        record.files = record.files.filter { isOwn($0.key) }
        return record
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
        _ record: Record, in root: String,
        _ operations: FileOperations
    ) throws(FileError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(record) else { return }
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

    /// A page, or the numbers of a result, may replace only what the record knows as ours and nobody changed since. Names made
    /// from content are ours.
    ///
    /// - Parameter new: what is to stand there; nil while it is not known.
    static func refuseForeign(
        _ name: String, bytes new: [UInt8]?, _ previous: [String: [Digest]], in root: String
    ) throws(FileError) {
        let path = root + "/" + name
        guard !Files.isMissing(path) else { return }
        try refuseIrregular(path)
        let folder = folder(of: name)
        guard folder == nil || folder == ResultFile.folder else { return }
        if let new, holds(path, new) { return }
        let remedy = "move it away or choose another output directory"
        let written = previous[name]
        if let written, !written.isEmpty {
            if written.contains(try Digest(contentsOf: path)) { return }
            throw FileError(.unwritable, path, "was changed since this report was published; \(remedy)")
        }
        guard folder == nil, try isPage(RandomAccessFile(path)) else {
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
        guard Files.stamp(of: path)?.size == Int64(bytes.count), let there = try? Files.read(path, limit: bytes.count)
        else { return false }
        return there.withUnsafeBytes { there in bytes.withUnsafeBytes { areEqual(there, $0) } }
    }

    private static func areEqual(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        guard a.count == b.count else { return false }
        guard let first = a.baseAddress, let second = b.baseAddress else { return true }
        return memcmp(first, second, a.count) == 0
    }

    /// What the record may take; far more than that of any report.
    private static let recordBytes = 64 << 20

    /// Whether a file in a folder has the name that is made from a content of this digest: `images/3f….jpg`, `assets/style-1a2b3c4d.css`.
    static func isNamed(_ name: String, by digest: Digest) -> Bool {
        guard let folder = folder(of: name), let dot = name.lastIndex(of: ".") else { return false }
        let stem = name[..<dot].dropFirst(folder.count + 1)
        let mark = stem.split(separator: "-", omittingEmptySubsequences: false).last ?? ""
        return mark.utf8.count >= 8 && digest.hex.hasPrefix(mark)
    }

    static func folder(of path: String) -> String? { path.lastIndex(of: "/").map { String(path[..<$0]) } }

    static func isOwn(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.contains("\0") }
        guard isPlain else { return false }
        switch parts.count {
        case 1: return name.hasSuffix(".html")
        case 2: return parts[0] == "assets" || parts[0] == "images" || parts[0] == ResultFile.folder
        default: return false
        }
    }
}
