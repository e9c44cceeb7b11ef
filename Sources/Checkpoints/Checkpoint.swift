/// Named tensors, in the order of their file: a network's weights.
package struct Checkpoint: Sendable, Equatable {
    package var tensors: [StoredTensor]
    /// What a safetensors file says beside its tensors, its `__metadata__`; other files say nothing.
    package var metadata: [String: String]

    package init(tensors: [StoredTensor], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    /// The tensor with that name. O(n).
    package subscript(name: String) -> StoredTensor? { tensors.first { $0.name == name } }
}

/// One tensor as a file holds it: C-contiguous little-endian elements.
package struct StoredTensor: Sendable, Equatable {
    package enum Element: String, Sendable, CaseIterable {
        case float32 = "F32"
        case float16 = "F16"
        case bfloat16 = "BF16"
        case float64 = "F64"
        case int64 = "I64"

        package var byteCount: Int {
            switch self {
            case .float16, .bfloat16: 2
            case .float32: 4
            case .float64, .int64: 8
            }
        }
    }

    package var name: String
    /// Outermost dimension first, as PyTorch prints it: a convolution is [out, in / groups, height, width].
    package var shape: [Int]
    package var element: Element
    /// `shape.product * element.byteCount` bytes.
    package var bytes: [UInt8]

    package init(name: String, shape: [Int], element: Element, bytes: [UInt8]) {
        precondition(bytes.count == shape.reduce(1, *) * element.byteCount)
        self.name = name
        self.shape = shape
        self.element = element
        self.bytes = bytes
    }
}
