import Glibc

/// The system's refusal: which path, what was tried, why, and what to do.
package struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable { case unreadable, notAFile, tooLarge, unwritable }

    package let kind: Kind
    package let path: String
    /// A sentence without the path: `cannot be opened: No such file or directory; check the path`.
    package let problem: String

    package init(_ kind: Kind, _ path: String, _ problem: String) {
        self.kind = kind
        self.path = path
        self.problem = problem
    }

    package var description: String { "\(path): \(problem)" }

    /// From `errno`, right after the failed call.
    package static func last(_ kind: Kind, _ path: String, _ what: String) -> FileError {
        let reason = String(cString: strerror(errno))
        let advice =
            kind == .unwritable ? "check the folder's permissions and free space" : "check the path and its permissions"
        return FileError(kind, path, "\(what): \(reason); \(advice)")
    }
}
