import Files
import Foundation

/// A folder of a test's own.
final class Place: Sendable {
    let folder = NSTemporaryDirectory() + "likeness-files-" + UUID().uuidString

    init() throws { try Files.makeFolder(folder) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func put(_ text: String, _ name: String) throws {
        try Files.write(Array(text.utf8), to: folder + "/" + name, syncsFile: false, syncsFolder: false)
    }

    func read(_ name: String) -> String? {
        (try? Files.read(folder + "/" + name)).map { String(decoding: $0, as: UTF8.self) }
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: folder + "/" + name, withDestinationPath: target)
    }

    func names(_ below: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder + "/" + below).sorted()
    }
}
