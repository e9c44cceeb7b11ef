import Files
import Foundation

/// What an unfinished step has done so far, and the stamps of the data from which it did.
struct Scratch {
    /// The step's own; not there until the step creates it.
    let folder: String
    private let record: String
    private let operations: FileOperations

    init(of key: Digest, in store: Store) {
        folder = store.scratchFolder(key)
        record = folder + ".data"
        operations = store.operations
    }

    /// Notes from which data the step works. What an earlier run left is thrown away when somebody touched the data
    /// since then: the run may have been killed after it had read other bytes than the key stands for.
    ///
    /// - Returns: whether something was thrown away.
    func begin(stamps: String) throws -> Bool {
        guard !stamps.isEmpty else { return false }
        let bytes = Array(stamps.utf8)
        let before = try? Files.read(record)
        guard before != bytes else { return false }
        let isTouched = before != nil && Files.exists(folder)
        remove()
        try Files.write(bytes, to: record, with: operations)
        return isTouched
    }

    func remove() {
        if Files.exists(folder) { try? FileManager.default.removeItem(atPath: folder) }
        unlink(record)
    }
}
