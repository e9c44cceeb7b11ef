import Files
import Foundation
import TestSupport
import Testing

/// Removing what is ours, whatever somebody puts in its place.
@Suite struct OwnFolderTests {
    @Test func filesAndEmptyFoldersGo() throws {
        let place = TemporaryFolder()
        try place.put("a", "ours/a/b")
        let own = try #require(try OwnFolder(place.path + "/ours"))
        #expect(try !own.removeFolder("a"))
        #expect(try own.remove("a/b"))
        #expect(try !own.remove("a/b"))
        #expect(try !own.remove("a"))
        #expect(try own.removeFolder("a"))
        #expect(try own.entries() == [])
        #expect(try own.entries("a") == [])
        #expect(try OwnFolder(place.path + "/nowhere") == nil)
    }

    @Test func everyKindIsToldApart() throws {
        let place = TemporaryFolder()
        try place.put("abc", "file")
        try Files.makeFolder(place.path + "/folder")
        try place.link("link", to: "file")
        try place.link("linked", to: "folder")
        mkfifo(place.path + "/pipe", 0o644)
        let own = try #require(try OwnFolder(place.path))
        let kinds = try own.entries().map { ($0.name, $0.kind) }
        #expect(kinds.map(\.0) == ["file", "folder", "link", "linked", "pipe"])
        #expect(kinds.map(\.1) == [.file, .folder, .link, .link, .other])
        #expect(try own.entries().first?.size == 3)
        for name in ["link", "linked", "pipe"] {
            #expect(try !own.remove(name))
            #expect(try !own.removeFolder(name))
        }
        #expect(try own.entries().count == 5)
    }

    @Test(arguments: ["linked", "linked/below", "a/linked"]) func nothingBehindALinkIsReached(folder: String) throws {
        let place = TemporaryFolder()
        try place.put("mine", "elsewhere/mine")
        try place.put("mine", "elsewhere/below/mine")
        try Files.makeFolder(place.path + "/ours/a")
        try place.link("ours/linked", to: "../elsewhere")
        try place.link("ours/a/linked", to: "../../elsewhere")
        let own = try #require(try OwnFolder(place.path + "/ours"))
        let errors = [
            #expect(throws: FileError.self) { try own.entries(folder) },
            #expect(throws: FileError.self) { try own.remove(folder + "/mine") },
            #expect(throws: FileError.self) { try own.removeFolder(folder + "/below") },
            #expect(throws: FileError.self) { try own.read(folder + "/mine") },
        ]
        for error in errors {
            #expect(error?.description.contains("linked: is a link, and nothing behind a link") == true)
        }
        #expect(place.read("elsewhere/mine") == "mine" && place.read("elsewhere/below/mine") == "mine")
        #expect(try own.entries(folder, followsLinks: true).contains { $0.name == "mine" })
    }

    @Test func theFolderItselfIsALinkOnlyWhereThatIsAllowed() throws {
        let place = TemporaryFolder()
        try place.put("a", "elsewhere/a")
        try place.link("ours", to: "elsewhere")
        let error = #expect(throws: FileError.self) { try OwnFolder(place.path + "/ours") }
        #expect(error?.description.contains("is a link") == true)
        #expect(try OwnFolder(place.path + "/ours", followsLink: true)?.entries().map(\.name) == ["a"])
    }

    /// Between looking and removing, somebody puts a link in the folder's place: the folder that was held is the one that counts.
    @Test func aLinkThatTakesAFoldersPlaceMeanwhileLeadsNowhere() throws {
        let place = TemporaryFolder()
        try place.put("ours", "ours/a/file")
        try place.put("mine", "elsewhere/file")
        let folder = place.path
        var operations = FileOperations.system
        operations.remove = { held, name, isFolder in
            Glibc.rename(folder + "/ours/a", folder + "/ours/moved")
            symlink("../elsewhere", folder + "/ours/a")
            return FileOperations.system.remove(held, name, isFolder)
        }
        let own = try #require(try OwnFolder(folder + "/ours", with: operations))
        #expect(try own.remove("a/file"))
        #expect(place.read("elsewhere/file") == "mine")
        #expect(try place.names("ours/moved") == [])
    }

    @Test func whatCannotBeReadIsAnError() throws {
        let place = TemporaryFolder()
        try place.put("a", "ours/a/file")
        var operations = FileOperations.system
        operations.openBelow = { held, name, flags in
            guard name == "a" else { return FileOperations.system.openBelow(held, name, flags) }
            errno = EACCES
            return -1
        }
        let own = try #require(try OwnFolder(place.path + "/ours", with: operations))
        let error = #expect(throws: FileError.self) { try own.entries("a") }
        #expect(error?.description.contains("ours/a: cannot be opened: Permission denied") == true)
        #expect(throws: FileError.self) { try own.remove("a/file") }
        #expect(place.read("ours/a/file") == "a")
    }

    @Test func namesOfUnfinishedFilesAreKnown() {
        #expect(StagedFile.target(of: "index.html.12-3.likeness-part") == "index.html")
        for name in [
            "a.likeness-part", ".12-3.likeness-part", "a.12.likeness-part", "a.12-x.likeness-part",
            "a.12-3.likeness-par",
            "a.-3.likeness-part", "a.1-2-3.likeness-part", "a.12-٣.likeness-part",
        ] {
            #expect(StagedFile.target(of: name) == nil, "\(name)")
        }
    }
}
