import Glibc

/// Whole files, read and written: `Files.read`, `Files.write`.
package enum Files {}

extension Files {
    /// The bytes of the regular file at `path`, at most `limit` of them. O(n).
    ///
    /// Read, not mapped: a mapped file that someone truncates takes the process down. Pipes and devices are refused,
    /// since they could go on for ever.
    ///
    /// - Throws: `FileError` when there is no such file, it cannot be read, is no regular file, is too large (known before
    ///   memory is taken), or changes its length meanwhile.
    package static func read(_ path: String, limit: Int = 16 << 30) throws(FileError) -> [UInt8] {
        guard !path.utf8.contains(0) else {
            throw FileError(.unreadable, path, "the path contains a zero byte; correct the path")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .last(.unreadable, path, "cannot be opened") }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .last(.unreadable, path, "cannot be examined") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(.notAFile, path, "is not a regular file; name a file")
        }
        let size = Int(status.st_size)
        guard size <= limit else {
            throw FileError(.tooLarge, path, "\(size) bytes are more than \(limit >> 20) MB; use a smaller file")
        }
        // One byte more than the size, so that a file that grew meanwhile is noticed.
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
            while count < buffer.count {
                let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if got > 0 {
                    count += got
                } else if got == 0 {
                    return
                } else if errno != EINTR {
                    failure = .last(.unreadable, path, "cannot be read")
                    return
                }
            }
        }
        if let failure { throw failure }
        guard bytes.count == size else {
            throw FileError(.unreadable, path, "changed its length while it was read; try again")
        }
        return bytes
    }

    /// Whether anything stands under that name, a broken link included.
    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
