import Files

/// What an unfinished step has done so far, and the stamps of the data from which it did.
struct Scratch {
    /// The step's own; not there until the step creates it.
    let folder: String
    private let record: String
    private let key: Digest
    private let store: Store

    init(of key: Digest, in store: Store) {
        folder = store.scratchFolder(key)
        record = folder + Self.recordEnding
        self.key = key
        self.store = store
    }

    private static let recordEnding = ".data"

    /// The key of the unfinished step whose record has this name.
    static func key(ofRecord name: String) -> Digest? {
        name.hasSuffix(recordEnding) ? Digest(hex: String(name.dropLast(recordEnding.count))) : nil
    }

    /// Whether steps leave files of that name: journals and the states of a training. Only these are ever removed.
    static func isMade(_ name: String) -> Bool {
        name == "outcomes" || name.hasSuffix(".rows") || (name.hasPrefix("training-") && name.hasSuffix(".safetensors"))
    }

    /// Notes from which data the step works. What an earlier run left is thrown away when somebody touched the data
    /// since then: the run may have been killed after it had read other bytes than the key stands for.
    ///
    /// - Returns: whether something was thrown away.
    func begin(stamps: String) throws -> Bool {
        guard !stamps.isEmpty else { return false }
        let bytes = Array(stamps.utf8)
        let before = try? Files.read(record, limit: 1 << 30)
        guard before != bytes else { return false }
        let isTouched = before != nil && Files.exists(folder)
        try remove()
        try Files.write(bytes, to: record, with: store.operations)
        return isTouched
    }

    func remove() throws(FileError) {
        guard !Files.isMissing(folder) || !Files.isMissing(record), let own = try store.own(followsLink: true) else {
            return
        }
        let name = "scratch/" + key.hex
        var step = Inventory.Unfinished(key: key, files: [.init(path: name + Self.recordEnding, size: 0)], folder: name)
        for entry in try own.entries(name) where entry.kind == .file {
            guard Self.isMade(entry.name) || StagedFile.target(of: entry.name).map(Self.isMade) == true else {
                continue
            }
            step.files.append(.init(path: name + "/" + entry.name, size: entry.size))
        }
        try own.remove(step)
    }
}
