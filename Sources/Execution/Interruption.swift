import Synchronization

/// A request to stop, set by a signal and asked for by steps between two units of work.
package final class Interruption: Sendable {
    private let signal = Atomic<Int32>(0)

    package init() {}

    package func request(signal number: Int32) { signal.store(number, ordering: .relaxed) }

    /// The signal that asked, if one did.
    package var requestedSignal: Int32? {
        let number = signal.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    package func check() throws {
        if requestedSignal != nil { throw Interrupted() }
    }
}
