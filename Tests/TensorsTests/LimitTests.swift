import Synchronization
import Tensors
import Testing

@Suite struct LimitTests {
    @Test func threadsAreTriedBeforeTheyAreNeeded() {
        #expect(Threads.canStart(3))
        let started = Mutex(0)
        let isEnough = Threads.canStart(3) { _ in
            started.withLock {
                $0 += 1
                return $0 < 3
            }
        }
        #expect(!isEnough)
        #expect(started.withLock { $0 } == 3)
    }

    @Test func aTensorThatFindsNoMemoryEndsTheProcessInOrder() async {
        await #expect(processExitsWith: .exitCode(1)) {
            _ = Tensor([1 << 58])
        }
    }
}
