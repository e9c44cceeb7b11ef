import Foundation

/// Processes that compute without pause at this one's priority, so that a benchmark shows what a busy machine leaves.
final class BusyProcesses {
    private let processes: [Process]

    /// They also end when this process is gone.
    init(_ count: Int) throws {
        processes = try (0..<count).map { _ in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "while kill -0 $PPID 2>/dev/null; do :; done"]
            try process.run()
            return process
        }
    }

    func stop() {
        for process in processes { process.terminate() }
        for process in processes { process.waitUntilExit() }
    }
}
