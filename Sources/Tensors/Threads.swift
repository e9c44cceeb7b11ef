import COneDNN
import Dispatch
import Foundation
import Synchronization

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

    /// Calls `work` once for every index below `count`, on so many cores at most; each core takes the next index when it
    /// has done one, and works alone.
    ///
    /// A core that other processes take away holds up the others for one index at most, and nobody spins.
    ///
    /// - Parameter work: `worker`, below `workers`, tells the cores apart: who does which index is left to chance. What it
    ///   throws ends the work; of several errors the one for the lowest index is thrown.
    package static func each<Failure: Error>(
        _ count: Int, workers: Int = Threads.count, _ work: (_ index: Int, _ worker: Int) throws(Failure) -> Void
    ) throws(Failure) {
        let next = Atomic(0)
        let failures = Mutex<[Int: Failure]>([:])
        withoutActuallyEscaping(work) { work in
            // Every index is one thread's, and all have ended before this returns.
            nonisolated(unsafe) let work = work
            let take = { @Sendable (worker: Int) in
                Threads.single {
                    while true {
                        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                        guard index < count else { return }
                        do throws(Failure) {
                            try work(index, worker)
                        } catch {
                            failures.withLock { $0[index] = error }
                            next.store(count, ordering: .relaxed)
                            return
                        }
                    }
                }
            }
            let used = min(workers, count)
            if used > 1 { DispatchQueue.concurrentPerform(iterations: used, execute: take) } else { take(0) }
        }
        if let first = failures.withLock({ $0.min { $0.key < $1.key } }) { throw first.value }
    }
}
