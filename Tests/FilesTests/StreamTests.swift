import Files
import Foundation
import TestSupport
import Testing

/// Files that are larger than memory should be, and clocks that are further than 64 bits of nanoseconds.
@Suite struct StreamTests {
    @Test(arguments: [0, 1, 999, 1000, 1001, 3000, 3500]) func aFileIsHandedOverInPieces(size: Int) throws {
        let place = TemporaryFolder()
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        try Files.write(bytes, to: place.path + "/file")
        var (largest, joined) = (0, [UInt8]())
        try Files.stream(place.path + "/file", piece: 1000) {
            largest = max(largest, $0.count)
            joined += $0
        }
        #expect(largest == min(size, 1000))
        #expect(joined == bytes)
        #expect(try Digest(contentsOf: place.path + "/file") == Digest(of: bytes))
    }

    @Test func piecesAreSmallUnlessSomebodyAsksForLarge() throws {
        let place = TemporaryFolder()
        try Files.write([UInt8](repeating: 7, count: 5 << 20), to: place.path + "/file")
        var largest = 0
        try Files.stream(place.path + "/file") { largest = max(largest, $0.count) }
        #expect(largest <= 1 << 20)
    }

    @Test(arguments: ["pipe", "folder", "nowhere"]) func onlyRegularFilesAreHashed(name: String) throws {
        let place = TemporaryFolder()
        mkfifo(place.path + "/pipe", 0o644)
        try Files.makeFolder(place.path + "/folder")
        #expect(throws: FileError.self) { try Digest(contentsOf: place.path + "/" + name) }
    }

    @Test func aClockStandsStillWhereItsNumbersEnd() {
        func nanoseconds(_ seconds: Int, _ rest: Int = 999_999_999) -> Int64 {
            Files.nanoseconds(timespec(tv_sec: seconds, tv_nsec: rest))
        }
        #expect(nanoseconds(1) == 1_999_999_999)
        // 2262-04-11T23:47:16, and a second more.
        #expect(nanoseconds(9_223_372_036, 0) == 9_223_372_036_000_000_000)
        for seconds in [9_223_372_036, 9_223_372_037, 1 << 40, Int.max] { #expect(nanoseconds(seconds) == .max) }
        for seconds in [-9_223_372_038, Int.min] { #expect(nanoseconds(seconds) == .min) }
    }

    @Test func aFileFromAnotherAgeIsNeverSettled() throws {
        let far = Files.Stamp(size: 1, modified: .max, changed: .max, inode: 1)
        for moment in [Int64.min, 0, .max] { #expect(!far.isSettled(at: moment)) }
        let near = Files.Stamp(size: 1, modified: 0, changed: 0, inode: 1)
        #expect(near.isSettled(at: .max))
        #expect(!near.isSettled(at: .min))
    }
}
