import Files
import Foundation

/// Immutable results on disk.
///
///     objects/ab/ab12…        blobs, named by their SHA-256
///     results/<key>           manifests, written after every blob they name: a line of JSON and its SHA-256
///     latest/<id>.json        the keys under which a directive last succeeded, and before that
///     pins/<key>              results that collection keeps whatever happens
///     failures/<id>.json      the last failure: shown, never served
///     scratch/<key>/          what an unfinished step has done so far; removed when it succeeds
///     scratch/<key>.data      stamps of the data that an unfinished step reads
///     digests/                stamps of data files and objects, so that unchanged ones are not read again
///     lock                    an empty file: a byte of it for every key that is being computed (`StoreLocks.swift`)
///
/// Every file is written beside its place, synced and renamed; every blob's digest is checked when it is read.
package struct Store: Sendable {
    package let folder: String
    /// The system calls below the store.
    let operations: FileOperations
    /// Nanoseconds since 1970. Dates are shown and stamps judged by it; nothing else depends on it.
    let now: @Sendable () -> Int64

    package init(
        folder: String, operations: FileOperations = .system, now: @escaping @Sendable () -> Int64 = { Files.now }
    ) {
        self.folder = folder
        self.operations = operations
        self.now = now
    }

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
        try Files.write(Self.sealed(canonicalJSON(result)), to: manifestPath(key.digest), with: operations)
        try remember(result, for: id)
        if Files.exists(failurePath(id)) { try own(followsLink: true)?.remove("failures/\(id).json") }
        return result
    }

    /// The result under `key`, all of it there and sound.
    ///
    /// - Parameter verified: objects whose stamps tell that they still are what they were when they were read; nil
    ///   reads every byte.
    /// - Returns: nil and the reason when there is none, or a part of it is missing or damaged.
    func result(for key: Digest, verified: VerifiedObjects? = nil) -> (result: StepResult?, damage: String?) {
        let path = manifestPath(key)
        guard !Files.isMissing(path) else { return (nil, nil) }
        do {
            let result = try manifest(path)
            guard result.key == key else {
                return (nil, "\(path): holds the result of another key; the step will run again")
            }
            for blob in result.blobs {
                if let verified { try verified.check(blob.digest) } else { try check(blob.digest) }
            }
            return (result, nil)
        } catch {
            return (nil, "\(error)")
        }
    }

    /// The last result that the directive `id` had, whatever its key; its bytes are verified when they are read.
    package func latest(_ id: String) -> StepResult? {
        latestKeys(id).first.flatMap { try? manifest(manifestPath($0)) }
    }

    /// The keys of the results that the directive `id` had, the last one first: one or two, none before it ever had one.
    func latestKeys(_ id: String) -> [Digest] {
        let path = latestPath(id)
        return (try? latestKeys(in: Files.read(path, limit: Self.recordBytes), path: path)) ?? []
    }

    /// The same from the record's bytes.
    func latestKeys(in bytes: [UInt8], path: String) throws(StoreError) -> [Digest] {
        guard let latest = try? JSONDecoder().decode(Latest.self, from: Data(bytes)) else {
            throw StoreError(
                path: path, message: "is damaged; the next build that has its directive writes it again, or remove it")
        }
        return [latest.key] + [latest.previous].compactMap { $0 }
    }

    /// Says that `id` now stands on `result`, and before that stood on what it stood on.
    package func remember(_ result: StepResult, for id: String) throws {
        let keys = latestKeys(id)
        guard keys.first != result.key else { return }
        try Files.write(
            canonicalJSON(Latest(key: result.key, previous: keys.first)), to: latestPath(id), with: operations)
    }

    package func recordFailure(_ message: String, id: String, key: Key) throws {
        try Files.write(
            canonicalJSON(Failure(key: key.digest, message: message, time: Double(now()) / 1e9)),
            to: failurePath(id), with: operations)
    }

    /// The bytes with that digest.
    ///
    /// - Throws: `StoreError` when they are missing or do not hash to their name.
    package func blob(_ digest: Digest) throws -> [UInt8] {
        let path = objectPath(digest)
        guard !Files.isMissing(path) else {
            throw StoreError(path: path, message: "is missing; the step will run again")
        }
        let bytes = try Files.read(path)
        guard Digest(of: bytes) == digest else { throw Self.damaged(path) }
        return bytes
    }

    /// Whether the bytes with that digest are there and sound; they are not kept.
    ///
    /// - Throws: what `blob` throws.
    func check(_ digest: Digest) throws {
        let path = objectPath(digest)
        guard !Files.isMissing(path) else {
            throw StoreError(path: path, message: "is missing; the step will run again")
        }
        guard try Digest(contentsOf: path) == digest else { throw Self.damaged(path) }
    }

    private static func damaged(_ path: String) -> StoreError {
        StoreError(path: path, message: "is damaged (its bytes do not match its name); the step will run again")
    }

    /// The result that a manifest describes; its blobs are not read.
    ///
    /// - Throws: `StoreError` when the manifest does not match its own digest, or `FileError`.
    func manifest(_ path: String) throws -> StepResult {
        guard let line = Self.sealedLine(try Files.read(path, limit: Self.recordBytes)), let result = decoded(line)
        else {
            throw StoreError(path: path, message: "is damaged; the step will run again")
        }
        return result
    }

    /// What a manifest or another record may take; far more than any takes.
    static let recordBytes = 64 << 20

    func decoded(_ line: [UInt8]) -> StepResult? {
        var result = try? JSONDecoder().decode(StepResult.self, from: Data(line))
        result?.store = self
        return result
    }

    /// A manifest's line of JSON; nil unless it matches the digest behind it.
    static func sealedLine(_ bytes: [UInt8]) -> [UInt8]? {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 3, lines[2].isEmpty,
            Digest(hex: String(decoding: lines[1], as: UTF8.self)) == Digest(of: Array(lines[0]))
        else { return nil }
        return Array(lines[0])
    }

    /// A line of JSON and the line with its digest.
    private static func sealed(_ json: [UInt8]) -> [UInt8] {
        json + Array("\n\(Digest(of: json).hex)\n".utf8)
    }

    private func put(_ bytes: [UInt8]) throws -> StepResult.Blob {
        let digest = Digest(of: bytes)
        // A blob that is there but damaged is written again.
        if (try? check(digest)) == nil { try Files.write(bytes, to: objectPath(digest), with: operations) }
        return StepResult.Blob(digest: digest, size: bytes.count)
    }

    func objectPath(_ digest: Digest) -> String { "\(folder)/objects/\(digest.hex.prefix(2))/\(digest.hex)" }
    /// The folder in which every result that is kept gets its last file.
    package var manifests: String { folder + "/results" }
    func manifestPath(_ key: Digest) -> String { "\(manifests)/\(key.hex)" }
    private func latestPath(_ id: String) -> String { "\(folder)/latest/\(id).json" }
    func pinPath(_ key: Digest) -> String { "\(folder)/pins/\(key.hex)" }
    /// Where an unfinished step with that key keeps what it has done so far.
    package func scratchFolder(_ key: Digest) -> String { "\(folder)/scratch/\(key.hex)" }
    private func failurePath(_ id: String) -> String { "\(folder)/failures/\(id).json" }

    private struct Latest: Codable {
        var key: Digest
        var previous: Digest?
    }

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
