import Glibc
import Synchronization

extension Files {
    /// What the names of unfinished files end with.
    package static let unfinished = ".likeness-part"

    /// Replaces the file at `path` durably: after a power cut it holds the old bytes or the new ones, never a part.
    ///
    /// For names of the program's own, where whatever stands there is replaced and nothing behind a link is touched; what
    /// somebody asked for by name is an `OutputFile`.
    ///
    /// The bytes go to a new file beside it, which is synced, renamed over it, and the folder is synced. The folder is
    /// created when missing.
    ///
    /// - Parameters:
    ///   - syncsFile: false for files that can be made again; then a power cut may leave an empty one.
    ///   - syncsFolder: false for one of many files, where the caller calls `sync(folder:)` once for all.
    package static func write(
        _ bytes: [UInt8], to path: String, syncsFile: Bool = true, syncsFolder: Bool = true,
        with operations: FileOperations = .system
    ) throws(FileError) {
        try stage(bytes, for: path, syncsFile: syncsFile, with: operations).commit(with: operations)
        if syncsFolder { try sync(folder: folder(of: path), with: operations) }
    }

    /// Writes a new file beside `path`, which stays as it is until the new one is committed.
    package static func stage(
        _ bytes: [UInt8], for path: String, syncsFile: Bool = true, with operations: FileOperations = .system
    ) throws(FileError) -> StagedFile {
        try makeFolder(folder(of: path), with: operations)
        let file = StagedFile(path: path)
        let descriptor = operations.open(file.temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .last(.unwritable, path, "cannot be written") }
        do throws(FileError) {
            try fill(descriptor, with: bytes, path, operations)
            guard !syncsFile || operations.sync(descriptor) == 0 else {
                throw .last(.unwritable, path, "cannot be synced")
            }
        } catch {
            close(descriptor)
            file.discard()
            throw error
        }
        close(descriptor)
        return file
    }

    /// Adds bytes to the end of the file at `path`, which is created when missing.
    ///
    /// Not synced: whoever reads the file must notice an end that is cut short.
    package static func append(
        _ bytes: [UInt8], to path: String, with operations: FileOperations = .system
    ) throws(FileError) {
        try makeFolder(folder(of: path), with: operations)
        let descriptor = operations.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .last(.unwritable, path, "cannot be written") }
        defer { close(descriptor) }
        try fill(descriptor, with: bytes, path, operations)
    }

    /// Creates a folder and those above it; nothing happens when it is there, whoever made it, and if only just now.
    package static func makeFolder(_ path: String, with operations: FileOperations = .system) throws(FileError) {
        guard !isFolder(path) else { return }
        let above = folder(of: path)
        if above != path { try makeFolder(above, with: operations) }
        guard operations.makeFolder(path) != 0 else { return }
        let problem = FileError.last(.unwritable, path, "cannot be created")
        if isFolder(path) { return }
        throw exists(path) ? FileError(.unwritable, path, "is in the way: it is not a folder; move it away") : problem
    }

    /// Makes the names in a folder durable.
    package static func sync(folder: String, with operations: FileOperations = .system) throws(FileError) {
        let descriptor = operations.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last(.unwritable, folder, "cannot be opened") }
        defer { close(descriptor) }
        guard operations.sync(descriptor) == 0 else { throw .last(.unwritable, folder, "cannot be synced") }
    }

    /// The folder that a path lies in: `a/b` of `a/b/c`, `.` of `c`.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func fill(
        _ descriptor: Int32, with bytes: [UInt8], _ path: String, _ operations: FileOperations
    ) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                operations.write(descriptor, UnsafeRawBufferPointer(rebasing: $0[written...]))
            }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                throw .last(.unwritable, path, "cannot be written")
            }
        }
    }
}

/// A complete new file beside the one that it is to replace.
package struct StagedFile: Sendable {
    package let path: String
    let temporary: String

    private static let count = Atomic<UInt64>(0)

    /// The process's number and a count of its own keep writers of one file apart, threads included.
    fileprivate init(path: String) {
        self.path = path
        let number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue
        temporary = "\(path).\(getpid())-\(number)\(Files.unfinished)"
    }

    /// Gives the new file the old one's owner and permissions, as far as the system lets us: what was closed to others
    /// stays closed.
    func takeOwner(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        // Closed first: between the two calls nobody may read what they should not.
        chmod(temporary, status.st_mode & 0o700)
        if chown(temporary, status.st_uid, status.st_gid) != 0 { _ = chown(temporary, .max, status.st_gid) }
        chmod(temporary, status.st_mode & 0o777)
    }

    /// Puts the new file in the old one's place at once.
    package func commit(with operations: FileOperations = .system) throws(FileError) {
        guard operations.rename(temporary, path) == 0 else {
            let error = FileError.last(.unwritable, path, "cannot be replaced")
            discard()
            throw error
        }
    }

    /// The name of the file that an unfinished one of this name was to become; nil for a name that is not of our making.
    package static func target(of name: String) -> String? {
        guard name.hasSuffix(Files.unfinished), let dot = name.dropLast(Files.unfinished.count).lastIndex(of: ".")
        else {
            return nil
        }
        let numbers = name[name.index(after: dot)...].dropLast(Files.unfinished.count)
            .split(separator: "-", omittingEmptySubsequences: false)
        let isOurs =
            numbers.count == 2 && numbers.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
        return isOurs && dot > name.startIndex ? String(name[..<dot]) : nil
    }

    /// Removes the new file; the old one stays.
    package func discard() { unlink(temporary) }
}
