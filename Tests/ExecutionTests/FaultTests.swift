import Execution
import Faults
import Files
import Foundation
import Testing

/// Every system call that makes or changes a file of the store fails in turn.
@Suite struct FaultTests {
    private static let codes = [ENOSPC, EIO, EACCES, EMFILE]
    private static let before = ["id: a\ntext: one", "id: b\ntext: two\nof: a"]
    private static let after = ["id: a\ntext: three", "id: b\ntext: four\nof: a"]
    /// An hour behind: what is remembered of a file, and so the number of calls, must not depend on how long ago it was
    /// written.
    private static let clock: Int64 = -3600

    /// A workshop with the results of an earlier book, and the book changed.
    private func prepared() throws -> Workshop {
        let workshop = try Workshop()
        try Files.write(Array("x".utf8), to: workshop.folder + "/data/f")
        try workshop.write(Self.before[0] + "\nfile: f", Self.before[1])
        try workshop.build(clock: Self.clock)
        try workshop.write(Self.after[0] + "\nfile: f", Self.after[1])
        return workshop
    }

    @Test func everyFailingCallIsToldAndTheNextBuildSucceeds() throws {
        let sound = Faults()
        let first = try prepared()
        let expected = try #require(first.build(operations: sound.operations, clock: Self.clock).results["b"]).bytes("text")
        #expect(expected == Array("fourthreex".utf8))
        #expect(sound.count > 40)

        var tried = 0
        for index in 0..<sound.count {
            for code in isLong ? Self.codes : [Self.codes[index % Self.codes.count]] {
                try tryFailure(of: index, code, expected)
                tried += 1
            }
        }
        print("failing system calls below the store: \(tried) of \(sound.count) calls, all told and healed")
    }

    private func tryFailure(of index: Int, _ code: Int32, _ expected: [UInt8]) throws {
        let workshop = try prepared()
        let faults = Faults(failing: index, code: code)
        var message: String?
        do {
            message = try workshop.build(operations: faults.operations, clock: Self.clock).results.failures.first?.message
        } catch {
            message = "\(error)"
        }
        let call = try #require(faults.failed, "call \(index) was never made")
        let name = "\(call.name) of \(call.path ?? "?"), \(String(cString: strerror(code)))"
        if call.path?.contains("/store/digests") == true {
            // Remembered stamps save time, nothing else: a build does without them.
            #expect(message == nil, "\(name)")
        } else {
            #expect(message?.contains(String(cString: strerror(code))) == true, "\(name): \(message ?? "no message")")
            #expect(message?.contains(workshop.store.folder) == true, "\(name): \(message ?? "no message")")
        }

        // What was there is there, whole.
        #expect(workshop.store.damages() == [], "\(name)")
        try workshop.write(Self.before[0] + "\nfile: f", Self.before[1])
        let former = try workshop.build()
        #expect(former.ran == [], "\(name)")
        #expect(try former.results["b"]?.bytes("text") == Array("twoonex".utf8), "\(name)")

        // And the next build does what this one could not.
        try workshop.write(Self.after[0] + "\nfile: f", Self.after[1])
        let healed = try workshop.build()
        #expect(healed.results.failures.isEmpty, "\(name)")
        #expect(try healed.results["b"]?.bytes("text") == expected, "\(name)")
        #expect(try workshop.leftovers() == [], "\(name)")
    }
}
