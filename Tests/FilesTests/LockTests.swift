import Files
import Foundation
import TestSupport
import Testing

@Suite struct RangeLockTests {
    private let place = TemporaryFolder()
    private struct Busy: Error {}

    @Test func bytesAreIndependentAndAllExcludesEach() throws {
        let path = place.path + "/lock"
        // Waits, for a process that was started by another test may hold a copy of a lock until its program begins.
        func take(_ extent: RangeLock.Extent, shared: Bool = false) throws -> RangeLock {
            try RangeLock(path, extent, shared: shared) {}
        }
        func tryToTake(_ extent: RangeLock.Extent, shared: Bool = false) throws -> RangeLock {
            try RangeLock(path, extent, shared: shared) { throw Busy() }
        }
        do {
            let first = try take(.byte(5))
            let second = try tryToTake(.byte(1 << 62))
            #expect(throws: Busy.self) { try tryToTake(.byte(5)) }
            #expect(throws: Busy.self) { try tryToTake(.all) }
            withExtendedLifetime((first, second)) {}
        }
        do {
            let readers = (try take(.byte(0), shared: true), try tryToTake(.byte(0), shared: true))
            #expect(throws: Busy.self) { try tryToTake(.byte(0)) }
            #expect(throws: Busy.self) { try tryToTake(.all) }
            withExtendedLifetime(readers) {}
        }
        let all = try take(.all)
        #expect(throws: Busy.self) { try tryToTake(.byte(0), shared: true) }
        withExtendedLifetime(all) {}
    }
}

@Suite struct FileLockTests {
    private let place = TemporaryFolder()
    private struct Busy: Error {}

    @Test(arguments: ["file", "."]) func oneHoldsItAndTheOtherWaits(name: String) throws {
        let path = place.path + "/" + name
        // Waits, as above.
        var first: FileLock? = try FileLock(path)
        #expect(throws: Busy.self) { try FileLock(path) { throw Busy() } }
        var waits = 0
        let second = try FileLock(path) {
            waits += 1
            if waits == 2 { first = nil }
        }
        #expect(waits >= 2 && first == nil)
        withExtendedLifetime(second) {}
    }

    @Test func whatCannotBeOpenedIsNamed() throws {
        try place.put("", "file")
        let path = place.path + "/file/below"
        let errors = [
            #expect(throws: FileError.self) { _ = try FileLock(path) },
            #expect(throws: FileError.self) { _ = try RangeLock(path, .all) {} },
        ]
        for error in errors { #expect(error?.path == path && error?.kind == .unwritable) }
    }
}
