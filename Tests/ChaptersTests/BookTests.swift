import Chapters
import Diagnostics
import Foundation
import Testing

private func load(
    _ files: [String: String], profile: String? = nil, set: [(name: String, value: String)] = []
) throws -> Book.Loaded {
    try withFolder(files) { Book.load(contentsOf: $0, displayedAs: "chapters", profile: profile, set: set) }
}

private let report = """
    title: Likeness
    subtitle: Faces
    authors: [A, "B"]
    date: 2024-05-01
    language: vi
    trust: true
    profile: quick
    profiles:
      quick: {reduced: true, parameters: {epochs: 1}}
      full: {}
    parameters: {epochs: 10, images: [1, 2]}
    """

@Suite struct BookTests {
    /// A book from elsewhere must not publish what its reader keeps.
    @Test(arguments: ["02-b.md", "report.yml"]) func whatLeadsOutOfTheFolderIsNotRead(name: String) throws {
        try withFolder(["chapters/01-a.md": "# A\n", "secret.txt": "title: secret\n"]) { folder in
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/chapters/\(name)", withDestinationPath: "../secret.txt")
            let loaded = Book.load(contentsOf: folder + "/chapters", displayedAs: "chapters")
            #expect(
                loaded.diagnostics.map(\.message) == [
                    "chapters/\(name) leads out of the chapters' folder; put a copy into it"
                ])
            #expect(!loaded.sources.values.contains { $0.contains("secret") })
        }
    }

    @Test func aLinkWithinTheFolderIsAChapter() throws {
        try withFolder(["parts/a.txt": "# A\n"]) { folder in
            try FileManager.default.createSymbolicLink(atPath: folder + "/01-a.md", withDestinationPath: "parts/a.txt")
            #expect(Book.load(contentsOf: folder, displayedAs: "chapters").book.chapters.map(\.title) == ["A"])
        }
    }

    @Test func settingsThatAreNoFileAreTold() throws {
        try withFolder(["01-a.md": "# A\n", "report.yml/x": ""]) { folder in
            let loaded = Book.load(contentsOf: folder, displayedAs: "chapters")
            #expect(loaded.diagnostics.map(\.message) == ["chapters/report.yml cannot be read: it is not a file"])
        }
    }

    @Test func readsSettingsAndChapters() throws {
        let loaded = try load([
            "report.yml": report, "02-data.md": "# Data\n", "01-intro.md": "# Intro\n", "10-The End.md": "text",
            ".hidden.md": "x", "notes.txt": "x",
        ])
        #expect(loaded.diagnostics.isEmpty)
        let settings = loaded.book.settings
        #expect(settings.title == "Likeness")
        #expect(settings.subtitle == "Faces")
        #expect(settings.authors == ["A", "B"])
        #expect(settings.date == "2024-05-01")
        #expect(settings.language == "vi")
        #expect(settings.trust)
        #expect(settings.profile == "quick")
        #expect(settings.reduced)
        #expect(settings.parameters.mapValues(\.origin) == ["epochs": "profile quick", "images": "report.yml"])
        #expect(
            loaded.book.chapters.map(\.path) == [
                "chapters/01-intro.md", "chapters/02-data.md", "chapters/10-The End.md",
            ])
        #expect(loaded.book.chapters.map(\.slug) == ["index", "data", "the-end"])
        #expect(loaded.book.chapters.map(\.title) == ["Intro", "Data", "10-The End.md"])
        #expect(
            loaded.sources.keys.sorted() == [
                "chapters/01-intro.md", "chapters/02-data.md", "chapters/10-The End.md", "chapters/report.yml",
            ])
    }

    @Test func letsTheCommandLineWin() throws {
        let loaded = try load(
            ["report.yml": report, "a.md": "x"], profile: "full", set: [("epochs", "3"), ("images", "[4]")])
        #expect(loaded.diagnostics.isEmpty)
        #expect(loaded.book.settings.profile == "full")
        #expect(!loaded.book.settings.reduced)
        #expect(loaded.book.settings.parameters.mapValues(\.origin) == ["epochs": "--set", "images": "--set"])
        guard case .scalar("3", false)? = loaded.book.settings.parameters["epochs"]?.value,
            case .list(let items)? = loaded.book.settings.parameters["images"]?.value
        else {
            Issue.record("the values are not those of the command line")
            return
        }
        #expect(items.count == 1)
    }

    @Test func doesWithoutSettings() throws {
        let loaded = try load(["a.md": "# Title"])
        #expect(loaded.diagnostics.isEmpty)
        #expect(loaded.book.settings.title == "Title")
        #expect(loaded.book.settings.language == "en")
        #expect(!loaded.book.settings.trust)
    }

    @Test func namesUnknownProfilesAndParameters() throws {
        let problems = try load(
            ["report.yml": report, "a.md": "x"], profile: "quik", set: [("epoch", "3"), ("zzz", "1")]
        ).diagnostics
        #expect(
            lines(problems) == [
                "nowhere unknown-profile: there is no profile 'quik'; did you mean 'quick'? (known: quick, full)",
                "nowhere unknown-parameter: --set epoch=3: there is no parameter 'epoch'; did you mean 'epochs'? (known: epochs, images)",
                "nowhere unknown-parameter: --set zzz=1: there is no parameter 'zzz'; known: epochs, images",
            ])
    }

    @Test func readsSettingsStrictly() throws {
        let text = """
            titel: x
            trust: yes
            authors: {a: b}
            language: "<x>"
            profile: fast
            profiles: {quick: {reduce: true}, full: 3}
            parameters: {"a b": 1, c: {d: 1}}
            """
        #expect(
            lines(try load(["report.yml": text, "a.md": "x"]).diagnostics) == [
                "1:1-1:6 unknown-setting: report.yml has no setting 'titel'; did you mean 'title'?",
                "2:8-2:11 wrong-type: trust expects true or false, not 'yes'",
                "3:10-3:16 wrong-type: authors expects a text, not a mapping",
                "4:11-4:16 wrong-type: language expects a language tag such as 'en' or 'vi', not the text \"<x>\"",
                "5:10-5:14 unknown-profile: there is no profile 'fast'; known: quick",
                "6:20-6:26 unknown-setting: profile 'quick' has no setting 'reduce'; did you mean 'reduced'?",
                "6:41-6:42 wrong-type: full expects a mapping such as {reduced: true, parameters: {epochs: 1}}, not '3'",
                "7:14-7:19 malformed-parameter: a parameter's name consists of letters, digits, '-' and '_', not 'a b'",
                "7:27-7:33 wrong-type: c expects one value or a list, not a mapping",
            ])
    }

    @Test func asksForATitle() throws {
        let expected = ["1:1-1:1 missing-setting: report.yml needs a title; write 'title: …'"]
        #expect(lines(try load(["report.yml": "date: x", "a.md": "x"]).diagnostics) == expected)
        #expect(lines(try load(["report.yml": "# nothing", "a.md": "x"]).diagnostics) == expected)
    }

    @Test func refusesFilesThatAreNoText() throws {
        let problems = try withFolder(["01-a.md": "# A", "02-b.md": "x\n\u{0}"]) { folder -> [Diagnostic] in
            try Data([0x61, 0x0A, 0xC3, 0x28]).write(to: URL(fileURLWithPath: folder + "/03-c.md"))
            try Data(repeating: 0x61, count: 4 * 1024 * 1024 + 1).write(to: URL(fileURLWithPath: folder + "/04-d.md"))
            try FileManager.default.createSymbolicLink(atPath: folder + "/05-e.md", withDestinationPath: "nowhere")
            try FileManager.default.createDirectory(atPath: folder + "/06-f.md", withIntermediateDirectories: false)
            return Book.load(contentsOf: folder, displayedAs: "chapters").diagnostics
        }
        #expect(
            lines(problems) == [
                "nowhere file-too-large: chapters/04-d.md is larger than 4 MB; split it",
                "nowhere unreadable-file: chapters/05-e.md cannot be read: No such file or directory",
                "nowhere not-a-chapter: chapters/06-f.md is a folder and is not read as a chapter",
                "2:1-2:1 not-text: chapters/02-b.md has a NUL character; it is not a text file",
                "2:1-2:1 not-utf8: chapters/03-c.md is not UTF-8 here; save it in that encoding",
            ])
    }

    @Test func dropsAByteOrderMark() throws {
        let loaded = try load(["report.yml": "\u{FEFF}title: T", "a.md": "\u{FEFF}# T"])
        #expect(loaded.diagnostics.isEmpty)
        #expect(loaded.book.chapters.first?.title == "T")
    }

    @Test func namesTheFolderThatIsMissing() {
        let loaded = Book.load(contentsOf: "/nowhere/at/all", displayedAs: "chapters")
        let remedy = "go to a book's folder, or make a book with 'likeness new'"
        #expect(lines(loaded.diagnostics) == ["nowhere missing-folder: there is no folder chapters; \(remedy)"])
        #expect(throws: Problems.self) { try Book(contentsOf: "/nowhere/at/all") }
    }

    @Test func asksForChapters() throws {
        #expect(
            lines(try load([:]).diagnostics) == [
                "nowhere no-chapters: chapters has no chapters; write the first into chapters/01-introduction.md"
            ])
    }

    @Test func refusesTwoPagesOfOneName() throws {
        let problems = try load(["1-a.md": "", "2-b.md": "", "3-b.md": "", "index.md": ""]).diagnostics
        #expect(
            problems.map(\.message) == [
                "chapters/3-b.md must be renamed: chapters/2-b.md has the same page name 'b'",
                "chapters/index.md must be renamed: 'index' is the first chapter, chapters/1-a.md",
            ])
    }

    @Test func reportsLabelsUsedInTwoChapters() throws {
        let problems = try load(["a.md": "# A {#sec-x}\n\n$$a$$ {#eq-y}\n", "b.md": "# B {#sec-x}\n\n$$b$$ {#eq-y}\n"])
            .diagnostics
        #expect(problems.map(\.message) == ["the label 'sec-x' is used twice", "the label 'eq-y' is used twice"])
        #expect(problems.map { $0.range?.path } == ["chapters/b.md", "chapters/b.md"])
        #expect(problems.map { $0.notes.first?.range?.path } == ["chapters/a.md", "chapters/a.md"])
    }
}
