import Files
import Foundation
import TestSupport
import Testing

/// What lies in a folder, and where paths lead.
@Suite struct ListingTests {
    private let place = TemporaryFolder()

    @Test func visibleNamesAreListedWithWhatTheyLeadTo() throws {
        for name in ["file", ".hidden", "folder/below"] { try place.put("", name) }
        for (name, target) in [("to file", "file"), ("to folder", "folder"), ("nowhere", "none")] {
            try place.link(name, to: target)
        }
        mkfifo(place.path + "/pipe", 0o644)
        // Nothing here could name it.
        let latin1 = Array(place.path.utf8CString.dropLast()) + [0x2F, CChar(bitPattern: 0xE9), 0]
        try #require(mkdir(latin1, 0o755) == 0)
        let (entries, unnamed) = try Files.list(place.path)
        #expect(
            Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.kind) }) == [
                "file": .file, "folder": .folder, "to file": .file, "to folder": .folder, "nowhere": .other,
                "pipe": .other,
            ])
        #expect(unnamed == 1)
        #expect(Files.kind(of: place.path + "/none") == .other)
    }

    @Test(arguments: ["nowhere", "file"]) func onlyFoldersAreListed(name: String) throws {
        try place.put("", "file")
        let error = #expect(throws: FileError.self) { try Files.list(place.path + "/" + name) }
        #expect(error?.path == place.path + "/" + name)
    }

    @Test func linksInAPathAreFollowed() throws {
        try place.put("", "a/b/file")
        try place.link("c", to: "a/b")
        try place.link("circle", to: "circle")
        let root = try #require(Files.resolved(place.path))
        #expect(Files.resolved(place.path + "/c/../b/./file") == root + "/a/b/file")
        for name in ["none", "circle", "a/b/file/below", "a\0b"] { #expect(Files.resolved(root + "/" + name) == nil) }
        // What is not there yet lies where it would be made.
        #expect(Files.resolvedPlace(root + "/c/new/file") == root + "/a/b/new/file")
        #expect(Files.resolvedPlace(root + "/c") == root + "/a/b")
        #expect(Files.resolvedPlace("/none") == "/none")
    }

    @Test(arguments: [
        ("/a/b", "/a", true), ("/a/b/c", "/a", true), ("/a", "/a", false), ("/ab", "/a", false), ("/a", "/", true),
        ("/", "/a", false),
    ])
    func aPlaceLiesBelowAFolder(path: String, folder: String, lies: Bool) {
        #expect(Files.lies(path, below: folder) == lies)
    }
}
