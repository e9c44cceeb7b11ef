import Chapters
import Files

/// A stored result: what a step yielded, under which key, when and where.
package struct StepResult: Sendable, Codable {
    package struct Blob: Sendable, Codable, Hashable {
        package var digest: Digest
        package var size: Int
    }

    package struct Environment: Sendable, Codable, Hashable {
        /// Seconds since 1970.
        package var finished: Double
        package var seconds: Double
        package var processor: String
        package var cores: Int
        package var version: String
        /// The most memory, in bytes, that the whole process held while the step ran; nil in results of old.
        package var peakMemory: Int?
        /// What was to be done, as it was planned: amounts by units' names; nil where the step went on from another run, and in
        /// results of old.
        package var work: [String: Double]?
    }

    package let id: String
    package let key: Digest
    package let components: [Key.Component]
    package let artifacts: [String: Blob]
    private(set) var measurements: [String: Blob]
    package let warnings: [String]
    package let marks: [ResultMark]
    package let environment: Environment

    /// What depends on this result depends on: its artifacts and marks, not the times it took.
    package var output: Digest {
        var bytes: [UInt8] = []
        for (name, blob) in artifacts.sorted(by: { $0.key < $1.key }) {
            bytes.append(contentsOf: "\(name.utf8.count) \(name) \(blob.digest.hex)\n".utf8)
        }
        for mark in marks { bytes.append(contentsOf: "mark \(mark.label.utf8.count) \(mark.label)\n".utf8) }
        return Digest(of: bytes)
    }

    /// Over everything that is kept of the result. What it was made from is in its key.
    package var digest: Digest {
        var parts = [
            id, key.hex, "\(environment.finished) \(environment.seconds) \(environment.cores)", environment.processor,
            environment.version, "\(environment.peakMemory ?? 0)",
        ]
        for blobs in [artifacts, measurements] {
            parts += blobs.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value.digest.hex] }
            parts.append("")
        }
        parts += warnings + [""] + marks.flatMap { [$0.label, $0.explanation] }
        return Digest(of: Array(parts.map { "\($0.utf8.count) \($0)\n" }.joined().utf8))
    }

    /// The result with what another one measures now: times that both show are then the same ones.
    package func seeing<Value>(_ measurement: Artifact<Value>, of other: StepResult) -> StepResult {
        guard let blob = other.measurements[measurement.file] else { return self }
        var result = self
        result.measurements[Self.name(of: measurement, seenIn: DirectiveID(other.id))] = blob
        return result
    }

    /// What another result measures now, where this one has been shown it.
    package subscript<Value>(seen measurement: Artifact<Value>, of other: DirectiveID) -> Value? {
        get throws {
            let name = Self.name(of: measurement, seenIn: other)
            return measurements[name] == nil ? nil : try measurement.read(try bytes(name), place(of: name))
        }
    }

    private static func name<Value>(of measurement: Artifact<Value>, seenIn other: DirectiveID) -> String {
        "\(other.id)/\(measurement.file)"
    }

    /// Bytes of everything it keeps.
    package var size: Int { blobs.reduce(0) { $0.addingLimited($1.size) } }

    /// Every blob that the result names.
    var blobs: [Blob] { Array(artifacts.values) + Array(measurements.values) }

    /// Reads blobs; not part of the stored form.
    package var store: Store? = nil

    /// The folder of datasets and weights, in the hands of a step; not part of the stored form.
    var data: String? = nil

    private enum CodingKeys: CodingKey {
        case id, key, components, artifacts, measurements, warnings, marks, environment
    }

    /// The bytes of a part by its file, checked against their digest.
    package func bytes(_ name: String) throws -> [UInt8] {
        guard let blob = artifacts[name] ?? measurements[name], let store else {
            throw StoreError(path: "step '\(id)'", message: "has no artifact '\(name)'")
        }
        return try store.blob(blob.digest)
    }

    /// A part of the result, read and decoded.
    package subscript<Value>(_ artifact: Artifact<Value>) -> Value {
        get throws { try artifact.read(try bytes(artifact.file), place(of: artifact.file)) }
    }

    /// The result as a step is given it: its parts know where datasets and weights are.
    func read(beside data: String) -> StepResult {
        var result = self
        result.data = data
        return result
    }

    private func place(of name: String) -> ArtifactPlace { ArtifactPlace(name: "\(name) of '\(id)'", data: data) }

    /// A part that not every result of the kind has.
    package subscript<Value>(ifPresent artifact: Artifact<Value>) -> Value? {
        get throws { artifacts[artifact.file] == nil && measurements[artifact.file] == nil ? nil : try self[artifact] }
    }
}
