/// A reader of foreign bytes, with what must hold whatever it is given.
///
/// libFuzzer looks for bytes that break a promise or end the process; the tests try what it once found.
package struct FuzzTarget: Sendable {
    /// Also the name of its folder of seeds and of its dictionary.
    package let name: String
    /// Longest input worth trying, in bytes.
    package let longest: Int
    /// Reads the bytes. Refusing them is right; what is accepted must keep every promise.
    ///
    /// - Throws: `BrokenPromise`, or what went wrong with the scratch folder.
    package let check: @Sendable (_ bytes: [UInt8], _ scratch: Scratch) throws -> Void

    package static let all: [FuzzTarget] = [
        picture("jpeg", magic: [0xFF, 0xD8]), picture("png", magic: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        picture("pnm", magic: Array("P".utf8)), tar, legacyStream, zippedCheckpoint, pickle, safetensors, npy,
        photographs, lists, cascade, markdown, settingsFile, manifest, siteRecord, digests, page, address, form,
    ]

    package static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// A promise of a reader or writer that some bytes broke.
package struct BrokenPromise: Error, CustomStringConvertible {
    package let description: String
}

/// Says with `message` that a promise is broken, unless `condition` holds.
func promise(_ condition: Bool, _ message: @autoclosure () -> String) throws(BrokenPromise) {
    guard condition else { throw BrokenPromise(description: message()) }
}
