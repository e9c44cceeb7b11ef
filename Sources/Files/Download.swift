import Foundation

/// A file fetched from the web: what an earlier attempt left is continued, and it takes its place only when it is whole.
package struct Download {
    package let address: URL
    package let path: String
    package let expected: Expectation
    /// Largest file that is fetched.
    package var byteLimit = 1 << 30
    /// Where what arrives is counted and written.
    package let queue = BoundedQueue()

    /// What is known of the file beforehand.
    package enum Expectation: Sendable {
        /// The whole digest: whoever sends the file cannot send another.
        case whole(Digest)
        /// The first digits of it, as file names carry them. They tell damage, but not a forger, who can try until they
        /// match: the connection must prove whose the file is.
        case beginning(String)

        func accepts(_ digest: Digest) -> Bool {
            switch self {
            case .whole(let whole): digest == whole
            case .beginning(let digits): digest.hex.hasPrefix(digits)
            }
        }

        /// Whether a file may come from there.
        func allows(_ address: URL) -> Bool {
            switch (address.scheme?.lowercased(), self) {
            case ("https", _), ("http", .whole): true
            default: false
            }
        }
    }

    package init(address: URL, path: String, expecting expected: Expectation) {
        (self.address, self.path, self.expected) = (address, path, expected)
    }

    private var part: String { path + ".part" }

    /// Fetches, verifies, and moves the file to its place, where nothing may be yet.
    ///
    /// - Parameter progress: told bytes so far and, when known, in all.
    package func run(progress: @escaping @Sendable (Int, Int?) -> Void) async throws {
        guard expected.allows(address) else {
            throw DownloadError(
                "\(address): a connection without https does not tell who sends, and only the whole SHA-256 of the file would; "
                    + "use https, or give the digest")
        }
        try Files.makeFolder(Files.folder(of: path))
        let lock = try FileLock(Files.folder(of: path))
        defer { withExtendedLifetime(lock) {} }
        guard !Files.exists(path) else {
            throw FileError(.unwritable, path, "is there already, and is another file; move it away")
        }
        let file = try PartialFile(part)
        // What is there already is no beginning of a file that may be fetched.
        if file.size > byteLimit { try file.cut(to: 0) }
        try await Transfer(self, file, progress: progress).run()
        try file.sync()
        let digest = try Digest(contentsOf: part)
        guard expected.accepts(digest) else {
            file.remove()
            throw DownloadError(
                "\(address): is not the file that was expected: its SHA-256 begins with \(digest.short); try again, or fetch it from another place"
            )
        }
        try file.commit(to: path)
    }
}

/// Why a file was not fetched: address, problem, what to do.
package struct DownloadError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
