import Files
import Foundation
import Pages
import TestSupport
import Testing

struct PublishTests {
    private let place = TemporaryFolder()
    private var directory: String { place.path + "/site" }
    private var files: FileManager { .default }

    private func site(_ seed: Int, chapters: [String] = ["index"]) throws -> Site {
        let gallery = Exhibit(
            id: "g", numbering: .figure, caption: nil,
            parts: [.gallery(Gallery(groups: [.init(items: [.init(picture: Sample.face(seed), title: "")])]))])
        return try Site(
            Report(
                book: Sample.book(chapters.map { Sample.chapter($0, [.fence(Sample.fence("x", line: 3))]) }),
                exhibits: ["g": gallery], directives: [Sample.range(3): "g"]))
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
        let site = try site(1, chapters: ["index", "models"])
        try site.publish(to: directory + "/")
        for file in site.files { #expect(files.contents(atPath: directory + "/" + file.path) == Data(file.bytes)) }
        #expect(published() == Set(site.files.map(\.path) + [".likeness-site.json"]))
    }

    @Test func foreignFilesStayAndStaleOnesGo() throws {
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

    /// With the numbers of a result, which have a name of their own.
    private func measured(_ value: Int?) throws -> Site {
        guard let value else { return try Sample.site([]) }
        let exhibit = Exhibit(
            id: "top", numbering: .table, caption: nil, parts: [],
            record: ResultRecord(
                kind: "x", engine: "version 1", key: "", output: "", options: [:], uses: [:], data: [:], finished: 0,
                seconds: 0, processor: "", cores: 1, version: "", warnings: []),
            values: ["n": .count(value)])
        return try Sample.site([.fence(Sample.fence("x", line: 3))], exhibits: [exhibit], directives: [3: "top"])
    }

    @Test func numbersAreReplacedAndGoButNotSomebodyElses() throws {
        try measured(1).publish(to: directory)
        try measured(2).publish(to: directory)
        #expect(read("results/top.json")?.contains(#""n": {"value": 2}"#) == true)
        try measured(nil).publish(to: directory)
        #expect(!files.fileExists(atPath: directory + "/results"))
        try place.put("mine", "site/results/top.json")
        let error = #expect(throws: FileError.self) { try measured(3).publish(to: directory) }
        #expect(error?.description.contains("results/top.json") == true, "\(String(describing: error))")
        #expect(read("results/top.json") == "mine")
    }

    private func place(_ chapters: String) -> BookPlace {
        BookPlace(chapters: place.path + "/" + chapters, title: chapters.uppercased(), seenFrom: directory)
    }

    @Test func thePagesOfAnotherBookStay() throws {
        for name in ["a", "b"] { try place.put("# A\n", "\(name)/01.md") }
        try site(1, chapters: ["index", "three"]).publish(to: directory, book: place("b"))
        let error = #expect(throws: FileError.self) { try site(2).publish(to: directory, book: place("a")) }
        #expect(
            error?.description.contains("holds the report 'B' of the chapters in ") == true,
            "\(String(describing: error))")
        #expect(throws: FileError.self) { try Site.tryPlace(directory, for: place("a")) }
        #expect(published().contains("three.html"))
        // Its own chapters, whatever its title is now.
        try site(3).publish(to: directory, book: place("b"))
        #expect(!published().contains("three.html"))
        // Nobody's place is in a page that is handed on.
        #expect(read(".likeness-site.json")?.contains(#""chapters" : "../b""#) == true)
    }

    @Test func chaptersThatWereRenamedAreNoOtherBook() throws {
        try place.put("# A\n", "b/01.md")
        try site(1).publish(to: directory, book: place("b"))
        try files.moveItem(atPath: place.path + "/b", toPath: place.path + "/a")
        try Site.tryPlace(directory, for: place("a"))
        try site(2).publish(to: directory, book: place("a"))
        try place.put("notes", "b/notes.txt")
        try site(1).publish(to: directory, book: place("a"))
    }

    /// A record of a former version says nothing.
    @Test func aRecordWithoutABookIsTakenOver() throws {
        try place.put("# A\n", "b/01.md")
        try site(1).publish(to: directory)
        try site(2).publish(to: directory, book: place("b"))
        #expect(throws: FileError.self) { try site(2).publish(to: directory, book: place("a")) }
    }

    @Test func aForeignPageIsNotOverwritten() throws {
        try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data("<h1>My home page</h1>".utf8).write(to: URL(fileURLWithPath: directory + "/index.html"))
        #expect(throws: FileError.self) { try site(1).publish(to: directory) }
        #expect(read("index.html") == "<h1>My home page</h1>")
        #expect(published() == ["index.html"])
    }

    /// Nobody can tell then whether somebody wrote into the page.
    @Test(arguments: [nil, "{", #"{"files": {}}"#])
    func aPageThatNoRecordKnowsIsNotReplaced(record: String?) throws {
        let first = try site(1)
        try first.publish(to: directory)
        try files.removeItem(atPath: directory + "/.likeness-site.json")
        if let record { try put(record, ".likeness-site.json") }
        // The same bytes are no loss.
        try first.publish(to: directory)
        try files.removeItem(atPath: directory + "/.likeness-site.json")
        if let record { try put(record, ".likeness-site.json") }
        let text = try #require(read("index.html")) + "<!-- my remark -->"
        try put(text, "index.html")
        let error = #expect(throws: FileError.self) { try site(2).publish(to: directory) }
        #expect(
            error?.description.contains("index.html: is a page that .likeness-site.json beside it does not know of")
                == true)
        #expect(read("index.html") == text)
    }

    @Test func aRecordThatPointsOutOfTheDirectoryDeletesNothing() throws {
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
        try files.createDirectory(atPath: directory + "/images", withIntermediateDirectories: true)
        let site = try site(1)
        let picture = try #require(site.files.first { $0.path.hasPrefix("images/") }).path
        for name in [
            "index.html.77-1.likeness-part", "\(picture).77-2.likeness-part", ".likeness-site.json.77-3.likeness-part",
        ] {
            try put("half", name)
        }
        let own = [
            "mine.likeness-part", "index.html.likeness-part", "mine.html.1-2.likeness-part",
            "images/a.jpg.7-1.likeness-part",
        ]
        for name in own { try put("mine", name) }
        try site.publish(to: directory)
        #expect(published() == Set(site.files.map(\.path) + [".likeness-site.json"] + own))
    }

    private func put(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/" + name))
    }

    private static let ownPage = "<html>my own"

    /// Also one that was made from ours.
    @Test(arguments: [ownPage, "edited"]) func anOwnPageInPlaceOfAPublishedOneStays(page: String) throws {
        try site(1, chapters: ["index", "models"]).publish(to: directory)
        let text = page == "edited" ? try #require(read("index.html")) + "<!-- my remark -->" : page
        try put(text, "index.html")
        let models = read("models.html")
        let error = #expect(throws: FileError.self) {
            try site(2, chapters: ["index", "models"]).publish(to: directory)
        }
        #expect(
            error?.description.contains("index.html: was changed since this report was published; move it away") == true
        )
        #expect(read("index.html") == text)
        #expect(read("models.html") == models)
    }

    @Test func anOwnPageStaysWhenItsChapterGoes() throws {
        try site(1, chapters: ["index", "models", "data"]).publish(to: directory)
        try put(Self.ownPage, "models.html")
        try site(1).publish(to: directory)
        #expect(read("models.html") == Self.ownPage)
        #expect(read("data.html") == nil)
    }

    /// Pictures are known by their names, which are made from their content.
    @Test func anOwnPictureStaysWhenItsFigureGoes() throws {
        let first = try site(1)
        try first.publish(to: directory)
        let picture = try #require(first.files.first { $0.path.hasPrefix("images/") }).path
        try put("mine", picture)
        try site(2).publish(to: directory)
        #expect(read(picture) == "mine")
    }

    @Test(arguments: [
        #"["notes.html"]"#, #"{"notes.html": ["DIGEST"], "images/mine.jpg": ["DIGEST"], "index.html": ["DIGEST"]}"#,
    ])
    func aForgedRecordDeletesNothing(record: String) throws {
        try files.createDirectory(atPath: directory + "/images", withIntermediateDirectories: true)
        for name in ["notes.html", "images/mine.jpg"] { try put(Self.ownPage, name) }
        let digest = Digest(of: Array(Self.ownPage.utf8)).hex
        try put(#"{"files": \#(record.replacingOccurrences(of: "DIGEST", with: digest))}"#, ".likeness-site.json")
        try site(1).publish(to: directory)
        for name in ["notes.html", "images/mine.jpg"] { #expect(read(name) == Self.ownPage) }
    }

    /// A record as earlier versions wrote it: their report is replaced, and what it names and nobody can tell apart stays.
    @Test func aRecordOfOldIsUnderstood() throws {
        let first = try site(1, chapters: ["index", "models"])
        try first.publish(to: directory)
        let names = first.files.map { "\"\($0.path)\"" }.joined(separator: ", ")
        try put("{\"files\": [\(names)]}", ".likeness-site.json")
        let second = try site(2)
        try second.publish(to: directory)
        #expect(published() == Set(second.files.map(\.path) + [".likeness-site.json", "models.html"]))
    }

    private enum Obstacle: CaseIterable { case link, dangling, pipe, folder }

    @Test(arguments: Obstacle.allCases, ["index.html", ".likeness-site.json", "picture"])
    private func whatIsNoRegularFileStays(obstacle: Obstacle, name: String) throws {
        let site = try site(1)
        let picture = try #require(site.files.first { $0.path.hasPrefix("images/") }).path
        let path = directory + "/" + (name == "picture" ? picture : name)
        try files.createDirectory(atPath: directory + "/images", withIntermediateDirectories: true)
        try put("mine", "mine.txt")
        switch obstacle {
        case .link: try files.createSymbolicLink(atPath: path, withDestinationPath: directory + "/mine.txt")
        case .dangling: try files.createSymbolicLink(atPath: path, withDestinationPath: directory + "/nowhere")
        case .pipe: mkfifo(path, 0o644)
        case .folder: try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        let before = try files.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        let error = #expect(throws: FileError.self) { try site.publish(to: directory) }
        #expect(error?.description.hasPrefix("\(path): is not a regular file; move it away") == true)
        #expect(try files.attributesOfItem(atPath: path)[.type] as? FileAttributeType == before)
        #expect(read("mine.txt") == "mine")
        #expect(!files.fileExists(atPath: directory + "/nowhere"))
    }

    /// `output/images` on another disk: written there, and nothing is removed behind the link.
    @Test func nothingBehindALinkedFolderIsRemoved() throws {
        let first = try site(1)
        try files.createDirectory(atPath: directory + "/elsewhere", withIntermediateDirectories: true)
        try files.createSymbolicLink(atPath: directory + "/images", withDestinationPath: "elsewhere")
        try put("mine", "elsewhere/index.html.7-1.likeness-part")
        try first.publish(to: directory)
        let before = try Set(files.contentsOfDirectory(atPath: directory + "/elsewhere"))
        #expect(before.count == 2)
        try site(2).publish(to: directory)
        #expect(try before.isSubset(of: files.contentsOfDirectory(atPath: directory + "/elsewhere")))
        #expect(Files.isLink(directory + "/images"))
    }

    @Test func readersSeeACompletePageWhileItIsReplaced() async throws {
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
        try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(fileURLWithPath: directory + "/file"))
        let error = #expect(throws: FileError.self) { try site(1).publish(to: directory + "/file") }
        #expect(error?.description.contains(directory + "/file") == true)
    }

    @Test func anUnfinishedReportDoesNotReplaceAWholeOne() throws {
        let unfinished = Unfinished(done: 1, total: 2, time: "12:30", hasStopped: false, revision: "1")
        func early() throws -> Site {
            try Site(
                Report(
                    book: Sample.book([Sample.chapter("index", [])]), exhibits: [:], directives: [:],
                    unfinished: unfinished))
        }
        try early().publish(to: directory)
        #expect(Site.isUnfinished(in: directory) && !Site.isWhole(in: directory))
        let whole = try site(2)
        try whole.publish(to: directory)
        #expect(Site.isWhole(in: directory))
        // Whoever still makes early pages comes too late.
        try early().publish(to: directory)
        #expect(Site.isWhole(in: directory))
        #expect(published() == Set(whole.files.map(\.path) + [".likeness-site.json"]))
    }
}
