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
        return try read(descriptor, path, limit: limit)
    }

    /// The same of an open file, which `path` only names.
    static func read(_ descriptor: Int32, _ path: String, limit: Int) throws(FileError) -> [UInt8] {
        let size = try regularSize(of: descriptor, path, limit: limit)
        // One byte more than the size, so that a file that grew meanwhile is noticed.
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
            do throws(FileError) {
                count = try fill(UnsafeMutableRawBufferPointer(buffer), from: descriptor, path)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        guard bytes.count == size else { throw changedItsLength(path) }
        return bytes
    }

    /// Hands over the bytes of the regular file at `path` a piece at a time, in memory that does not grow with the file.
    ///
    /// - Parameters:
    ///   - piece: the most bytes that are handed over at once.
    ///   - take: what it is given is gone when it returns.
    /// - Throws: `FileError` as `read` does.
    package static func stream(
        _ path: String, piece: Int = 1 << 20, _ take: (UnsafeRawBufferPointer) -> Void
    ) throws(FileError) {
        guard !path.utf8.contains(0) else {
            throw FileError(.unreadable, path, "the path contains a zero byte; correct the path")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .last(.unreadable, path, "cannot be opened") }
        defer { close(descriptor) }
        let size = try regularSize(of: descriptor, path, limit: .max - 1)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(piece, size + 1), alignment: 64)
        defer { buffer.deallocate() }
        var done = 0
        while true {
            let count = try fill(buffer, from: descriptor, path)
            take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            done += count
            guard count == buffer.count, done <= size else { break }
        }
        guard done == size else { throw changedItsLength(path) }
    }

    private static func regularSize(of descriptor: Int32, _ path: String, limit: Int) throws(FileError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .last(.unreadable, path, "cannot be examined") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(.notAFile, path, "is not a regular file; name a file")
        }
        let size = Int(status.st_size)
        guard size <= limit else {
            throw FileError(.tooLarge, path, "\(size) bytes are more than \(limit >> 20) MB; use a smaller file")
        }
        return size
    }

    private static func changedItsLength(_ path: String) -> FileError {
        FileError(.unreadable, path, "changed its length while it was read; try again")
    }

    /// Reads until the buffer is full or the file ends.
    private static func fill(
        _ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32, _ path: String
    ) throws(FileError) -> Int {
        var count = 0
        while count < buffer.count {
            let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            if got > 0 {
                count += got
            } else if got == 0 {
                break
            } else if errno != EINTR {
                throw .last(.unreadable, path, "cannot be read")
            }
        }
        return count
    }

    /// Whether anything stands under that name, a broken link included.
    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Whether certainly nothing stands under that name; false where that cannot be told.
    package static func isMissing(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR)
    }

    package static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
