import Glibc

extension Files {
    /// What the names of unfinished files end with.
    package static let unfinished = ".likeness-part"

    /// Replaces the file at `path` durably: after a power cut it holds the old bytes or the new ones, never a part.
    ///
    /// The bytes go to a new file beside it, which is synced, renamed over it, and the folder is synced. The folder is
    /// created when missing.
    ///
    /// - Parameters:
    ///   - syncsFile: false for files that can be made again; then a power cut may leave an empty one.
    ///   - syncsFolder: false for one of many files, where the caller calls `sync(folder:)` once for all.
    package static func write(
        _ bytes: [UInt8], to path: String, syncsFile: Bool = true, syncsFolder: Bool = true
    ) throws(FileError) {
        let folder = Files.folder(of: path)
        try makeFolder(folder)
        // The process's number keeps two programs apart that write the same file at once.
        let temporary = "\(path).\(getpid())\(unfinished)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw .last(.unwritable, path, "cannot be written") }
        do throws(FileError) {
            try fill(descriptor, with: bytes, path)
            guard !syncsFile || fsync(descriptor) == 0 else { throw .last(.unwritable, path, "cannot be synced") }
        } catch {
            close(descriptor)
            unlink(temporary)
            throw error
        }
        close(descriptor)
        guard rename(temporary, path) == 0 else {
            let error = FileError.last(.unwritable, path, "cannot be replaced")
            unlink(temporary)
            throw error
        }
        if syncsFolder { try sync(folder: folder) }
    }

    /// Adds bytes to the end of the file at `path`, which is created when missing.
    ///
    /// Not synced: whoever reads the file must notice an end that is cut short.
    package static func append(_ bytes: [UInt8], to path: String) throws(FileError) {
        try makeFolder(folder(of: path))
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw .last(.unwritable, path, "cannot be written") }
        defer { close(descriptor) }
        try fill(descriptor, with: bytes, path)
    }

    /// Creates a folder and those above it; nothing happens when it is there.
    package static func makeFolder(_ path: String) throws(FileError) {
        if mkdir(path, 0o755) == 0 || isFolder(path) { return }
        if errno == EEXIST || exists(path) {
            throw FileError(.unwritable, path, "is in the way: it is not a folder; move it away")
        }
        let above = folder(of: path)
        guard above != path, !isFolder(above) else { throw .last(.unwritable, path, "cannot be created") }
        try makeFolder(above)
        guard mkdir(path, 0o755) == 0 || isFolder(path) else { throw .last(.unwritable, path, "cannot be created") }
    }

    /// Makes the names in a folder durable.
    package static func sync(folder: String) throws(FileError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last(.unwritable, folder, "cannot be opened") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .last(.unwritable, folder, "cannot be synced") }
    }

    /// The folder that a path lies in: `a/b` of `a/b/c`, `.` of `c`.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func fill(_ descriptor: Int32, with bytes: [UInt8], _ path: String) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                throw .last(.unwritable, path, "cannot be written")
            }
        }
    }
}
