import Glibc

/// A folder of the program's own, held open: what lies below it is listed, read and removed from there.
///
/// The one way to delete. No link is followed, at whatever depth, and nothing but regular files and empty folders goes: what
/// somebody puts in the place of a folder or file, even a moment before, leads nowhere.
package final class OwnFolder: Sendable {
    package let path: String
    private let descriptor: Int32
    private let operations: FileOperations

    package struct Entry: Sendable, Hashable {
        package enum Kind: Sendable, Hashable { case file, folder, link, other }

        package var name: String
        package var kind: Kind
        /// In bytes.
        package var size: Int
    }

    /// - Parameter followsLink: whether the folder itself may be reached through a link; what is below it never is.
    /// - Returns: nil when there is nothing of that name.
    /// - Throws: `FileError` for what cannot be opened, or is no folder.
    package init?(_ path: String, followsLink: Bool = false, with operations: FileOperations = .system)
        throws(FileError)
    {
        let descriptor = operations.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followsLink ? 0 : O_NOFOLLOW))
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            let code = errno
            throw Self.refusal(path, Self.kind(AT_FDCWD, path, operations)?.kind, code)
        }
        self.path = path
        self.descriptor = descriptor
        self.operations = operations
    }

    deinit { close(descriptor) }

    /// What lies in the folder, or in one below it, by name; nothing where there is no such folder. O(n log n).
    ///
    /// - Parameter followsLinks: to look, and never to remove.
    package func entries(_ folder: String = "", followsLinks: Bool = false) throws(FileError) -> [Entry] {
        guard let held = try open(folder, followsLinks: followsLinks) else { return [] }
        guard let stream = fdopendir(held) else {
            let error = FileError.last(.unreadable, full(folder), "cannot be listed")
            close(held)
            throw error
        }
        defer { closedir(stream) }
        var entries: [Entry] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                // `d_name` ends with a zero byte within the record.
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            // A name that is not UTF-8 is none of ours.
            guard let name, name != ".", name != ".." else { continue }
            guard let (kind, size) = Self.kind(held, name, operations) else {
                if errno == ENOENT { continue }  // gone meanwhile
                throw .last(.unreadable, folder.isEmpty ? full(name) : full(folder) + "/" + name, "cannot be examined")
            }
            entries.append(Entry(name: name, kind: kind, size: size))
        }
        guard errno == 0 else { throw .last(.unreadable, full(folder), "cannot be listed") }
        return entries.sorted { $0.name < $1.name }
    }

    /// The bytes of a file below the folder.
    package func read(_ name: String, limit: Int = 16 << 30) throws(FileError) -> [UInt8] {
        let (folder, last) = Self.split(name)
        guard let held = try open(folder) else { throw FileError(.unreadable, full(name), "is not there; try again") }
        defer { close(held) }
        let file = operations.openBelow(held, last, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard file >= 0 else { throw .last(.unreadable, full(name), "cannot be opened") }
        defer { close(file) }
        return try Files.read(file, full(name), limit: limit)
    }

    /// Removes a regular file below the folder.
    ///
    /// - Returns: whether it was there, and is gone; false for what is no regular file, which stays.
    @discardableResult
    package func remove(_ name: String) throws(FileError) -> Bool { try remove(name, .file) }

    /// Removes a folder below the folder if it is empty.
    @discardableResult
    package func removeFolder(_ name: String) throws(FileError) -> Bool { try remove(name, .folder) }

    private func remove(_ name: String, _ kind: Entry.Kind) throws(FileError) -> Bool {
        let (folder, last) = Self.split(name)
        guard let held = try open(folder) else { return false }
        defer { close(held) }
        guard let found = Self.kind(held, last, operations) else {
            if errno == ENOENT { return false }
            throw .last(.unreadable, full(name), "cannot be examined")
        }
        guard found.kind == kind else { return false }
        if operations.remove(held, last, kind == .folder) == 0 { return true }
        if errno == ENOENT || kind == .folder && (errno == ENOTEMPTY || errno == EEXIST) { return false }
        throw .last(.unwritable, full(name), "cannot be removed")
    }

    /// A folder below this one, step by step, or this one again; nil where there is none.
    private func open(_ folder: String, followsLinks: Bool = false) throws(FileError) -> Int32? {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followsLinks ? 0 : O_NOFOLLOW)
        var held = descriptor
        var walked = ""
        for part in folder.isEmpty ? ["."] : folder.split(separator: "/").map(String.init) {
            walked += walked.isEmpty ? part : "/" + part
            let next = operations.openBelow(held, part, flags)
            let code = errno
            let found = next < 0 ? Self.kind(held, part, operations) : nil
            if held != descriptor { close(held) }
            guard next >= 0 else {
                if code == ENOENT { return nil }
                throw Self.refusal(folder.isEmpty ? path : full(walked), found?.kind, code)
            }
            held = next
        }
        return held
    }

    private func full(_ name: String) -> String { name.isEmpty ? path : path + "/" + name }

    private static func split(_ name: String) -> (folder: String, last: String) {
        guard let slash = name.lastIndex(of: "/") else { return ("", name) }
        return (String(name[..<slash]), String(name[name.index(after: slash)...]))
    }

    /// What stands under a name, links not followed; nil and `errno` where that cannot be told.
    private static func kind(
        _ folder: Int32, _ name: String, _ operations: FileOperations
    ) -> (kind: Entry.Kind, size: Int)? {
        var status = stat()
        guard operations.examine(folder, name, &status) == 0 else { return nil }
        let kind: Entry.Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        return (kind, Int(status.st_size))
    }

    /// Why a folder was not opened, from what stands there and the failed call's `errno`.
    private static func refusal(_ path: String, _ found: Entry.Kind?, _ code: Int32) -> FileError {
        switch found {
        case .link where code == ENOTDIR || code == ELOOP:
            return FileError(
                .notAFile, path, "is a link, and nothing behind a link is removed; put the folder itself there")
        case .file where code == ENOTDIR, .other where code == ENOTDIR:
            return FileError(.notAFile, path, "is in the way: it is not a folder; move it away")
        default:
            errno = code
            return .last(.unreadable, path, "cannot be opened")
        }
    }
}
