import Files
import Foundation

/// Immutable results on disk.
///
///     objects/ab/ab12…        blobs, named by their SHA-256
///     results/<key>.json      manifests, written after every blob they name
///     latest/<id>.json        the key under which a directive last succeeded
///     failures/<id>.json      the last failure: shown, never served
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
        try Files.write(canonicalJSON(result), to: manifestPath(key.digest))
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
            var result = try JSONDecoder().decode(StepResult.self, from: Data(try Files.read(path)))
            guard result.key == key else { return (nil, "\(path): holds the result of another key") }
            result.store = self
            for blob in [result.artifacts, result.measurements].flatMap(\.values) { _ = try self.blob(blob.digest) }
            return (result, nil)
        } catch let error as DecodingError {
            _ = error
            return (nil, "\(path): is damaged")
        } catch {
            return (nil, "\(error)")
        }
    }

    /// The last result that the directive `id` had, whatever its key.
    package func latest(_ id: String) -> StepResult? {
        guard let bytes = try? Files.read(latestPath(id)),
            let latest = try? JSONDecoder().decode(Latest.self, from: Data(bytes))
        else { return nil }
        return result(for: latest.key).result
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
        let path = blobPath(digest)
        guard Files.exists(path) else { throw StoreError(path: path, message: "is missing; the step will run again") }
        let bytes = try Files.read(path)
        guard Digest(of: bytes) == digest else {
            throw StoreError(path: path, message: "is damaged (its bytes do not match its name); the step will run again")
        }
        return bytes
    }

    private func put(_ bytes: [UInt8]) throws -> StepResult.Blob {
        let digest = Digest(of: bytes)
        // A blob that is there but damaged is written again.
        if (try? blob(digest)) == nil { try Files.write(bytes, to: blobPath(digest)) }
        return StepResult.Blob(digest: digest, size: bytes.count)
    }

    private func blobPath(_ digest: Digest) -> String { "\(folder)/objects/\(digest.hex.prefix(2))/\(digest.hex)" }
    private func manifestPath(_ key: Digest) -> String { "\(folder)/results/\(key.hex).json" }
    private func latestPath(_ id: String) -> String { "\(folder)/latest/\(id).json" }
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
