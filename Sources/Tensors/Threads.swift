import COneDNN
import Foundation

/// How the numeric work is spread over the cores.
package enum Threads {
    /// The cores that this process may use.
    package static let count = ProcessInfo.processInfo.activeProcessorCount

    /// Whether so many more threads can be had at once; libraries that get none wait for them for ever.
    ///
    /// - Parameter start: starts a thread that waits for the semaphore; false where there is none to be had.
    package static func canStart(
        _ count: Int, _ start: (DispatchSemaphore) -> Bool = Threads.startWaiting
    ) -> Bool {
        let gate = DispatchSemaphore(value: 0)
        var started = 0
        while started < count, start(gate) { started += 1 }
        for _ in 0..<started { gate.signal() }
        return started == count
    }

    package static func startWaiting(for gate: DispatchSemaphore) -> Bool {
        var attributes = pthread_attr_t()
        guard pthread_attr_init(&attributes) == 0 else { return false }
        defer { pthread_attr_destroy(&attributes) }
        guard pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED)) == 0 else { return false }
        let argument = Unmanaged.passRetained(gate)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<DispatchSemaphore>.fromOpaque(argument).takeRetainedValue().wait()
                return nil
            }, argument.toOpaque())
        if status != 0 { argument.release() }
        return status == 0
    }

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
