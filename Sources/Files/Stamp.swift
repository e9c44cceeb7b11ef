import Glibc

extension Files {
    /// What the file system says about a file's content without reading it: a fast path to "unchanged", never a proof.
    package struct Stamp: Sendable, Hashable {
        package var size: Int64
        /// Nanoseconds since 1970.
        package var modified: Int64
        /// When content, name or permissions last changed; programs cannot set it back.
        package var changed: Int64
        package var inode: UInt64

        package init(size: Int64, modified: Int64, changed: Int64, inode: UInt64) {
            self.size = size
            self.modified = modified
            self.changed = changed
            self.inode = inode
        }

        /// Whether the file had rested for two seconds by `moment`: time stamps have a grain, so that a file changed a
        /// moment ago may change again and keep them.
        package func isSettled(at moment: Int64) -> Bool {
            let (latest, isFar) = moment.subtractingReportingOverflow(2_000_000_000)
            return !isFar && max(modified, changed) < latest
        }
    }

    /// The stamp of the regular file at `path`, links followed; nil when there is none.
    ///
    /// - Parameter folder: what a relative path begins from; nil for the current folder.
    package static func stamp(of path: String, from folder: OpenFolder? = nil) -> Stamp? {
        var status = stat()
        guard fstatat(folder?.descriptor ?? AT_FDCWD, path, &status, 0) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return Stamp(
            size: Int64(status.st_size), modified: nanoseconds(status.st_mtim), changed: nanoseconds(status.st_ctim),
            inode: UInt64(status.st_ino))
    }

    /// Now, in nanoseconds since 1970.
    package static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return nanoseconds(time)
    }

    /// Nanoseconds since 1970; 64 bits of them reach from 1677 to 2262, and a clock beyond stands still at that end.
    package static func nanoseconds(_ time: timespec) -> Int64 {
        let (seconds, isFar) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isFarther) = seconds.addingReportingOverflow(Int64(time.tv_nsec))
        return isFar || isFarther ? (time.tv_sec < 0 ? .min : .max) : sum
    }
}

/// A folder held open, so that many paths below it are looked up without walking to it each time.
package final class OpenFolder: Sendable {
    let descriptor: Int32

    /// Nil when the folder cannot be opened.
    package init?(_ path: String) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }
}
