import Foundation

/// Reading and writing whole files so that a power cut leaves the old bytes or the new ones.
package enum Files {
    /// Reads a whole file.
    ///
    /// - Throws: `FileError` that names the path: not there, not readable, a folder, or larger than `limit` bytes.
    package static func read(_ path: String, limit: Int = 4 << 30) throws(FileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path, "cannot be opened", errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(path, "cannot be examined", errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(path, "is not a regular file") }
        guard let size = Int(exactly: status.st_size), size <= limit else {
            throw FileError(path, "is larger than \(limit) bytes")
        }
        var bytes = [UInt8](repeating: 0, count: size)
        var count = 0
        while count < size {
            let got = bytes.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress! + count, size - count) }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw FileError(path, "cannot be read", errno) }
            if got == 0 { throw FileError(path, "became shorter while it was read") }
            count += got
        }
        return bytes
    }

    /// Replaces the file at `path` by `bytes`, durably: a new file beside it, synced, renamed over it, the folder synced.
    ///
    /// Readers see the old content or the new, never a part. The folder is created when missing.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let folder = (path as NSString).deletingLastPathComponent
        try makeFolder(folder.isEmpty ? "." : folder)
        let temporary = path + ".\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError(path, "cannot be written", errno) }
        do throws(FileError) {
            try writeAll(bytes, to: descriptor, path: path)
            guard fsync(descriptor) == 0 else { throw FileError(path, "cannot be synced", errno) }
        } catch {
            close(descriptor)
            unlink(temporary)
            throw error
        }
        guard close(descriptor) == 0, rename(temporary, path) == 0 else {
            let code = errno
            unlink(temporary)
            throw FileError(path, "cannot be replaced", code)
        }
        try sync(folder: folder.isEmpty ? "." : folder)
    }

    /// Creates a folder and those above it; nothing happens when it is there.
    package static func makeFolder(_ path: String) throws(FileError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw FileError(path, "cannot be created as a folder")
        }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes the names in a folder durable.
    package static func sync(folder: String) throws(FileError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(folder, "cannot be opened", errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError(folder, "cannot be synced", errno) }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
        var count = 0
        while count < bytes.count {
            let written = bytes.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress! + count, bytes.count - count)
            }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw FileError(path, "cannot be written", errno) }
            count += written
        }
    }
}

/// The world's refusal: which path, what, and the system's own reason.
package struct FileError: Error, Sendable, CustomStringConvertible {
    package let path: String
    package let message: String
    package let code: Int32?

    init(_ path: String, _ message: String, _ code: Int32? = nil) {
        self.path = path
        self.message = message
        self.code = code
    }

    package var description: String {
        guard let code else { return "\(path): \(message)" }
        return "\(path): \(message): \(String(cString: strerror(code)))"
    }
}
