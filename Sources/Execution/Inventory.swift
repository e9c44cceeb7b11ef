import Files

/// What lies in a store, told apart by the names and kinds that a store makes itself. Whatever else lies there is
/// somebody's: it is named, and never removed.
struct Inventory {
    struct File: Hashable {
        /// Relative to the store: `objects/ab/ab12…`.
        var path: String
        var size: Int

        var name: String { path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path }
    }

    /// What an unfinished step left.
    struct Unfinished {
        var key: Digest
        /// What it has done so far, and the record of the data from which it did.
        var files: [File] = []
        /// Its own folder, if that is there.
        var folder: String?
    }

    var objects: [File] = []
    var manifests: [File] = []
    var latest: [File] = []
    var pins: [File] = []
    var unfinished: [Unfinished] = []
    /// Half-written files of interrupted writes.
    var parts: [File] = []
    /// Names, or kinds under these names, that no store makes.
    var foreign: [String] = []
    /// Folders of the store that are links, with all that lies behind them.
    var linked: [String] = []
    /// Names of ours under which no regular file stands, where a file says what is kept: what it would say is not known.
    var misplaced: [String] = []

    /// Reads every name. O(n log n).
    ///
    /// - Parameter followsLinks: to look at what lies behind links too, and never to remove it.
    /// - Throws: `FileError` when a folder cannot be read: nobody knows what lies there then.
    init(of own: OwnFolder, followsLinks: Bool = false) throws(FileError) {
        var links: Set<String> = []
        for entry in try own.entries() {
            switch entry.name {
            case "objects", "results", "latest", "pins", "failures", "scratch", "digests":
                if entry.kind == .link { links.insert(entry.name) }
            case "lock": continue
            default: foreign.append(entry.name)
            }
        }
        func read(_ folder: String) throws(FileError) -> [OwnFolder.Entry] {
            if links.contains(folder), !followsLinks { return [] }
            return try own.entries(folder, followsLinks: followsLinks)
        }
        for entry in try read("objects") {
            let isPrefix = entry.name.utf8.count == 2 && Digest(hex: String(repeating: entry.name, count: 32)) != nil
            guard isPrefix, entry.kind == .folder || entry.kind == .link else {
                foreign.append("objects/" + entry.name)
                continue
            }
            let folder = "objects/" + entry.name
            if entry.kind == .link { links.insert(folder) }
            let found = sort(try read(folder), in: folder) { $0.hasPrefix(entry.name) && Digest(hex: $0) != nil }
            objects += found
        }
        let isKey = { (name: String) in Digest(hex: name) != nil }
        let isRecord = { (name: String) in name.hasSuffix(".json") }
        manifests = records(try read("results"), in: "results", followsLinks, isKey)
        latest = records(try read("latest"), in: "latest", followsLinks, isRecord)
        pins = records(try read("pins"), in: "pins", followsLinks, isKey)
        _ = sort(try read("failures"), in: "failures", isRecord)
        // A cache: a store does without it.
        _ = sort((try? read("digests")) ?? [], in: "digests", isKey)
        try sortScratch(try read("scratch"), read)
        linked = links.sorted()
    }

    /// Keeps the files of a folder whose names a store makes; tells half-written and foreign ones apart.
    private mutating func sort(_ entries: [OwnFolder.Entry], in folder: String, _ isOwn: (String) -> Bool) -> [File] {
        var own: [File] = []
        for entry in entries {
            let file = File(path: folder + "/" + entry.name, size: entry.size)
            if entry.kind == .file, isOwn(entry.name) {
                own.append(file)
            } else if entry.kind == .file, StagedFile.target(of: entry.name).map(isOwn) == true {
                parts.append(file)
            } else {
                foreign.append(file.path)
            }
        }
        return own
    }

    /// As `sort`, for files that say what is kept. Who only looks takes whatever has such a name, and learns what it is when
    /// it is read.
    private mutating func records(
        _ entries: [OwnFolder.Entry], in folder: String, _ followsLinks: Bool, _ isOwn: (String) -> Bool
    ) -> [File] {
        let others = entries.filter { $0.kind != .file && isOwn($0.name) }
        let files = others.map { File(path: folder + "/" + $0.name, size: $0.size) }
        misplaced += files.map(\.path)
        let rest = entries.filter { $0.kind == .file || !isOwn($0.name) }
        return sort(rest, in: folder, isOwn) + (followsLinks ? files : [])
    }

    private mutating func sortScratch(
        _ entries: [OwnFolder.Entry], _ read: (String) throws(FileError) -> [OwnFolder.Entry]
    ) throws(FileError) {
        var steps: [Digest: Unfinished] = [:]
        let records = sort(entries.filter { $0.kind != .folder }, in: "scratch") { Scratch.key(ofRecord: $0) != nil }
        for record in records {
            guard let key = Scratch.key(ofRecord: record.name) else { continue }
            steps[key, default: Unfinished(key: key)].files.append(record)
        }
        for entry in entries where entry.kind == .folder {
            let folder = "scratch/" + entry.name
            guard let key = Digest(hex: entry.name) else {
                foreign.append(folder)
                continue
            }
            var step = steps[key] ?? Unfinished(key: key)
            step.folder = folder
            step.files += sort(try read(folder), in: folder, Scratch.isMade)
            steps[key] = step
        }
        unfinished = steps.values.sorted { $0.key < $1.key }
    }
}

extension OwnFolder {
    /// Removes what an unfinished step left; what it did not make stays, and its folder with it.
    func remove(_ step: Inventory.Unfinished) throws(FileError) {
        for file in step.files { try remove(file.path) }
        if let folder = step.folder { try removeFolder(folder) }
    }
}
