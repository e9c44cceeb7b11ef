import Foundation

/// Threads of a build's own, with stacks as large as the first thread's: steps block, and no pool should wait for them.
package struct WorkerThreads: Sendable {
    private let group = DispatchGroup()

    /// Starts `count` threads that each do `work` once.
    ///
    /// - Parameter givesWay: whether they, and the threads that they start, leave the processors to others who want them.
    package init(_ count: Int, givesWay: Bool = false, _ work: @escaping @Sendable () -> Void) {
        for _ in 0..<count {
            group.enter()
            let thread = Thread { [group] in
                // On Linux, of the calling thread.
                if givesWay { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5) }
                work()
                group.leave()
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// Waits until all have done it.
    package func join() { group.wait() }
}
