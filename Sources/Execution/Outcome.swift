/// What a step yields.
package struct Outcome: Sendable {
    /// Bytes that make up the result, by file: their digests decide what runs next.
    package private(set) var artifacts: [String: [UInt8]] = [:]
    /// Bytes that differ from run to run: kept, never part of a digest.
    package private(set) var measurements: [String: [UInt8]] = [:]
    package var warnings: [String]
    /// What a reader must know before believing the numbers; steps that use this one inherit it.
    package var marks: [ResultMark]

    package init(warnings: [String] = [], marks: [ResultMark] = []) {
        self.warnings = warnings
        self.marks = marks
    }

    /// Makes `value` a part of the result.
    package mutating func keep<Value>(_ value: Value, as artifact: Artifact<Value>) throws {
        let bytes = try artifact.write(value)
        switch artifact.role {
        case .output: artifacts[artifact.file] = bytes
        case .measurement: measurements[artifact.file] = bytes
        }
    }

    package func holds<Value>(_ artifact: Artifact<Value>) -> Bool {
        artifacts[artifact.file] != nil || measurements[artifact.file] != nil
    }
}

/// `random weights`, with the sentence that explains it.
package struct ResultMark: Sendable, Hashable, Codable {
    package var label: String
    package var explanation: String

    package init(label: String, explanation: String) {
        self.label = label
        self.explanation = explanation
    }
}
