import Files
import Foundation

/// This package, where its tests were built.
package enum Repository {
    package static let root = Files.folder(of: Files.folder(of: Files.folder(of: #filePath)))
    /// The photographs that `make setup` fetches.
    package static let orl = root + "/data/orl"

    package static func read(_ path: String) throws -> String {
        String(decoding: try Files.read(root + "/" + path), as: UTF8.self)
    }
}

/// How often the long invariants are tried: `make test-long` tries them in full.
package let isLong = ProcessInfo.processInfo.environment["LIKENESS_LONG"] == "1"
