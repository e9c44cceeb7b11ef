import COneDNN
import Foundation

/// How the numeric work is spread over the cores.
package enum Threads {
    /// The cores that this process may use.
    package static let count = ProcessInfo.processInfo.activeProcessorCount

    /// Limits the kernels that `work` makes and runs, on the calling thread, to that thread alone.
    ///
    /// Independent pieces of work on a core each need no barriers, which other processes' load turns into long waits.
    package static func single<Result, Failure: Error>(
        _ work: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let before = onednn_limit_threads(1)
        defer { _ = onednn_limit_threads(before) }
        return try work()
    }
}
