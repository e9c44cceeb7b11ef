import Dispatch
import Preview
import Synchronization
import Testing

/// The order in which queries are answered.
@Suite struct LaneTests {
    @Test func whoComesFirstIsServedFirst() {
        let lane = Lane(threads: 1, waiting: 1000)
        defer { lane.stop() }
        let served = Mutex<[Int]>([])
        let gate = DispatchSemaphore(value: 0)
        let end = DispatchSemaphore(value: 0)
        #expect(lane.add { _ in gate.wait() })
        for number in 0..<500 {
            #expect(
                lane.add { isWanted in
                    served.withLock { $0.append(isWanted ? number : -1) }
                    end.signal()
                })
        }
        gate.signal()
        for _ in 0..<500 { end.wait() }
        #expect(served.withLock { $0 } == Array(0..<500))
    }

    @Test func whatIsTooMuchIsRefusedAndWhatWaitsAtTheEndIsTold() {
        let lane = Lane(threads: 0, waiting: 3)
        let told = Mutex<[Bool]>([])
        let taken = (0..<5).map { _ in lane.add { isWanted in told.withLock { $0.append(isWanted) } } }
        #expect(taken == [true, true, true, false, false])
        lane.stop()
        #expect(told.withLock { $0 } == [false, false, false])
        #expect(!lane.add { _ in })
    }
}
