import Foundation

/// Threads of a build's own, with stacks as large as the first thread's: steps block, and no pool should wait for them.
package struct WorkerThreads: Sendable {
    private let group = DispatchGroup()

    /// Starts `count` threads that each do `work` once.
    package init(_ count: Int, _ work: @escaping @Sendable () -> Void) {
        for _ in 0..<count {
            group.enter()
            let thread = Thread { [group] in
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
