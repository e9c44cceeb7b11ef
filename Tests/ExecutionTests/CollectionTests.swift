import Execution
import Files
import Foundation
import Testing

@Suite struct CollectionTests {
    /// Builds versions of one directive in turn and returns their keys.
    private func versions(_ texts: [String], _ workshop: Workshop) throws -> [Digest] {
        try texts.map { text in
            try workshop.write("id: a\ntext: \(text)\ncount: 10")
            return try #require(try workshop.build().results["a"]).key
        }
    }

    @Test func theLastTwoOfADirectiveStay() throws {
        let workshop = try Workshop()
        let keys = try versions(["one", "two", "three"], workshop)
        let planned = try workshop.store.collect(keeping: [], dryRun: true)
        #expect(planned.results.map(\.key) == [keys[0]])
        #expect(planned.bytes > 0)
        #expect(try workshop.store.entries().count == 3)
        let done = try workshop.store.collect(keeping: [], dryRun: false)
        #expect(done.bytes == planned.bytes)
        #expect(try Set(workshop.store.entries().map(\.result.key)) == Set(keys[1...]))
        #expect(try workshop.store.damages() == [])
        #expect(try workshop.build().ran == [])
        // Going back and forth keeps both.
        #expect(try versions(["two", "three"], workshop) == Array(keys[1...]))
        #expect(try workshop.store.collect(keeping: [], dryRun: false).results.isEmpty)
    }

    @Test func aBudgetLetsFormerResultsGoButNeverWhatIsReachedOrPinned() throws {
        let workshop = try Workshop()
        let keys = try versions(["one", "two", "three"], workshop)
        try workshop.write("id: a\ntext: one\ncount: 10")
        try workshop.build()
        #expect(try workshop.store.pin("a") == keys[0])
        #expect(try workshop.store.pin("b") == nil)
        _ = try versions(["four"], workshop)
        let tight = try workshop.store.collect(keeping: [keys[2]], budget: 0, dryRun: false)
        #expect(try Set(workshop.store.entries().map(\.result.key)) == [keys[0], keys[2]])
        #expect(tight.keptBytes > 0)
        #expect(try workshop.store.unpin("a") == 1)
        #expect(try workshop.store.unpin("a") == 0)
        _ = try workshop.store.collect(keeping: [keys[2]], budget: 0, dryRun: false)
        #expect(try workshop.store.entries().map(\.result.key) == [keys[2]])
        #expect(try workshop.store.damages() == [])
    }

    @Test func aWideBudgetKeepsWhatAWideStoreKeeps() throws {
        let workshop = try Workshop()
        let keys = try versions(["one", "two"], workshop)
        _ = try workshop.store.collect(keeping: [], budget: 1 << 30, dryRun: false)
        #expect(try workshop.store.entries().count == keys.count)
    }

    @Test func unfinishedStepsThatNothingAsksForGo() throws {
        let workshop = try Workshop()
        try workshop.write("id: a\npause: true")
        #expect(throws: Interrupted.self) { try workshop.build() }
        let key = try #require(try workshop.store.status(of: workshop.plan().steps).first)
        #expect(key.kind == .interrupted)
        let wanted = Set([key.key].compactMap { $0 })
        #expect(try workshop.store.collect(keeping: [], unfinished: wanted, dryRun: false).scratchCount == 0)
        #expect(try workshop.store.collect(keeping: [], unfinished: nil, dryRun: false).scratchCount == 0)
        #expect(try workshop.store.collect(keeping: [], unfinished: [], dryRun: false).scratchCount == 1)
        #expect(try workshop.leftovers() == [])
    }
}
