import Glibc

/// A file operation that failed, with the path it concerns.
package struct PublishError: Error, Sendable, Hashable, CustomStringConvertible {
    package var path: String
    /// What was tried, and why it failed: `cannot write: No space left on device`.
    package var reason: String

    package var description: String { "\(path): \(reason)" }

    init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    /// From `errno`, right after the failed call.
    static func last(_ path: String, _ verb: String) -> PublishError {
        PublishError(path, "cannot \(verb): \(String(cString: strerror(errno)))")
    }
}

/// Files that are either the old version or the new one, whenever the machine stops.
enum DurableFile {
    /// What the names of unfinished files end with.
    static let unfinished = ".likeness-part"

    /// Writes a temporary file beside `path`, syncs it, renames it into place.
    ///
    /// The directory is not synced here: the caller does it once for many files.
    static func write(_ bytes: [UInt8], to path: String) throws(PublishError) {
        let temporary = path + unfinished
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw .last(temporary, "create") }
        do throws(PublishError) {
            try fill(descriptor, with: bytes, temporary)
            guard fsync(descriptor) == 0 else { throw .last(temporary, "sync") }
        } catch {
            close(descriptor)
            unlink(temporary)
            throw error
        }
        close(descriptor)
        guard rename(temporary, path) == 0 else {
            let error = PublishError.last(path, "replace")
            unlink(temporary)
            throw error
        }
    }

    private static func fill(_ descriptor: Int32, with bytes: [UInt8], _ path: String) throws(PublishError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count > 0 {
                written += count
            } else if count < 0, errno == EINTR {
                continue
            } else {
                throw .last(path, "write")
            }
        }
    }

    /// The file's bytes; nil when there is none or it cannot be read as a file.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                return nil
            }
            bytes += buffer[..<count]
        }
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    static func makeDirectory(_ path: String) throws(PublishError) {
        if mkdir(path, 0o755) == 0 || errno == EEXIST {
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                throw PublishError(path, "is in the way: it is not a directory")
            }
            return
        }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw .last(path, "create")
        }
        try makeDirectory(String(path[..<slash]))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .last(path, "create") }
    }

    /// Runs `body` while no other process holds the directory's lock; waits for it.
    static func holdingLock<Result>(
        of path: String, _ body: () throws(PublishError) -> Result
    ) throws(PublishError) -> Result {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last(path, "open") }
        defer { close(descriptor) }  // and with it the lock
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw .last(path, "lock") }
        }
        return try body()
    }

    static func syncDirectory(_ path: String) throws(PublishError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last(path, "open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .last(path, "sync") }
    }
}
