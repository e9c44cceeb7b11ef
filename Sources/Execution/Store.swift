import Files
import Foundation

/// Immutable results on disk.
///
///     objects/ab/ab12…        blobs, named by their SHA-256
///     results/<key>           manifests, written after every blob they name: a line of JSON and its SHA-256
///     latest/<id>.json        the key under which a directive last succeeded
///     failures/<id>.json      the last failure: shown, never served
///     scratch/<key>/          what an unfinished step has done so far; removed when it succeeds
///     digests/                stamps of data files, so that unchanged ones are not read again
///
/// Every file is written beside its place, synced and renamed; every blob's digest is checked when it is read.
package struct Store: Sendable {
    package let folder: String

    package init(folder: String) { self.folder = folder }

    /// Where stamps and digests of data files are remembered.
    var digestCache: String { folder + "/digests" }

    /// Keeps an outcome under `key`: blobs first, the manifest last.
    package func publish(
        _ outcome: Outcome, id: String, key: Key, environment: StepResult.Environment
    ) throws -> StepResult {
        let result = StepResult(
            id: id, key: key.digest, components: key.components, artifacts: try outcome.artifacts.mapValues(put),
            measurements: try outcome.measurements.mapValues(put), warnings: outcome.warnings, marks: outcome.marks,
            environment: environment, store: self)
        try Files.write(Self.sealed(canonicalJSON(result)), to: manifestPath(key.digest))
        try Files.write(canonicalJSON(Latest(key: key.digest)), to: latestPath(id))
        unlink(failurePath(id))
        return result
    }

    /// The result under `key`, every byte of it verified.
    ///
    /// - Returns: nil and the reason when there is none, or a part of it is missing or damaged.
    package func result(for key: Digest) -> (result: StepResult?, damage: String?) {
        let path = manifestPath(key)
        guard Files.exists(path) else { return (nil, nil) }
        do {
            let result = try manifest(path)
            guard result.key == key else { return (nil, "\(path): holds the result of another key; the step will run again") }
            for blob in result.blobs { _ = try self.blob(blob.digest) }
            return (result, nil)
        } catch {
            return (nil, "\(error)")
        }
    }

    /// The last result that the directive `id` had, whatever its key.
    package func latest(_ id: String) -> StepResult? {
        latestKey(id).flatMap { result(for: $0).result }
    }

    /// The key of the last result that the directive `id` had.
    func latestKey(_ id: String) -> Digest? {
        guard let bytes = try? Files.read(latestPath(id)) else { return nil }
        return try? JSONDecoder().decode(Latest.self, from: Data(bytes)).key
    }

    /// Says that `id` now stands on `key`, as after a hit on an older result.
    package func remember(_ result: StepResult, for id: String) throws {
        let bytes = try canonicalJSON(Latest(key: result.key))
        if (try? Files.read(latestPath(id))) != bytes { try Files.write(bytes, to: latestPath(id)) }
    }

    package func recordFailure(_ message: String, id: String, key: Key) throws {
        try Files.write(
            canonicalJSON(Failure(key: key.digest, message: message, time: Date().timeIntervalSince1970)),
            to: failurePath(id))
    }

    /// The bytes with that digest.
    ///
    /// - Throws: `StoreError` when they are missing or do not hash to their name.
    package func blob(_ digest: Digest) throws -> [UInt8] {
        let path = objectPath(digest)
        guard Files.exists(path) else { throw StoreError(path: path, message: "is missing; the step will run again") }
        let bytes = try Files.read(path)
        guard Digest(of: bytes) == digest else {
            throw StoreError(path: path, message: "is damaged (its bytes do not match its name); the step will run again")
        }
        return bytes
    }

    /// The result that a manifest describes; its blobs are not read.
    ///
    /// - Throws: `StoreError` when the manifest does not match its own digest, or `FileError`.
    func manifest(_ path: String) throws -> StepResult {
        let damaged = StoreError(path: path, message: "is damaged; the step will run again")
        let lines = try Files.read(path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 3, lines[2].isEmpty,
            Digest(hex: String(decoding: lines[1], as: UTF8.self)) == Digest(of: Array(lines[0])),
            var result = try? JSONDecoder().decode(StepResult.self, from: Data(lines[0]))
        else { throw damaged }
        result.store = self
        return result
    }

    /// A line of JSON and the line with its digest.
    private static func sealed(_ json: [UInt8]) -> [UInt8] {
        json + Array("\n\(Digest(of: json).hex)\n".utf8)
    }

    private func put(_ bytes: [UInt8]) throws -> StepResult.Blob {
        let digest = Digest(of: bytes)
        // A blob that is there but damaged is written again.
        if (try? blob(digest)) == nil { try Files.write(bytes, to: objectPath(digest)) }
        return StepResult.Blob(digest: digest, size: bytes.count)
    }

    func objectPath(_ digest: Digest) -> String { "\(folder)/objects/\(digest.hex.prefix(2))/\(digest.hex)" }
    private func manifestPath(_ key: Digest) -> String { "\(folder)/results/\(key.hex)" }
    private func latestPath(_ id: String) -> String { "\(folder)/latest/\(id).json" }
    /// Where an unfinished step with that key keeps what it has done so far.
    package func scratchFolder(_ key: Digest) -> String { "\(folder)/scratch/\(key.hex)" }
    private func failurePath(_ id: String) -> String { "\(folder)/failures/\(id).json" }

    private struct Latest: Codable { var key: Digest }

    private struct Failure: Codable {
        var key: Digest
        var message: String
        var time: Double
    }
}

/// A stored object that cannot be used.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    package let path: String
    package let message: String

    package var description: String { "\(path): \(message)" }
}
