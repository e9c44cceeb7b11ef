import Foundation

/// A named part of a result, declared once where it is made: what its file is called, and how its bytes are written and
/// read.
///
///     static let faces = Artifact<FaceSet>.json("faces.json")
///
///     try outcome.keep(found, as: faces)
///     let faces = try step[data][Preprocess.faces]
///
/// A family of parts is a function: `static func layer(_ number: Int) -> Artifact<Image> { .png("layer-\(number).png") }`.
package struct Artifact<Value>: Sendable {
    /// What of a result the part belongs to: what other steps depend on, or what differs from run to run, such as times.
    package enum Role: Sendable { case output, measurement }

    package let file: String
    package let role: Role
    let write: @Sendable (Value) throws -> [UInt8]
    let read: @Sendable (_ bytes: [UInt8], _ place: ArtifactPlace) throws -> Value

    package init(
        _ file: String, role: Role = .output, write: @escaping @Sendable (Value) throws -> [UInt8],
        read: @escaping @Sendable (_ bytes: [UInt8], _ place: ArtifactPlace) throws -> Value
    ) {
        self.file = file
        self.role = role
        self.write = write
        self.read = read
    }

    /// The same part, whose values are told where they are read.
    package func reading(_ tell: @escaping @Sendable (inout Value, ArtifactPlace) -> Void) -> Artifact {
        let read = read
        return Artifact(file, role: role, write: write) { bytes, place in
            var value = try read(bytes, place)
            tell(&value, place)
            return value
        }
    }
}

/// Where a part is read.
package struct ArtifactPlace: Sendable {
    /// What an error calls the bytes: `faces.json of 'faces'`.
    package let name: String
    /// The folder of datasets and weights, where a step reads; nil where a page shows.
    package let data: String?
}

extension Artifact where Value: Codable & Sendable {
    /// A value as canonical JSON.
    package static func json(_ file: String, role: Role = .output) -> Artifact {
        Artifact(file, role: role, write: { try canonicalJSON($0) }, read: { bytes, _ in try fromCanonicalJSON(bytes) })
    }
}

private func fromCanonicalJSON<Value: Decodable>(_ bytes: [UInt8]) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    return try decoder.decode(Value.self, from: Data(bytes))
}

/// JSON with one spelling: keys sorted, so that equal values have equal digests. Numbers that JSON has not are written
/// as text, and `Artifact.json` reads them again: a measurement that came to nothing must not cost the others.
package func canonicalJSON(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    return Array(try encoder.encode(value))
}
