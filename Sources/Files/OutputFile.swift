import Glibc

/// A file that somebody asked for by name: its place is tried before the work, and written after it.
///
/// A regular file is replaced at once by a whole one; behind a link, the file that it leads to, and the link stays. What is no
/// regular file (a pipe, a terminal, `/dev/null`) is written into and stays what it is. Folders and disks are refused.
package struct OutputFile: Sendable {
    /// As it was asked for.
    package let path: String
    private let place: Place
    private let operations: FileOperations

    private enum Place: Sendable, Hashable {
        /// A name in a folder, whatever spelling leads there, and the path by which it is written.
        case file(folder: Identity, name: String, path: String)
        case stream(Identity)
    }

    /// A file or folder itself, by whatever name.
    private struct Identity: Sendable, Hashable {
        var device: UInt64
        var inode: UInt64

        init(_ status: stat) { (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino)) }
    }

    /// Tries the place: makes the folder when missing, and a file in it that is removed again.
    ///
    /// - Throws: `FileError` when nothing can be written there.
    package init(_ path: String, with operations: FileOperations = .system) throws(FileError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw FileError(.unwritable, "'\(path)'", "is no path; name a file")
        }
        self.path = path
        self.operations = operations
        var status = stat()
        if stat(path, &status) == 0 {
            switch status.st_mode & S_IFMT {
            case S_IFREG:
                guard access(path, W_OK) == 0 else { throw .last(.unwritable, path, "cannot be replaced") }
                place = try Self.file(path, operations)
            case S_IFDIR: throw FileError(.unwritable, path, "is a folder; name a file")
            case S_IFBLK: throw FileError(.unwritable, path, "is a disk; name a file")
            default:
                guard access(path, W_OK) == 0 else { throw .last(.unwritable, path, "cannot be written") }
                place = .stream(Identity(status))
            }
        } else {
            place = try Self.file(path, operations)
        }
    }

    /// Whether both lead to one place, by whatever spelling or link: what is written last would replace the other.
    package func isSame(as other: OutputFile) -> Bool {
        switch (place, other.place) {
        case (.file(let folder, let name, _), .file(let otherFolder, let otherName, _)):
            folder == otherFolder && name == otherName
        case (.stream(let stream), .stream(let other)): stream == other
        default: false
        }
    }

    /// Whether the file that is written here is the one that `path` leads to, which would be lost.
    package func wouldReplace(_ path: String) -> Bool {
        guard case .file(_, _, let target) = place else { return false }
        var (mine, other) = (stat(), stat())
        return stat(target, &mine) == 0 && stat(path, &other) == 0 && Identity(mine) == Identity(other)
    }

    package func write(_ bytes: [UInt8]) throws(FileError) {
        switch place {
        case .file(_, _, let target):
            let file = try Files.stage(bytes, for: target, with: operations)
            file.takeOwner(of: target)
            try file.commit(with: operations)
            try Files.sync(folder: Files.folder(of: target), with: operations)
        case .stream: try Files.pour(bytes, into: path, with: operations)
        }
    }

    private static func file(_ path: String, _ operations: FileOperations) throws(FileError) -> Place {
        let target = try end(of: path)
        guard let last = target.split(separator: "/").last, !target.hasSuffix("/"), last != ".", last != ".." else {
            throw FileError(.unwritable, path, "names no file; name a file")
        }
        let folder = Files.folder(of: target)
        try Files.makeFolder(folder, with: operations)
        try Files.stage([], for: target, syncsFile: false, with: operations).discard()
        var status = stat()
        guard stat(folder, &status) == 0 else { throw .last(.unwritable, folder, "cannot be examined") }
        return .file(folder: Identity(status), name: String(last), path: target)
    }

    /// Where links at the end of the path lead, though nothing may be there yet.
    private static func end(of path: String) throws(FileError) -> String {
        var path = path
        for _ in 0..<40 {
            var target = [CChar](repeating: 0, count: 4097)
            let count = readlink(path, &target, target.count - 1)
            guard count > 0 else { return path }
            let text = String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            path = text.hasPrefix("/") ? text : Files.folder(of: path) + "/" + text
        }
        throw FileError(.unwritable, path, "is a circle of links; name a file")
    }
}

extension Files {
    /// Writes into what is there and no regular file; nothing is created or emptied.
    fileprivate static func pour(_ bytes: [UInt8], into path: String, with operations: FileOperations) throws(FileError)
    {
        let descriptor = operations.open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw .last(.unwritable, path, "cannot be written") }
        defer { close(descriptor) }
        try fill(descriptor, with: bytes, path, operations)
    }
}
