import Files
import Foundation

/// Lets one build at a time use a store; another one waits, then finds the work done.
///
/// The lock is `flock` on an open file: it goes with the process, however that ends.
package final class BuildLock: Sendable {
    private let descriptor: Int32

    /// Waits for the lock; `onWait` is called once when another build holds it.
    package init(store: Store, checkInterruption: () throws -> Void, onWait: () -> Void) throws {
        try Files.makeFolder(store.folder)
        let path = store.folder + "/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw StoreError(path: path, message: "cannot be opened: \(String(cString: strerror(errno)))")
        }
        var told = false
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw StoreError(path: path, message: "cannot be locked: \(String(cString: strerror(errno)))")
            }
            if !told { onWait() }
            told = true
            try checkInterruption()
            usleep(50_000)  // between two polls of a lock that has no queue to wait in
        }
    }

    deinit { close(descriptor) }
}
