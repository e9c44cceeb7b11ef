import Files
import Foundation
import TestSupport
import Testing

/// Files that somebody names for the program to write.
@Suite struct OutputFileTests {
    private let bytes = Array("new".utf8)

    @Test func aFileIsMadeOrReplaced() throws {
        let place = TemporaryFolder()
        for _ in 0..<2 {
            try OutputFile(place.path + "/a/b/file").write(bytes)
            #expect(place.read("a/b/file") == "new")
        }
        #expect(try place.names("a/b") == ["file"])
    }

    @Test(arguments: ["old", nil]) func aLinkStaysAndItsFileIsWritten(before: String?) throws {
        let place = TemporaryFolder()
        try Files.makeFolder(place.path + "/there")
        if let before { try place.put(before, "there/file") }
        try place.link("there/second", to: "file")
        try place.link("first", to: "there/second")
        try OutputFile(place.path + "/first").write(bytes)
        #expect(place.read("there/file") == "new")
        #expect(Files.isLink(place.path + "/first") && Files.isLink(place.path + "/there/second"))
        #expect(try place.names("there") == ["file", "second"])
    }

    @Test func aClosedFileStaysClosed() throws {
        let place = TemporaryFolder()
        try place.put("old", "file")
        chmod(place.path + "/file", 0o640)
        try OutputFile(place.path + "/file").write(bytes)
        var status = stat()
        #expect(stat(place.path + "/file", &status) == 0 && status.st_mode & 0o777 == 0o640)
        #expect(place.read("file") == "new")
    }

    @Test func aPipeIsWrittenInto() throws {
        let place = TemporaryFolder()
        let pipe = place.path + "/pipe"
        mkfifo(pipe, 0o644)
        // Open for reading too, so that nobody has to wait.
        let reader = open(pipe, O_RDWR | O_NONBLOCK)
        defer { close(reader) }
        let output = try OutputFile(pipe)
        var buffer = [UInt8](repeating: 0, count: 8)
        #expect(read(reader, &buffer, 8) == -1)
        try output.write(bytes)
        #expect(read(reader, &buffer, 8) == 3)
        #expect(Files.kind(of: pipe) == .other)
        #expect(try place.names() == ["pipe"])
    }

    /// Through a link, so that a mistake would not take the device.
    @Test func aDeviceStaysWhatItIs() throws {
        let place = TemporaryFolder()
        try place.link("null", to: "/dev/null")
        try OutputFile(place.path + "/null").write(bytes)
        #expect(Files.isLink(place.path + "/null"))
        #expect(try place.names() == ["null"])
    }

    @Test(arguments: ["", "folder", "folder/", "new/", "file/below", "circle", "folder/.."]) func otherPlacesAreRefused(
        name: String
    ) throws {
        let place = TemporaryFolder()
        try Files.makeFolder(place.path + "/folder")
        try place.put("old", "file")
        try place.link("circle", to: "circle")
        #expect(throws: FileError.self) { try OutputFile(name.isEmpty ? "" : place.path + "/" + name) }
        #expect(try place.names() == ["circle", "file", "folder"])
        #expect(place.read("file") == "old")
    }

    @Test func aPlaceThatCannotBeWrittenIsToldBeforehand() throws {
        let place = TemporaryFolder()
        var operations = FileOperations.system
        operations.open = { path, flags in
            guard flags & O_CREAT != 0 else { return FileOperations.system.open(path, flags) }
            errno = EROFS
            return -1
        }
        let failing = operations
        let error = #expect(throws: FileError.self) { try OutputFile(place.path + "/file", with: failing) }
        #expect(error?.description.contains("file: cannot be written: Read-only file system") == true)
        #expect(try place.names() == [])
    }

    @Test func oneFileIsKnownByAllItsSpellings() throws {
        let place = TemporaryFolder()
        try Files.makeFolder(place.path + "/a")
        try place.put("old", "a/file")
        try place.link("linked", to: "a")
        try place.link("name", to: "linked/file")
        let spellings = ["a/file", "a//file", "./a/../a/file", "linked/file", "name"]
        let outputs = try spellings.map { try OutputFile(place.path + "/" + $0) }
        for output in outputs {
            #expect(outputs.allSatisfy { $0.isSame(as: output) })
            #expect(output.wouldReplace(place.path + "/linked/file"))
        }
        let other = try OutputFile(place.path + "/a/other")
        #expect(outputs.allSatisfy { !$0.isSame(as: other) })
        #expect(!other.wouldReplace(place.path + "/a/file"))
        try #expect(other.isSame(as: OutputFile(place.path + "/linked/other")))
        try #expect(OutputFile("/dev/null").isSame(as: OutputFile("/dev/../dev/null")))
        #expect(place.read("a/file") == "old")
    }
}
