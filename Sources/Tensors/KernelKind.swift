import COneDNN

/// What decides the last bits of a network's numbers, and in which order its kernels keep weights: the instruction sets that
/// oneDNN uses. Processes that compute one result together must agree on it.
package struct KernelKind: Sendable, Codable, Hashable {
    private let instructions: Int32

    package static var here: KernelKind { KernelKind(instructions: onednn_instructions()) }

    /// Throws where this process computes otherwise than the one that this value comes from.
    package func check() throws {
        let own = KernelKind.here
        guard own == self else { throw OtherKernels(own: own.name, first: name) }
    }

    private struct OtherKernels: Error, CustomStringConvertible {
        let own: String
        let first: String

        var description: String {
            """
            it computes with \(own), and the first rank with \(first), which would give other numbers; hold all to what \
            every processor has, as with mpirun -x ONEDNN_MAX_CPU_ISA=AVX2
            """
        }
    }

    /// oneDNN's bits: each set has those of the sets that it builds on.
    private var name: String {
        let known: [(bits: Int32, name: String)] = [
            (0x1fef, "AMX with fp16"), (0xfef, "AMX"), (0x1ef, "AVX-512 with fp16"), (0xe7, "AVX-512 with bf16"),
            (0x67, "AVX-512 VNNI"), (0x27, "AVX-512"), (0x1f, "AVX2 VNNI 2"), (0xf, "AVX2 VNNI"), (0x7, "AVX2"),
            (0x3, "AVX"), (0x1, "SSE 4.1"),
        ]
        return known.first { $0.bits & instructions == $0.bits }?.name ?? "no vector instructions"
    }
}
