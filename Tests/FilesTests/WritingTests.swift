import Faults
import Files
import Foundation
import TestSupport
import Testing

/// The durable writer: the old bytes or the new ones, and nothing beside them.
@Suite struct WritingTests {
    private let place = TemporaryFolder()
    private var path: String { place.path + "/a/file" }

    @Test func foldersAreMadeAndFilesReplaced() throws {
        for text in ["first", "", "third"] {
            try Files.write(Array(text.utf8), to: path)
            #expect(place.read("a/file") == text)
            #expect(try place.names("a") == ["file"])
        }
    }

    @Test(arguments: [ENOSPC, EIO]) func whateverFailsTheOldFileStaysWhole(code: Int32) throws {
        let counting = Faults()
        try Files.write([1], to: path)
        try Files.write([1], to: path, with: counting.operations)
        #expect(counting.count == 6, "open, write, sync, rename, and open and sync of the folder")
        for failing in 0..<counting.count {
            let faults = Faults(failing: failing, code: code)
            let error = #expect(throws: FileError.self) { try Files.write([2], to: path, with: faults.operations) }
            let call = faults.failed?.name ?? "?"
            #expect(error?.kind == .unwritable, "\(call)")
            #expect(error?.description.contains(String(cString: strerror(code))) == true, "\(call)")
            // The folder is synced when the new name stands in it already.
            #expect(try Files.read(path) == [failing < 4 ? 1 : 2], "\(call)")
            #expect(try place.names("a") == ["file"], "\(call)")
            try Files.write([1], to: path)
        }
    }

    @Test func aWriteThatIsInterruptedOrTakesLittleGoesOn() throws {
        var operations = FileOperations.system
        nonisolated(unsafe) var calls = 0
        operations.write = { descriptor, bytes in
            calls += 1
            guard calls % 2 == 0 else {
                errno = EINTR
                return -1
            }
            return FileOperations.system.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[..<1]))
        }
        try Files.write(Array("slowly".utf8), to: path, with: operations)
        #expect(place.read("a/file") == "slowly" && calls == 12)
        operations.write = { _, _ in 0 }
        let stuck = operations
        #expect(throws: FileError.self) { try Files.write([1], to: path, with: stuck) }
        #expect(place.read("a/file") == "slowly")
    }

    @Test func aLinkInTheNamesPlaceIsReplacedAndNothingBehindIt() throws {
        try place.put("mine", "mine")
        try Files.makeFolder(place.path + "/a")
        try place.link("a/file", to: "../mine")
        try Files.write(Array("new".utf8), to: path)
        #expect(!Files.isLink(path) && place.read("a/file") == "new" && place.read("mine") == "mine")
    }

    @Test func aStagedFileWaitsBesideTheOldOne() throws {
        try Files.write([1], to: path)
        let staged = try Files.stage([2], for: path)
        #expect(try Files.read(path) == [1])
        #expect(try place.names("a").map { StagedFile.target(of: $0) ?? $0 } == ["file", "file"])
        try staged.commit()
        #expect(try Files.read(path) == [2] && place.names("a") == ["file"])
        try Files.stage([3], for: path).discard()
        #expect(try Files.read(path) == [2] && place.names("a") == ["file"])
        // Two at once do not meet.
        let both = [try Files.stage([4], for: path), try Files.stage([5], for: path)]
        for file in both { try file.commit() }
        #expect(try Files.read(path) == [5] && place.names("a") == ["file"])
    }

    @Test func bytesAreAppendedAndNotThroughALink() throws {
        for byte in [UInt8(1), 2, 3] { try Files.append([byte], to: path) }
        #expect(try Files.read(path) == [1, 2, 3])
        try place.link("a/link", to: "file")
        #expect(throws: FileError.self) { try Files.append([4], to: place.path + "/a/link") }
        #expect(try Files.read(path) == [1, 2, 3])
    }

    @Test(arguments: [("a/b/c", "a/b"), ("c", "."), ("/c", "/"), ("/", "/"), ("a/", "a")])
    func theFolderOfAPath(path: String, folder: String) { #expect(Files.folder(of: path) == folder) }

    @Test func whatIsNoFolderIsNotSynced() throws {
        try place.put("", "file")
        for name in ["file", "nowhere"] {
            #expect(throws: FileError.self) { try Files.sync(folder: place.path + "/" + name) }
        }
    }
}
