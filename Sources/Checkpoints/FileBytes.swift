import Glibc

/// A whole file in memory. Read, not mapped: a mapped file that someone truncates takes the process down.
enum FileBytes {
    /// Weights of the largest network here take 100 MB.
    static let maximum = 8 << 30

    static func read(_ path: String) throws(CheckpointError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, String(cString: strerror(errno))) }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path, String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw unreadable(path, "it is not a regular file") }
        let size = Int(status.st_size)
        guard size <= maximum else { throw unreadable(path, "it is larger than \(maximum >> 30) GB") }

        var failure: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                if got > 0 {
                    count += got
                } else if got == 0 {
                    return  // shorter than it was: the reader of the content says so
                } else if errno != EINTR {
                    failure = errno
                    return
                }
            }
        }
        if let failure { throw unreadable(path, String(cString: strerror(failure))) }
        return bytes
    }

    private static func unreadable(_ path: String, _ problem: String) -> CheckpointError {
        CheckpointError(.unreadable, path: path, problem: "cannot be read: \(problem)", advice: "check the path")
    }
}
