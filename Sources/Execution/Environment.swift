import Foundation

extension StepResult.Environment {
    /// This moment on this machine.
    static func current(now: Int64, seconds: Double, work: [String: Double]?) -> Self {
        Self(
            finished: Double(now) / 1e9, seconds: seconds, processor: processorName,
            cores: ProcessInfo.processInfo.activeProcessorCount, version: likenessVersion,
            peakMemory: ProcessMemory.peak, work: work)
    }
}

/// The process's largest resident memory, as the kernel counts it.
enum ProcessMemory {
    /// Starts counting anew; where the kernel does not allow that, the peak is that of the whole process so far.
    static func resetPeak() {
        let file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        _ = write(file, "5", 1)
    }

    /// In bytes.
    static var peak: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }
}

/// The version of the package, recorded with every result.
package let likenessVersion = "0.1.0"

/// The processor as the kernel names it.
package let processorName: String = {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
}()
