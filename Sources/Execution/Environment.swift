import Foundation

extension StepResult.Environment {
    /// This moment on this machine.
    static func current(seconds: Double) -> Self {
        Self(
            finished: Date().timeIntervalSince1970, seconds: seconds, processor: processorName,
            cores: ProcessInfo.processInfo.activeProcessorCount, version: likenessVersion)
    }
}

/// The version of the package, recorded with every result.
package let likenessVersion = "0.1.0"

/// The processor as the kernel names it.
private let processorName: String = {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
}()
