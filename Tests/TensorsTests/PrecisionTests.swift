import Foundation
import Tensors
import Testing

@Suite struct PrecisionTests {
    /// What the kernel says of the processor, which reads its registers itself.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["ONEDNN_MAX_CPU_ISA"] == nil))
    func theFastestIsWhatTheProcessorMultiplies() throws {
        let flags = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8).split(whereSeparator: \.isWhitespace)
        let multiplies = flags.contains("avx512_bf16") || flags.contains("amx_bf16")
        #expect(Precision.fastest == (multiplies ? .bf16 : .f32))
        #expect(Precision.fastest.isAvailable)
    }
}
