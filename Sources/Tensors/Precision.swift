import CChannels
import COneDNN

/// The arithmetic of convolutions and of the activations between them.
///
/// Weights, their gradients and moments, statistics of normalisations, the head and the loss are float32 in both.
package enum Precision: String, Sendable, Hashable, Codable, CaseIterable {
    case f32
    /// Activations, and weights as far as they are factors, with 7 bits of fraction, sums in float32: half the memory traffic, and where the
    /// processor has instructions for it about twice the speed.
    case bf16

    /// Bytes of a value.
    package var byteCount: Int { self == .f32 ? 4 : 2 }

    /// Whether oneDNN has kernels of this arithmetic for the processor: bf16 needs AVX-512 or newer.
    package var isAvailable: Bool { self == .f32 || Self.hasHalf }

    /// bf16 where the processor multiplies it (AVX-512 BF16 or AMX), so that it is faster; f32 elsewhere. The environment's
    /// `ONEDNN_MAX_CPU_ISA` takes instructions away.
    package static let fastest: Precision = onednn_multiplies_bf16() == 1 ? .bf16 : .f32

    /// - Throws: where the processor does not have it.
    func check() throws(KernelError) {
        guard !isAvailable else { return }
        throw KernelError(
            operation: "\(self) arithmetic",
            reason: "this processor has no instructions for it (AVX-512 or newer); set precision to f32")
    }

    /// Those that the processor has.
    package static let available = allCases.filter(\.isAvailable)

    /// A small convolution tells.
    private static let hasHalf =
        (try? FrozenConvolution.kernel(
            ConvolutionShape(batch: 1, height: 4, width: 4, inputs: 16, outputs: 16, kernel: 1), activation: .none,
            adds: false, precision: .bf16, scratch: Scratch())) != nil

    var code: onednn_element { self == .f32 ? onednn_f32 : onednn_bf16 }
    var element: channels_element { self == .f32 ? channels_f32 : channels_bf16 }

    /// Activations of zeros.
    package func zeros(_ shape: [Int]) -> any Activations { self == .f32 ? Tensor(shape) : HalfTensor(shape) }
}

/// A block of NHWC activations that a kernel reads or writes: a `Tensor` or a `HalfTensor`.
package protocol Activations: AnyObject {
    var shape: [Int] { get }
    var precision: Precision { get }
    var start: UnsafeMutableRawPointer? { get }
    /// Some rows of the only image, without a copy. O(1).
    func rows(_ range: Range<Int>) -> any Activations
    /// Some images, without a copy. O(1).
    func images(_ range: Range<Int>) -> any Activations
}

extension Activations {
    /// Values of one image.
    var imageCount: Int { shape.dropFirst().reduce(1, *) }

    /// The first value of an image.
    func start(of image: Int) -> UnsafeMutableRawPointer? {
        start.map { $0 + image * imageCount * precision.byteCount }
    }
}

extension Tensor: Activations {
    package var precision: Precision { .f32 }
    package var start: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(values.baseAddress) }

    package func rows(_ range: Range<Int>) -> any Activations {
        precondition(shape.count == 4 && shape[0] == 1)
        return viewed(as: Array(shape.dropFirst())).entries(range).viewed(as: [1, range.count, shape[2], shape[3]])
    }

    package func images(_ range: Range<Int>) -> any Activations { entries(range) }
}
