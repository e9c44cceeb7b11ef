#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The system calls by which text leaves the process, as a value: tests put another one there, in which calls fail.
package struct WriteCalls: Sendable {
    /// As write(2): how many of the bytes were taken, or -1 and `errno`.
    package var write: @Sendable (UnsafeRawBufferPointer) -> Int
    /// Returns once a stream that would have blocked may take bytes again.
    package var wait: @Sendable () -> Void

    package init(
        write: @escaping @Sendable (UnsafeRawBufferPointer) -> Int, wait: @escaping @Sendable () -> Void
    ) {
        self.write = write
        self.wait = wait
    }

    /// The kernel's own, for an open descriptor.
    package init(descriptor: Int32) {
        self.init(
            write: { systemWrite(descriptor, $0.baseAddress, $0.count) },
            wait: {
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&request, 1, -1)  // whatever it tells, the next write tells more
            })
    }

    /// Writes all of the bytes: goes on after interruptions and partial writes, and waits for a slow reader where somebody
    /// made the stream non-blocking.
    package func write(all bytes: [UInt8]) throws(OutputError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[written...])) }
            if count > 0 {
                written += count
                continue
            }
            switch count == 0 ? EIO : errno {
            case EINTR: continue
            case EAGAIN, EWOULDBLOCK: wait()
            case let code: throw OutputError(code: code)
            }
        }
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}

/// Puts something harmless in the place of standard streams that the process was started without (`>&-`).
///
/// Otherwise the next file that is opened gets their number, and messages are written into it. What stands there cannot
/// be written, so results that go nowhere remain an error.
package func occupyStandardDescriptors() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
        // The lowest free number is the missing one; the root folder is there even where /dev is not.
        _ = open("/", O_RDONLY | O_DIRECTORY)
    }
}
