import Execution
import Files
import Foundation
import Synchronization
import Testing

/// Steps side by side.
@Suite struct ScheduleTests {
    /// What a build tells, a line an event.
    private func events(_ workshop: Workshop, keepGoing: Bool = false) throws -> (lines: [String], results: Results) {
        let lines = Mutex<[String]>([])
        let results = try workshop.build(keepGoing: keepGoing) { event in
            let line: String
            switch event {
            case .started(let at): line = "\(at.number) started"
            case .finished(let at, _): line = "\(at.number) finished"
            case .hit(let at, _): line = "\(at.number) fresh"
            case .failed(let at, _): line = "\(at.number) failed"
            case .damage(let at, _): line = "\(at.number) damaged"
            case .waiting, .progress: return
            }
            lines.withLock { $0.append(line) }
        }.results
        return (lines.withLock { $0 }, results)
    }

    private static let overlaps = ProcessInfo.processInfo.activeProcessorCount > 1

    @Test(.enabled(if: overlaps, "one core runs one light step at a time")) func lightStepsOverlapAndTellInOrder()
        throws
    {
        let workshop = try Workshop()
        let place = UUID().uuidString
        // The second can only end while the first runs.
        try workshop.write(
            "meet\nid: a\npeople: 2\nplace: \(place)", "meet\nid: b\npeople: 2\nplace: \(place)\nafter: z",
            "meet\nid: z\nplace: elsewhere")
        let (lines, results) = try events(workshop)
        #expect(results.failures.isEmpty)
        #expect(lines == ["1 started", "1 finished", "2 started", "2 finished", "3 started", "3 finished"])
        #expect(try events(workshop).lines == ["1 fresh", "2 fresh", "3 fresh"])
    }

    /// Two steps that come to one key: the first in the text runs, whichever thread is faster.
    @Test func equalLightStepsRunOnceAndInOrder() throws {
        for _ in 0..<20 {
            let workshop = try Workshop()
            try workshop.write(
                "meet\nid: a\nplace: p", "meet\nid: b\nplace: p", "meet\nid: c\nplace: q\nafter: b",
                "meet\nid: d\nplace: q\nafter: a")
            let lines = try events(workshop).lines
            #expect(lines == ["1 started", "1 finished", "2 fresh", "3 started", "3 finished", "4 fresh"])
        }
    }

    @Test func aLightStepOverlapsAHeavyOne() throws {
        let workshop = try Workshop()
        try workshop.write("meet\nid: a\nplace: p", "haul\nid: b", "meet\nid: c\nplace: q", "haul\nid: d\nnumber: 1")
        let (lines, results) = try events(workshop)
        #expect(results.failures.isEmpty)
        #expect(lines == (1...4).flatMap { ["\($0) started", "\($0) finished"] })
    }

    @Test func heavyStepsRunOneAtATimeOnOneThread() throws {
        let workshop = try Workshop()
        let place = UUID().uuidString
        let bodies = (0..<8).map { "haul\nid: l\($0)\nnumber: \($0)\nplace: \(place)" }
        try workshop.write(bodies.joined(separator: "\n```\n\n```"))
        let results = try workshop.build().results
        let threads = try (0..<8).map { try #require(results["l\($0)"]).bytes("thread") }
        let counts = try (0..<8).map { try #require(results["l\($0)"]).bytes("count") }
        #expect(Set(threads).count == 1)
        #expect(Set(counts) == [Array("1".utf8)])
    }

    /// Whatever ran beside the failed step, the build tells and returns what one step after the other would have.
    @Test func aFailureEndsTheBuildAtItsPlace() throws {
        let workshop = try Workshop()
        try workshop.write(
            "meet\nid: a\nplace: p", "id: b\nfail: true", "meet\nid: c\nplace: q", "id: d",
            "meet\nid: e\nplace: r\nafter: a")
        for _ in 0..<10 {
            try? FileManager.default.removeItem(atPath: workshop.store.folder)
            let (lines, results) = try events(workshop)
            #expect(lines == ["1 started", "1 finished", "2 started", "2 failed"])
            #expect(results.failures.count == 1)
            #expect(results["a"] != nil)
            #expect(results["c"] == nil && results["d"] == nil && results["e"] == nil)
        }
        let (lines, results) = try events(workshop, keepGoing: true)
        #expect(lines.suffix(4).allSatisfy { !$0.contains("failed") })
        #expect(results["c"] != nil && results["d"] != nil && results["e"] != nil)
    }

    /// A build waits for another only where both want the same key: here neither could end without the other.
    @Test func buildsOfDifferentBooksDoNotWaitForEachOther() throws {
        let (first, second) = (try Workshop(), try Workshop())
        let place = UUID().uuidString
        try first.write("meet\nid: a\npeople: 2\nplace: \(place)\n```\n\n```meet\nid: b\nplace: s\nafter: a")
        try second.write("meet\nid: c\npeople: 2\nplace: \(place)\nnumber: 1")
        let store = first.store
        let failures = Mutex<[String]>([])
        let ended = DispatchGroup()
        for workshop in [first, second] {
            ended.enter()
            // Threads of their own: one that is lent may come too late.
            Thread.detachNewThread {
                do {
                    let executor = Executor(store: store, interruption: Interruption()) { _ in }
                    let results = try executor.run(try workshop.plan().steps)
                    failures.withLock { $0 += results.failures.map(\.message) }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
                ended.leave()
            }
        }
        ended.wait()
        #expect(failures.withLock { $0 } == [])
    }
}
