/// What is wrong with a zip or one of its entries.
package struct ZipError: Error, Sendable, CustomStringConvertible {
    package enum Kind: Sendable { case damaged, tooLarge, unsupported }

    /// What an error is about.
    package enum Part: Sendable, Equatable {
        /// All of it.
        case archive
        /// One of the records that describe it.
        case record(String)
        /// One file, by its name in the directory.
        case entry(String)

        static let directory = Part.record("directory")
        static let locator = Part.record("zip64 locator")
        static let largeRecord = Part.record("zip64 record")
    }

    package let path: String
    package let part: Part
    package let kind: Kind
    /// A clause whose subject is the part.
    package let predicate: String

    init(_ path: String, _ part: Part, _ kind: Kind, _ predicate: String) {
        self.path = path
        self.part = part
        self.kind = kind
        self.predicate = predicate
    }

    /// What is wrong, where the archive's path stands before it.
    package var problem: String {
        switch part {
        case .archive: "it \(predicate)"
        case .record(let name): "its \(name) \(predicate)"
        case .entry(let name): "the entry \(name) \(predicate)"
        }
    }

    package var description: String {
        "\(path): \(problem); " + (kind == .unsupported ? Self.unsupportedAdvice : "fetch the archive again")
    }

    /// The same archive would come again.
    package static let unsupportedAdvice = "unpack it, or pack it anew with deflate and without a password"
}
