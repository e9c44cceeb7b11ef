import Glibc

/// A regular file of which parts are read at any offset, from any thread.
package final class RandomAccessFile: Sendable {
    package let path: String
    /// In bytes, when it was opened.
    package let size: Int
    private let descriptor: Int32

    /// - Throws: `FileError` when it cannot be opened or is no regular file.
    package init(_ path: String) throws(FileError) {
        guard !path.utf8.contains(0) else {
            throw FileError(.unreadable, path, "the path contains a zero byte; correct the path")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .last(.unreadable, path, "cannot be opened") }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileError(.notAFile, path, "is not a regular file; name a file")
        }
        self.path = path
        self.descriptor = descriptor
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// The `count` bytes from `offset` on; the range is checked against `size` before memory is taken. O(count).
    package func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
            throw FileError(.unreadable, path, "ends before byte \(offset) + \(count); is it whole?")
        }
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled))
                if got > 0 {
                    filled += got
                } else if got == 0 {
                    failure = FileError(.unreadable, path, "became shorter while it was read; try again")
                    return
                } else if errno != EINTR {
                    failure = .last(.unreadable, path, "cannot be read")
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }
}
