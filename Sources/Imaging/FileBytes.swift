import Glibc

/// Reads a regular file whole, refusing large ones before any memory is taken.
package enum FileBytes {
    package struct Failure: Error, Sendable {
        package let tooLarge: Bool
        /// A sentence without the path.
        package let problem: String
    }

    /// The bytes of the file at `path`, at most `limit` of them.
    ///
    /// Only regular files: a pipe or a device could go on for ever.
    package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        guard !path.utf8.contains(0) else {
            throw Failure(tooLarge: false, problem: "the path contains a zero byte; correct the path")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure("cannot be opened", errno) }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("cannot be examined", errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(tooLarge: false, problem: "is not a regular file; name a file")
        }
        let size = Int(status.st_size)
        guard size <= limit else {
            throw Failure(tooLarge: true, problem: "\(size) bytes are more than \(limit >> 20) MB; use a smaller file")
        }
        // One byte more than the size, so that a file that grew meanwhile is noticed.
        var problem: Failure?
        let bytes = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
            while count < buffer.count {
                let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if got > 0 {
                    count += got
                } else if got == 0 {
                    return
                } else if errno != EINTR {
                    problem = failure("cannot be read", errno)
                    return
                }
            }
            problem = Failure(tooLarge: false, problem: "grew while it was read; try again")
        }
        if let problem { throw problem }
        return bytes
    }

    private static func failure(_ what: String, _ code: Int32) -> Failure {
        let reason = String(cString: strerror(code))
        return Failure(tooLarge: false, problem: "\(what): \(reason); check the path and its permissions")
    }
}
