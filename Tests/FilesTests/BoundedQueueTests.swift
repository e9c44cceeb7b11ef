import Files
import Foundation
import Testing

@Suite struct BoundedQueueTests {
    /// The first operation does not end until all others have been offered, which nobody may wait for in vain.
    @Test func whoAddsTooMuchWaitsUntilThereIsRoom() {
        let queue = BoundedQueue()
        let (gate, offered) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        queue.addOperation { gate.wait() }
        Thread.detachNewThread {
            for _ in 0..<3 * BoundedQueue.most { queue.addOperation {} }
            offered.signal()
        }
        while queue.added < BoundedQueue.most { sched_yield() }
        #expect(queue.mostKept == BoundedQueue.most)
        gate.signal()
        offered.wait()
        queue.waitUntilAllOperationsAreFinished()
        #expect(queue.added == 1 + 3 * BoundedQueue.most)
        #expect(queue.mostKept == BoundedQueue.most)
    }
}
