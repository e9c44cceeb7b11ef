import Files
import Foundation
import TestSupport
import Testing

@Suite struct StampTests {
    private let place = TemporaryFolder()

    private func stamp(_ name: String) -> Files.Stamp? { Files.stamp(of: place.path + "/" + name) }

    @Test func aStampIsThatOfARegularFile() throws {
        try place.put("abc", "file")
        try Files.makeFolder(place.path + "/folder")
        try place.link("link", to: "file")
        mkfifo(place.path + "/pipe", 0o644)
        let file = try #require(stamp("file"))
        #expect(file.size == 3 && file.modified > 0 && file.changed >= file.modified)
        #expect(stamp("link") == file)
        for name in ["folder", "pipe", "nowhere"] { #expect(stamp(name) == nil) }
        let folder = try #require(OpenFolder(place.path))
        #expect(Files.stamp(of: "file", from: folder) == file)
        #expect(Files.stamp(of: "nowhere", from: folder) == nil)
        for name in ["file", "nowhere"] { #expect(OpenFolder(place.path + "/" + name) == nil) }
    }

    /// Whoever sets a file's time back cannot set back when that was done.
    @Test func aFileThatWasChangedHasAnotherStamp() throws {
        try place.put("abc", "file")
        let path = place.path + "/file"
        let first = try #require(stamp("file"))
        let date = try #require(FileManager.default.attributesOfItem(atPath: path)[.modificationDate])
        // The times of a file system have a grain.
        repeat { try Data("xyz".utf8).write(to: URL(fileURLWithPath: path)) } while stamp("file") == first
        let second = try #require(stamp("file"))
        repeat {
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        } while stamp(
            "file")?.changed == second.changed
        #expect(stamp("file") != first && stamp("file")?.size == 3)
        try place.put("xyz", "file")
        #expect(stamp("file")?.inode != second.inode, "a file that is replaced is another one")
    }

    @Test func aFileRestsForTwoSecondsBeforeItIsSettled() {
        let second: Int64 = 1_000_000_000
        let stamp = Files.Stamp(size: 1, modified: 5 * second, changed: 7 * second, inode: 1)
        #expect(!stamp.isSettled(at: 7 * second) && !stamp.isSettled(at: 9 * second))
        #expect(stamp.isSettled(at: 9 * second + 1))
    }
}
