import Glibc

/// A lock on one byte of a file or on all of it, held while the value lives.
///
/// An open-file-description lock: one file serves any number of locks, nothing is left behind when they go, two threads
/// of one process exclude each other too, and it goes with the process, however that ends.
package final class RangeLock: Sendable {
    package enum Extent: Sendable, Hashable {
        case all
        /// From 0 on; the file need not be that long.
        case byte(Int64)
    }

    private let descriptor: Int32

    /// Takes the lock, or waits for it.
    ///
    /// - Parameters:
    ///   - path: a file that is created when missing.
    ///   - shared: whether others may hold the same range, if shared too.
    ///   - whileWaiting: called about twenty times a second while somebody else holds the lock; throws to give up.
    package init(
        _ path: String, _ extent: Extent, shared: Bool = false, with operations: FileOperations = .system,
        whileWaiting: () throws -> Void
    ) throws {
        descriptor = operations.open(path, O_RDWR | O_CREAT | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError.last(.unwritable, path, "cannot be opened") }
        var range = flock()
        range.l_type = Int16(shared ? F_RDLCK : F_WRLCK)
        range.l_whence = Int16(SEEK_SET)
        if case .byte(let position) = extent {
            range.l_start = off_t(position)
            range.l_len = 1
        }
        while fcntl(descriptor, Self.setLock, &range) != 0 {
            guard errno == EAGAIN || errno == EACCES || errno == EINTR else {
                throw FileError.last(.unwritable, path, "cannot be locked")
            }
            try whileWaiting()
            usleep(50_000)  // the waiting call cannot be given up
        }
    }

    deinit { close(descriptor) }

    /// `F_OFD_SETLK`, which the importer leaves out.
    private static let setLock: Int32 = 37
}
