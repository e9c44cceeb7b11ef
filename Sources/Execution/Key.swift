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
            append(component.value, to: &bytes)
        }
        self.components = components
        digest = Digest(of: bytes)
    }

    /// One thing that a result depends on, readable: `option epochs` = `3`.
    package struct Component: Sendable, Hashable, Codable {
        package enum Tag: String, Sendable, Codable {
            /// The directive's kind and its engine version.
            case kind
            /// A computation option in canonical form.
            case option
            /// The output digest of a step it uses.
            case step
            /// The content digest of a file or folder it reads.
            case data
        }

        package var tag: Tag
        package var name: String
        package var value: String

        package init(_ tag: Tag, _ name: String, _ value: String) {
            self.tag = tag
            self.name = name
            self.value = value
        }
    }
}

private func append(_ text: String, to bytes: inout [UInt8]) {
    let utf8 = Array(text.utf8)
    withUnsafeBytes(of: UInt64(utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: utf8)
}

extension Canonical {
    /// The one spelling that keys use; the type is part of it, so `"3"` and `3` differ.
    package var keyText: String {
        switch self {
        case .none: "none"
        case .integer(let value): "int \(value)"
        case .number(let value): "number \(value.bitPattern == 0x8000_0000_0000_0000 ? 0.0 : value)"
        case .boolean(let value): "bool \(value)"
        case .text(let value): "text \(value.utf8.count) \(value)"
        case .list(let values): "list \(values.count) [" + values.map(\.keyText).joined(separator: ", ") + "]"
        }
    }
}
