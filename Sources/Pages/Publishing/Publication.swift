import Files
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
    /// - Parameters:
    ///   - origin: the digest of all that the site was made from, remembered for `isPublished`.
    ///   - book: whose pages these are; another book's are not replaced by them.
    package func publish(
        to directory: String, origin: Digest? = nil, book: BookPlace? = nil, with operations: FileOperations = .system
    ) throws {
        let root = Publication.root(directory)
        try Files.makeFolder(root, with: operations)
        let lock = try FileLock(root, with: operations)
        defer { withExtendedLifetime(lock) {} }
        try replace(in: root, origin, book, operations)
    }

    /// Whether a report can be published there, as far as that can be told before there is one.
    ///
    /// - Throws: `FileError` for a place that cannot be written, for a first page or a record that is not ours, and for the
    ///   pages of another book.
    package static func tryPlace(_ directory: String, for book: BookPlace? = nil) throws(FileError) {
        let root = Publication.root(directory)
        var place = root
        while Files.isMissing(place), place != "/", place != "." { place = Files.folder(of: place) }
        guard Files.isFolder(place) else {
            guard access(place, F_OK) == 0 else { throw .last(.unwritable, place, "cannot be reached") }
            throw FileError(.unwritable, place, "is in the way: it is not a folder; move it away")
        }
        guard access(place, W_OK | X_OK) == 0 else { throw .last(.unwritable, place, "cannot be written") }
        guard place == root else { return }
        let record = try Publication.read(in: root)
        try Publication.refuseForeign("index.html", bytes: nil, record?.files ?? [:], in: root)
        try book?.refuse(record?.book, in: root)
    }

    /// Whether the directory holds, to the byte, what was last published there from this origin.
    ///
    /// Reads every file of the site, unless it was made from something else. O(bytes).
    package static func isPublished(from origin: Digest, in directory: String) -> Bool {
        let root = Publication.root(directory)
        guard let record = Publication.record(in: root), record.origin == origin, let seal = record.seal,
            !record.files.isEmpty
        else { return false }
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

    private func replace(
        in root: String, _ origin: Digest?, _ book: BookPlace?, _ operations: FileOperations
    ) throws(FileError) {
        let former = try Publication.read(in: root)
        let wasWhole = former.map { !$0.files.isEmpty && $0.isUnfinished != true } ?? false
        // Whoever had the lock before may have published the whole.
        if isUnfinished, wasWhole { return }
        let previous = former?.files ?? [:]
        try book?.refuse(former?.book, in: root)
        let written = Dictionary(
            files.map { ($0.path, [$0.digest]) }, uniquingKeysWith: { first, _ in first })
        for file in files { try Publication.refuseForeign(file.path, bytes: file.bytes, previous, in: root) }

        let either = previous.merging(written) { before, now in before + now.filter { !before.contains($0) } }
        // Until the last page of a whole report is in its place, an unfinished one stands there.
        let meanwhile = Publication.Record(files: either, book: book, isUnfinished: !wasWhole)
        try Publication.write(meanwhile, in: root, operations)
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
        let record = Publication.Record(
            files: written, origin: origin, seal: seal, book: book, isUnfinished: isUnfinished)
        try Publication.write(record, in: root, operations)
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

extension OwnFolder {
    /// Removes what no page uses any more, if it still holds the bytes that were written; then folders that are empty.
    fileprivate func remove(_ files: [String: [Digest]]) throws(FileError) {
        var names: [String: Set<String>] = [:]
        for folder in Set(files.keys.map { Publication.folder(of: $0) ?? "" }) { names[folder] = try fileNames(folder) }
        for (name, digests) in files.sorted(by: { $0.key < $1.key }) {
            let folder = Publication.folder(of: name) ?? ""
            guard names[folder]?.contains(name) == true else { continue }
            let bytes = try read(name)
            let digest = Digest(of: bytes)
            let isOurs =
                switch folder {
                case "": digests.contains(digest) && Publication.isPage(bytes)
                case ResultFile.folder: digests.contains(digest)
                default: Publication.isNamed(name, by: digest)
                }
            if isOurs { try remove(name) }
        }
        for folder in names.keys.sorted() where !folder.isEmpty && names[folder]?.isEmpty == false {
            try removeFolder(folder)
        }
    }

    /// Removes what an interrupted publication left half written of its files. The caller holds the lock: nobody else is
    /// writing.
    fileprivate func sweep(_ files: [String: [Digest]]) throws(FileError) {
        for folder in ["", "assets", "images", ResultFile.folder] {
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
