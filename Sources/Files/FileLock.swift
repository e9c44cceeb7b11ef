import Glibc

/// An exclusive lock on a file or folder, held while the value lives.
///
/// `flock` on a descriptor of its own: it goes with the process, however that ends.
package final class FileLock: Sendable {
    private let descriptor: Int32

    /// Waits for the lock on `path`, a folder or a file that is created when missing.
    ///
    /// - Parameter whileWaiting: called about twenty times a second while another process holds the lock; throws to
    ///   give up.
    package init(
        _ path: String, with operations: FileOperations = .system, whileWaiting: () throws -> Void = {}
    ) throws {
        let flags = Files.isFolder(path) ? O_RDONLY | O_DIRECTORY : O_RDWR | O_CREAT
        descriptor = operations.open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError.last(.unwritable, path, "cannot be opened") }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw FileError.last(.unwritable, path, "cannot be locked")
            }
            try whileWaiting()
            usleep(50_000)  // flock has no wait that can be given up
        }
    }

    deinit { close(descriptor) }
}
