import Glibc
import Synchronization

/// What happens when the system has no memory for a tensor: nothing that is half computed can go on.
package enum MemoryShortage {
    /// Says how many bytes were asked for, in whatever way the command says things.
    package static let tell = Mutex<(@Sendable (Int) -> Void)?>(nil)

    /// Ends the process after that sentence, with 1 as every refusal does.
    static func end(needing bytes: Int) -> Never {
        tell.withLock { $0 }?(bytes)
        _exit(1)
    }
}
