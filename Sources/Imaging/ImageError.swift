/// Why an image could not be read or written: the file, a reason to count by, and a sentence that says what to do.
package struct ImageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Stable words: reports count rejected files by them.
    package enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
        /// The file system refused: missing, no permission, not a regular file.
        case unreadable
        /// No bytes at all.
        case empty
        /// The first bytes are of no image format that is known here.
        case notAnImage
        /// Cut short: sound as far as it goes.
        case truncated
        /// Inconsistent somewhere inside.
        case damaged
        /// Beyond a decoding limit, or beyond memory.
        case tooLarge
        /// Beyond the time that whoever asked had for it.
        case tooSlow
        /// A sound image of a kind that is not handled.
        case unsupported
    }

    /// The path, or what the caller called the bytes.
    package let name: String
    package let reason: Reason
    /// What is wrong and what to do, without the name.
    package let problem: String

    package init(name: String, reason: Reason, problem: String) {
        self.name = name
        self.reason = reason
        self.problem = problem
    }

    package var path: String { name }
    package var message: String { "\(name): \(problem)" }
    package var description: String { message }
}
