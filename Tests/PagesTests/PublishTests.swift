import Files
import Foundation
import Pages
import Testing

struct PublishTests {
    private let directory = NSTemporaryDirectory() + "likeness-publish-\(UUID().uuidString)"
    private var files: FileManager { .default }

    private func site(_ seed: Int, chapters: [String] = ["index"]) throws -> Site {
        let gallery = Exhibit(
            id: "g", numbering: .figure, caption: nil,
            parts: [.gallery(Gallery(groups: [.init(items: [.init(picture: Sample.face(seed), title: "")])]))])
        return try Site(
            book: Sample.book(chapters.map { Sample.chapter($0, [.fence(Sample.fence("x", line: 3))]) }),
            exhibits: ["g": gallery], directives: [Sample.range(3): "g"], encode: Sample.encode)
    }

    private func read(_ name: String) -> String? {
        files.contents(atPath: directory + "/" + name).map { String(decoding: $0, as: UTF8.self) }
    }

    private func published() -> Set<String> {
        var names: Set<String> = []
        for case let name as String in files.enumerator(atPath: directory) ?? .init() where name.contains(".") {
            names.insert(name)
        }
        return names
    }

    @Test func everyFileOfTheSiteIsThere() throws {
        defer { try? files.removeItem(atPath: directory) }
        let site = try site(1, chapters: ["index", "models"])
        try site.publish(to: directory + "/")
        for file in site.files { #expect(files.contents(atPath: directory + "/" + file.path) == Data(file.bytes)) }
        #expect(published() == Set(site.files.map(\.path) + [".likeness-site.json"]))
    }

    @Test func foreignFilesStayAndStaleOnesGo() throws {
        defer { try? files.removeItem(atPath: directory) }
        try files.createDirectory(atPath: directory + "/images", withIntermediateDirectories: true)
        for name in ["README.md", "notes.html", "images/mine.jpg"] {
            try Data("mine".utf8).write(to: URL(fileURLWithPath: directory + "/" + name))
        }
        let first = try site(1, chapters: ["index", "models"])
        try first.publish(to: directory)
        let second = try site(2)
        try second.publish(to: directory)
        let foreign = ["README.md", "notes.html", "images/mine.jpg"]
        #expect(published() == Set(second.files.map(\.path) + foreign + [".likeness-site.json"]))
        for name in foreign { #expect(read(name) == "mine") }
    }

    @Test func aForeignPageIsNotOverwritten() throws {
        defer { try? files.removeItem(atPath: directory) }
        try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data("<h1>My home page</h1>".utf8).write(to: URL(fileURLWithPath: directory + "/index.html"))
        #expect(throws: FileError.self) { try site(1).publish(to: directory) }
        #expect(read("index.html") == "<h1>My home page</h1>")
        #expect(published() == ["index.html"])
    }

    @Test func aLostRecordDoesNotKeepTheReportFromBeingReplaced() throws {
        defer { try? files.removeItem(atPath: directory) }
        try site(1).publish(to: directory)
        try files.removeItem(atPath: directory + "/.likeness-site.json")
        let second = try site(2)
        try second.publish(to: directory)
        #expect(read("index.html") == second.text())
    }

    @Test func aRecordThatPointsOutOfTheDirectoryDeletesNothing() throws {
        defer { try? files.removeItem(atPath: directory) }
        let output = directory + "/output"
        try files.createDirectory(atPath: output, withIntermediateDirectories: true)
        for name in ["keep.html", "output/keep.txt"] {
            try Data("k".utf8).write(to: URL(fileURLWithPath: directory + "/" + name))
        }
        let record = #"{"files": ["../keep.html", "\#(directory)/keep.html", "keep.txt", "images/../../keep.html"]}"#
        try Data(record.utf8).write(to: URL(fileURLWithPath: output + "/.likeness-site.json"))
        try site(1).publish(to: output)
        #expect(read("keep.html") == "k" && read("output/keep.txt") == "k")
    }

    @Test func filesThatDidNotChangeAreNotWrittenAgain() throws {
        defer { try? files.removeItem(atPath: directory) }
        let site = try site(1)
        try site.publish(to: directory)
        func inode() throws -> Int? {
            try files.attributesOfItem(atPath: directory + "/index.html")[.systemFileNumber] as? Int
        }
        let before = try inode()
        try site.publish(to: directory)
        #expect(try inode() == before)
    }

    @Test func whatAnInterruptedPublicationLeftIsRemoved() throws {
        defer { try? files.removeItem(atPath: directory) }
        try files.createDirectory(atPath: directory + "/images", withIntermediateDirectories: true)
        for name in ["index.html.likeness-part", "images/00.jpg.likeness-part"] {
            try Data("half".utf8).write(to: URL(fileURLWithPath: directory + "/" + name))
        }
        let site = try site(1)
        try site.publish(to: directory)
        #expect(published() == Set(site.files.map(\.path) + [".likeness-site.json"]))
    }

    @Test func readersSeeACompletePageWhileItIsReplaced() async throws {
        defer { try? files.removeItem(atPath: directory) }
        let sites = [try site(1), try site(2)]
        try sites[0].publish(to: directory)
        let directory = directory
        let pages = Set(sites.map { $0.text() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<2 {
                group.addTask { for turn in 0..<10 { try sites[(writer + turn) % 2].publish(to: directory) } }
            }
            group.addTask {
                for _ in 0..<200 {
                    let page = FileManager.default.contents(atPath: directory + "/index.html") ?? Data()
                    #expect(pages.contains(String(decoding: page, as: UTF8.self)))
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func anErrorNamesThePath() throws {
        defer { try? files.removeItem(atPath: directory) }
        try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(fileURLWithPath: directory + "/file"))
        let error = #expect(throws: FileError.self) { try site(1).publish(to: directory + "/file") }
        #expect(error?.description.contains(directory + "/file") == true)
    }
}
