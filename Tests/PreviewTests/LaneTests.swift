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

    /// What nobody waits for is ended when the next one comes, and never begun.
    @Test func whatNobodyWaitsForTakesNoPlace() {
        let lane = Lane(threads: 0, waiting: 2)
        let told = Mutex<[String]>([])
        let isThere = Mutex(true)
        for name in ["a", "b"] {
            let work: Lane.Work = { isWanted in told.withLock { $0.append("\(name) \(isWanted)") } }
            let isTaken = lane.add(work, isAwaited: { isThere.withLock { $0 } })
            #expect(isTaken)
        }
        #expect(!lane.add { _ in })
        isThere.withLock { $0 = false }
        #expect(lane.add { isWanted in told.withLock { $0.append("c \(isWanted)") } })
        #expect(told.withLock { $0 } == ["a false", "b false"])
        lane.stop()
        #expect(told.withLock { $0 } == ["a false", "b false", "c false"])
    }

    @Test func whatIsLeftBeforeItsTurnIsNotBegun() {
        let lane = Lane(threads: 1, waiting: 10)
        defer { lane.stop() }
        let gate = DispatchSemaphore(value: 0)
        let end = DispatchSemaphore(value: 0)
        let begun = Mutex<Bool?>(nil)
        let isThere = Mutex(true)
        #expect(lane.add { _ in gate.wait() })
        let work: Lane.Work = { isWanted in
            begun.withLock { $0 = isWanted }
            end.signal()
        }
        let isTaken = lane.add(work, isAwaited: { isThere.withLock { $0 } })
        #expect(isTaken)
        isThere.withLock { $0 = false }
        gate.signal()
        end.wait()
        #expect(begun.withLock { $0 } == false)
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
