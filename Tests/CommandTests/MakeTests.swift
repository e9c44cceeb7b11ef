import Files
import Foundation
import TestSupport
import Testing

/// The rules of the Makefile that remove or replace files, tried in a folder of their own.
@Suite struct MakeTests {
    private let place: TemporaryFolder
    private var folder: String { place.path }
    private var portraits: String { folder + "/data/portraits" }

    /// A folder with the Makefile, and a program in place of the command that draws one portrait.
    init() throws {
        place = try TemporaryFolder([
            "Package.swift": "", "Makefile": Repository.read("Makefile"),
            "draw": """
            #!/bin/sh -e
            test ! -e $2/likeness-true-identities.txt
            mkdir $2/img_align_celeba
            echo drawn > $2/img_align_celeba/000001.jpg
            echo 000001.jpg 1 > $2/likeness-true-identities.txt

            """,
        ])
        try Files.makeFolder(folder + "/Sources")
        chmod(folder + "/draw", 0o755)
    }

    /// Runs one rule; the command counts as built.
    private func make(_ arguments: String...) throws -> (status: Int32, text: String) {
        let environment = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("MAKE") && $0.key != "MFLAGS"
        }
        let rule = ["make", "-o", "./draw", "BINARY=./draw"] + arguments
        let ended = try Command("/usr/bin/env", rule, in: place, environment: environment).run()
        return (ended.status, ended.text)
    }

    private func text(_ path: String) -> String? {
        (try? Files.read(portraits + "/" + path)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func portraitsAreDrawnAnewAndFilesOfSomebodyElseStay() throws {
        try #require(make("data/portraits/.drawn-320-6400").status == 0)
        #expect(text("img_align_celeba/000001.jpg") == "drawn\n" && text(".drawn-unfinished") == nil)
        try Files.write(Array("mine".utf8), to: portraits + "/notes.txt")
        #expect(try make("data/portraits/.drawn-3-6", "PEOPLE=3", "IMAGES=6").status == 0)
        #expect(text(".drawn-320-6400") == nil && text(".drawn-3-6") != nil && text("notes.txt") == "mine")
        // A picture of somebody's own stops the drawing.
        try Files.write(Array("mine".utf8), to: portraits + "/img_align_celeba/me.png")
        #expect(try make("data/portraits/.drawn-320-6400").status != 0)
        #expect(text("img_align_celeba/me.png") == "mine" && text("notes.txt") == "mine")
    }

    @Test func aFolderOfSomebodyElseIsNotDrawnOver() throws {
        try Files.write(Array("mine".utf8), to: portraits + "/img_align_celeba/000001.jpg")
        let (status, told) = try make("data/portraits/.drawn-320-6400")
        #expect(status != 0 && told.contains("data/portraits is there and was not drawn by make"))
        #expect(text("img_align_celeba/000001.jpg") == "mine")
    }

    /// Who asks for nothing gets a report; every rule that has a name for people is explained.
    @Test func helpNamesEveryRule() throws {
        let (status, told) = try make("help")
        #expect(status == 0)
        let rules = try #require(Repository.read("Makefile").firstMatch(of: /\.PHONY: (.*)/)).1.split(separator: " ")
        for rule in rules where !["packages", "samples"].contains(rule) {
            #expect(told.contains("make \(rule) "), "\(rule)")
        }
        #expect(try make("help", "--print-data-base").text.contains(".DEFAULT_GOAL := report"))
    }

    @Test func aFilterReachesTheTests() throws {
        let (_, all) = try make("test", "--dry-run", "-o", "setup")
        #expect(all.contains("swift test -c release --skip-build  2>&1"), "\(all)")
        let (_, some) = try make("test", "--dry-run", "-o", "setup", "FILTER=PagesTests|MathTests")
        #expect(some.contains("swift test -c release --skip-build --filter 'PagesTests|MathTests' 2>&1"), "\(some)")
    }

    /// Lint judges what format writes, and continuous integration asks it first.
    @Test func sourcesAreLintedWhereTheyAreFormatted() throws {
        let (_, lint) = try make("lint", "--dry-run")
        let (_, format) = try make("format", "--dry-run")
        #expect(lint.contains("swift format lint --strict") && format.contains("swift format --in-place"))
        for commands in [lint, format] { #expect(commands.hasSuffix("-r Sources Tests Package.swift\n")) }
        #expect(try Repository.read(".ci/run").contains("make lint test"))
    }

    @Test func cleaningLeavesFilesBesideThePages() throws {
        try Files.write(Array("mine".utf8), to: folder + "/output/letter.html")
        #expect(try make("clean").status == 0)
        #expect(Files.exists(folder + "/output/letter.html"))
    }
}
