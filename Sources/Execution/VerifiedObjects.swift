import Files
import Synchronization

/// Objects of a store that have been read and found sound, by their stamps: a hit looks at the stamps of what it names
/// and reads only objects that changed since, or that had changed within two seconds before they were read.
///
/// Whoever takes bytes from the store still has them checked against their digest; this only spares reading what nobody
/// wants to see.
final class VerifiedObjects: Sendable {
    private let store: Store
    private let state: Mutex<State>

    private struct State {
        var stamps: [Digest: Files.Stamp] = [:]
        var isChanged = false
    }

    /// What earlier builds verified.
    init(of store: Store) {
        self.store = store
        let manifest = DigestManifest(contentsOf: store.digestCache, for: store.folder + "/objects")
        state = Mutex(State(stamps: manifest?.stamps ?? [:]))
    }

    /// - Throws: `StoreError` or `FileError` for an object that is missing or damaged.
    func check(_ digest: Digest) throws {
        let moment = store.now()
        let stamp = Files.stamp(of: store.objectPath(digest))
        if let stamp, state.withLock({ $0.stamps[digest] == stamp }) { return }
        try store.check(digest)
        state.withLock {
            $0.isChanged = true
            $0.stamps[digest] = stamp?.isSettled(at: moment) == true ? stamp : nil
        }
    }

    /// Remembers what this build verified. A cache that cannot be written costs time, nothing else.
    func save() {
        let stamps = state.withLock { $0.isChanged ? $0.stamps : nil }
        guard let stamps else { return }
        let files = stamps.map { ($0.key, DataListing.File(name: $0.key.hex, stamp: $0.value)) }.sorted { $0.0 < $1.0 }
        try? DigestManifest.write(
            Digest(of: []), files.map(\.1), files.map(\.0), settledAt: .max, to: store.digestCache,
            for: store.folder + "/objects", with: store.operations)
    }
}
