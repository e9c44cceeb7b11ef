import Execution
import Testing

@Suite struct PaceTests {
    private static let second: UInt64 = 1_000_000_000

    private func progress(_ part: String, _ done: Int, later: Int = 0) -> StepProgress {
        StepProgress(part: part, done: done, total: 100, later: later, unit: "images")
    }

    @Test func theRateIsThatOfThePartAndTheRestThatOfTheStep() {
        var pace = Pace()
        let start = pace.update(progress("epoch 1/3", 0, later: 200), now: 0)
        #expect(start == nil)
        let first = pace.update(progress("epoch 1/3", 50, later: 200), now: 5 * Self.second)
        #expect(first?.rate == 10 && first?.secondsLeft == 25)
        // Another part begins anew.
        let change = pace.update(progress("epoch 2/3", 0, later: 100), now: 60 * Self.second)
        #expect(change == nil)
        let second = pace.update(progress("epoch 2/3", 40, later: 100), now: 62 * Self.second)
        #expect(second?.rate == 20 && second?.secondsLeft == 8)
    }

    @Test func whatWasDoneBeforeDoesNotCountAsFast() {
        var pace = Pace()
        let start = pace.update(progress("", 80), now: 0)
        #expect(start == nil)
        let later = pace.update(progress("", 90), now: 10 * Self.second)
        #expect(later?.secondsLeft == 10)
    }

    @Test func aMomentIsTooShortToTell() {
        var pace = Pace()
        let start = pace.update(progress("", 0), now: 0)
        let moment = pace.update(progress("", 1), now: Self.second / 10)
        #expect(start == nil && moment == nil)
    }
}

@Suite struct OutlookTests {
    private let outlook = Outlook(expected: [("faces", 40), ("tuned", 60), ("after", 10)])

    @Test func atFirstItIsWhatIsExpected() {
        #expect(outlook.secondsLeft(over: [], took: [:], running: [:]) == 110)
    }

    @Test func whatTookLongerMakesTheRestLonger() {
        // 5 + 40 expected seconds were 5 + 85 of this machine.
        #expect(outlook.secondsLeft(over: ["faces"], took: ["faces": 85], running: [:]) == 140)
        // What came from the store tells nothing of the machine.
        #expect(outlook.secondsLeft(over: ["faces"], took: [:], running: [:]) == 70)
    }

    @Test func whatRunsTakesWhatItCountsAndWhatIsExpectedOfIt() {
        func left(_ left: Int?, after elapsed: Double) -> Double {
            outlook.secondsLeft(
                over: ["faces"], took: [:], running: ["tuned": Outlook.Running(left: left, elapsed: elapsed)])
        }
        // A part that is nearly over says little of the whole step, and one that takes long says much.
        #expect(left(2, after: 10) == 60)
        #expect(left(90, after: 10) == 100)
        #expect(left(nil, after: 100) == 10)
        #expect(outlook.secondsLeft(over: ["faces", "tuned", "after"], took: [:], running: [:]) == 0)
    }
}
