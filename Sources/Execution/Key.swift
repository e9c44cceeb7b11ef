import Chapters
import Files

/// What a step's result depends on, and nothing else: the name under which the result is stored.
///
/// A key is SHA-256 over its components, each tagged with its type and prefixed with its lengths, so that no two
/// lists of components share an encoding. Captions, sizes and language belong to rendering and never get here.
package struct Key: Sendable, Hashable {
    package let digest: Digest
    package let components: [Component]

    package init(_ components: [Component]) {
        var bytes: [UInt8] = []
        for component in components {
            bytes.append(contentsOf: component.tag.rawValue.utf8)
            append(component.name, to: &bytes)
            append(component.value.keyText, to: &bytes)
        }
        self.components = components
        digest = Digest(of: bytes)
    }

    /// One thing that a result depends on: `option epochs` = `3`.
    package struct Component: Sendable, Hashable, Codable {
        package enum Tag: String, Sendable, Codable {
            /// The directive's kind and its engine version.
            case kind
            /// A computation option, or a fact that the step found out when it was planned.
            case option
            /// The output digest of a step it uses.
            case step
            /// The content digest of a file or folder it reads.
            case data
        }

        package var tag: Tag
        package var name: String
        package var value: Value

        package init(_ tag: Tag, _ name: String, _ value: Value) {
            self.tag = tag
            self.name = name
            self.value = value
        }
    }

    /// What a component is. Stored as its key text, so that a manifest says what was hashed.
    package enum Value: Sendable, Hashable {
        case option(Canonical)
        case text(String)

        var keyText: String {
            switch self {
            case .option(let value): value.keyText
            case .text(let text): text
            }
        }

        /// As an author would write it.
        package var written: String {
            switch self {
            case .option(let value): value.written
            case .text(let text): text
            }
        }
    }
}

extension Key.Value: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        self = Canonical(keyText: text).map(Self.option) ?? .text(text)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(keyText)
    }
}

private func append(_ text: String, to bytes: inout [UInt8]) {
    let utf8 = Array(text.utf8)
    withUnsafeBytes(of: UInt64(utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: utf8)
}
