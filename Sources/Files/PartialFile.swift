import Glibc

/// The beginning of a file that is being fetched, open for more.
///
/// Only a regular file of its name is taken up; links are not followed, and pipes not waited for.
final class PartialFile: Sendable {
    let path: String
    private let descriptor: Int32
    private let operations: FileOperations

    init(_ path: String, with operations: FileOperations = .system) throws(FileError) {
        let kind = Files.exists(path) && (Files.isLink(path) || Files.kind(of: path) != .file)
        let irregular = FileError(.notAFile, path, "is in the way: it is not a regular file; move it away")
        guard !kind else { throw irregular }
        descriptor = operations.open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw .last(.unwritable, path, "cannot be written") }
        self.path = path
        self.operations = operations
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw irregular }
        guard status.st_nlink == 1 else {
            throw FileError(.notAFile, path, "has another name too, and would be written there as well; move it away")
        }
    }

    deinit { Glibc.close(descriptor) }

    /// In bytes.
    var size: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Keeps the first `size` bytes; what is appended comes behind them.
    func cut(to size: Int) throws(FileError) {
        guard ftruncate(descriptor, off_t(size)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
            throw .last(.unwritable, path, "cannot be cut")
        }
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = operations.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[written...]))
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                throw .last(.unwritable, path, "cannot be written")
            }
        }
    }

    /// Makes what was appended durable.
    func sync() throws(FileError) {
        guard operations.sync(descriptor) == 0 else { throw .last(.unwritable, path, "cannot be synced") }
    }

    func commit(to target: String) throws(FileError) {
        guard operations.rename(path, target) == 0 else { throw .last(.unwritable, target, "cannot be replaced") }
        try Files.sync(folder: Files.folder(of: target), with: operations)
    }

    func remove() { unlink(path) }
}
