import Execution
import Files
import Foundation
import Synchronization
import TestSupport
import Testing

/// Data that somebody writes while a step reads them.
@Suite struct TouchedDataTests {
    @Test(arguments: ["edit", "restore", "keepTime"])
    func dataTouchedWhileTheyAreReadAreNotPublished(spoiling: String) throws {
        let workshop = try Workshop()
        try Files.write(Array("abc".utf8), to: workshop.folder + "/data/f")
        try workshop.write("id: a\nfile: f\nspoil: \(spoiling)")
        let results = try workshop.build().results
        #expect(results["a"] == nil)
        #expect(results.failures.first?.message.contains("changed while make a read it as 'file'") == true)
        #expect(try workshop.store.entries().isEmpty)
        #expect(try workshop.leftovers() == [])

        try Files.write(Array("abc".utf8), to: workshop.folder + "/data/f")
        try workshop.write("id: a\nfile: f")
        let again = try workshop.build()
        #expect(again.ran == ["a"])
        #expect(try again.results["a"]?.bytes("text") == Array("aabc".utf8))
    }

    /// A run that was killed may have read other bytes than its key stands for: what it left is not trusted.
    @Test func whatAnInterruptedRunLeftGoesWithItsData() throws {
        let workshop = try Workshop()
        let path = workshop.folder + "/data/f"
        try Files.write(Array("abc".utf8), to: path)
        try workshop.write("id: a\nfile: f\npause: true")
        #expect(throws: Interrupted.self) { try workshop.build() }
        try overwrite(path, with: Array("abd".utf8))
        try overwrite(path, with: Array("abc".utf8))
        let told = Mutex<[String]>([])
        // The same key, and yet the step begins anew: it pauses once more.
        #expect(throws: Interrupted.self) {
            try workshop.build { if case .damage(_, let reason) = $0 { told.withLock { $0.append(reason) } } }
        }
        #expect(told.withLock { $0 } == ["its data were touched after the interrupted run; the step begins anew"])
        #expect(try workshop.build().ran == ["a"])
        #expect(try workshop.leftovers() == [])
    }

    /// Whatever is published under a key was made from the bytes that the key names.
    @Test func aKeyNeverHoldsAnotherContent() throws {
        let workshop = try Workshop()
        let path = workshop.folder + "/data/f"
        try workshop.write("id: a\nfile: f\ntext: z")
        try Files.write(Array("0".utf8), to: path)
        let start = DispatchTime.now().uptimeNanoseconds
        _ = try workshop.build(rerun: ["a"])
        let length = UInt32((DispatchTime.now().uptimeNanoseconds - start) / 1000)
        var (published, refused) = (0, 0)
        for number in 0..<(isLong ? 1000 : 100) {
            // The moments are the test's input, during a build or behind it; nothing waits for anything.
            let pauses = (0..<2).map { _ in UInt32.random(in: 0...length) }
            let writer = DispatchWorkItem {
                for (index, pause) in pauses.enumerated() {
                    usleep(pause)
                    let text = "\((number + index) % 7)"
                    try? Files.write(Array(text.utf8), to: path, syncsFile: false, syncsFolder: false)
                }
            }
            DispatchQueue.global().async(execute: writer)
            defer { writer.wait() }
            guard let result = try workshop.build(rerun: ["a"]).results["a"] else {
                refused += 1
                continue
            }
            published += 1
            let content = Array(try result.bytes("text").dropFirst())
            #expect(result.components.first { $0.tag == .data }?.value == .text(Digest(of: content).hex))
        }
        #expect(published > 0)
        print("builds beside a writer: \(published) published under the right key, \(refused) refused")
    }
}

/// Clocks that were wrong by ten years.
@Suite struct ClockTests {
    private static let decade: Int64 = 10 * 365 * 86_400

    @Test(arguments: [-decade, decade])
    func aMovedClockChangesNothing(by seconds: Int64) throws {
        let workshop = try Workshop()
        let path = workshop.folder + "/data/f"
        try Files.write(Array("x".utf8), to: path)
        try workshop.write("id: a\nfile: f", "id: b\nof: a")
        let first = try workshop.build(clock: 0).results
        let moved = try workshop.build(clock: seconds)
        #expect(moved.ran == [])
        #expect(moved.results["b"]?.key == first["b"]?.key)
        // A result from another time is as good.
        try workshop.write("id: a\nfile: f\ntext: n", "id: b\nof: a")
        #expect(try workshop.build(clock: seconds).ran == ["a", "b"])
        #expect(try workshop.build(clock: 0).ran == [])
        // Collection tells the last two of a directive by their order, not by their dates.
        try workshop.write("id: a\nfile: f\ntext: o", "id: b\nof: a")
        #expect(try workshop.build(clock: -seconds).ran == ["a", "b"])
        let collected = try workshop.store.collect(keeping: [], dryRun: false)
        #expect(Set(collected.results.map(\.key)) == Set(["a", "b"].compactMap { first[$0]?.key }))
        #expect(try workshop.build(clock: 0).ran == [])
    }

    @Test(arguments: [-decade, decade])
    func datesOfDataMeanNothing(from seconds: Int64) throws {
        let workshop = try Workshop()
        let path = workshop.folder + "/data/f"
        try workshop.write("id: a\nfile: f")
        func put(_ text: String) throws {
            try Files.write(Array(text.utf8), to: path)
            let date = Date().addingTimeInterval(Double(seconds))
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        }
        try put("x")
        #expect(try workshop.build().ran == ["a"])
        #expect(try workshop.build(clock: seconds).ran == [])
        // Same size, same date, other bytes; also when the clock makes the file look as if it had long rested.
        try put("y")
        #expect(try workshop.build(clock: seconds).ran == ["a"])
        try put("z")
        let result = try workshop.build(clock: abs(seconds)).results["a"]
        #expect(try result?.bytes("text") == Array("az".utf8))
    }
}
