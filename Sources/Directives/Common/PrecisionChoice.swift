import Chapters
import Tensors

/// The option `precision`: an arithmetic, or the faster one of those that the processor has instructions for.
///
/// A key and a page name what was computed with, which is why the option itself is no part of a key.
package enum PrecisionChoice: String, CaseIterable, Sendable {
    case auto, f32, bf16

    package var used: Precision {
        switch self {
        case .auto: .fastest
        case .f32: .f32
        case .bf16: .bf16
        }
    }

    /// What of it belongs to a step's key.
    static func facts(_ used: Precision) -> [(name: String, value: String)] { [("precision", used.rawValue)] }
}
