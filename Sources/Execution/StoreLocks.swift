import Files
import Foundation

/// Who may do what with a store at once.
///
/// All locks are bytes of one empty file: byte 0 is shared by the builds that use the store, byte 1 + n by whoever
/// computes the key that begins with the number n, and collection takes the whole file. Two keys that begin alike to 62
/// bits would wait for each other, no more.
extension Store {
    private var lockPath: String { folder + "/lock" }

    /// Says that a build uses the store, while the value lives: nothing is collected.
    func lockForBuild(whileWaiting: () throws -> Void) throws -> RangeLock {
        try Files.makeFolder(folder, with: operations)
        return try RangeLock(lockPath, .byte(0), shared: true, with: operations, whileWaiting: whileWaiting)
    }

    /// The right to compute a key: others with the same key wait, and then find the result.
    func lock(_ key: Digest, whileWaiting: () throws -> Void) throws -> RangeLock {
        let number = key.bytes.prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) } & (1 << 62 - 1)
        return try RangeLock(lockPath, .byte(1 + number), with: operations, whileWaiting: whileWaiting)
    }

    /// The store for its holder alone.
    package func lockForCollection(whileWaiting: () throws -> Void) throws -> RangeLock {
        try Files.makeFolder(folder, with: operations)
        return try RangeLock(lockPath, .all, with: operations, whileWaiting: whileWaiting)
    }

    /// Removes what killed builds left half written, unless another build is at work: then these may be its files.
    ///
    /// Nothing behind links is removed, and nothing that is not of a store's making.
    func sweep() throws {
        struct Busy: Error {}
        if Files.isLink(folder) { return }
        do {
            let lock = try RangeLock(lockPath, .all, with: operations) { throw Busy() }
            defer { withExtendedLifetime(lock) {} }
            guard let own = try own() else { return }
            let inventory = try Inventory(of: own)
            for part in inventory.parts { try own.remove(part.path) }
            // A build that ended between its last two writes left what its result no longer needs.
            let finished = Set(inventory.manifests.map(\.name))
            for step in inventory.unfinished where finished.contains(step.key.hex) { try own.remove(step) }
        } catch is Busy {}
    }
}
