import Files
import Foundation

/// A folder of a test's own, which vanishes with the value.
package final class TemporaryFolder: Sendable {
    package let path = NSTemporaryDirectory() + "likeness-" + UUID().uuidString

    package init() { precondition(mkdir(path, 0o755) == 0, "\(path) cannot be made") }

    /// - Parameter files: name → text; folders in names are made.
    package convenience init(_ files: [String: String]) throws {
        self.init()
        for (name, text) in files { try put(text, name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    package func put(_ bytes: [UInt8], _ name: String) throws {
        try Files.write(bytes, to: path + "/" + name, syncsFile: false, syncsFolder: false)
    }

    package func put(_ text: String, _ name: String) throws { try put(Array(text.utf8), name) }

    package func bytes(_ name: String) -> [UInt8]? { try? Files.read(path + "/" + name) }

    package func read(_ name: String) -> String? { bytes(name).map { String(decoding: $0, as: UTF8.self) } }

    package func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target)
    }

    package func names(_ below: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path + "/" + below).sorted()
    }
}
