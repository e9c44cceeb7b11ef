import Files
import Foundation

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
    }

    package let id: String
    package let key: Digest
    package let components: [Key.Component]
    package let artifacts: [String: Blob]
    package private(set) var measurements: [String: Blob]
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

    /// The result with what another one measures now, under `id/name`: times that both show are then the same ones.
    package func seeing(_ measurement: String, of other: StepResult) -> StepResult {
        guard let blob = other.measurements[measurement] else { return self }
        var result = self
        result.measurements["\(other.id)/\(measurement)"] = blob
        return result
    }

    /// Bytes of everything it keeps.
    package var size: Int { blobs.reduce(0) { $0.addingLimited($1.size) } }

    /// Every blob that the result names.
    var blobs: [Blob] { Array(artifacts.values) + Array(measurements.values) }

    /// Reads blobs; not part of the stored form.
    package var store: Store? = nil

    private enum CodingKeys: CodingKey {
        case id, key, components, artifacts, measurements, warnings, marks, environment
    }

    /// The bytes of an artifact or measurement, checked against their digest.
    package func bytes(_ name: String) throws -> [UInt8] {
        guard let blob = artifacts[name] ?? measurements[name], let store else {
            throw StoreError(path: "step '\(id)'", message: "has no artifact '\(name)'")
        }
        return try store.blob(blob.digest)
    }

    /// An artifact or measurement decoded from JSON.
    package func value<Value: Decodable>(_ type: Value.Type = Value.self, from name: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        return try decoder.decode(type, from: Data(try bytes(name)))
    }
}

/// JSON with one spelling: keys sorted, so that equal values have equal digests. Numbers that JSON has not are written
/// as text, and `StepResult.value` reads them again: a measurement that came to nothing must not cost the others.
package func canonicalJSON(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    return Array(try encoder.encode(value))
}
