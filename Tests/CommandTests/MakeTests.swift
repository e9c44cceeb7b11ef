import Files
import Foundation
import Testing

/// The rules of the Makefile that remove or replace files, tried in a folder of their own.
@Suite struct MakeTests {
    private let folder: String
    private let portraits: String

    /// A folder with the Makefile, and a program in place of the command that draws one portrait.
    init() throws {
        folder = NSTemporaryDirectory() + "likeness-make-" + UUID().uuidString
        portraits = folder + "/data/portraits"
        let root = Files.folder(of: Files.folder(of: Files.folder(of: #filePath)))
        try Files.makeFolder(folder + "/Sources")
        try Files.write([], to: folder + "/Package.swift")
        try Files.write(try Files.read(root + "/Makefile"), to: folder + "/Makefile")
        try Files.write(
            Array("#!/bin/sh\nmkdir $2/img_align_celeba && echo drawn > $2/img_align_celeba/000001.jpg\n".utf8),
            to: folder + "/draw")
        chmod(folder + "/draw", 0o755)
    }

    private func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// Runs one rule; the command counts as built.
    private func make(_ target: String, _ variables: String...) throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["make", "-o", "./draw", "BINARY=./draw", target] + variables
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("MAKE") && $0.key != "MFLAGS"
        }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    private func text(_ path: String) -> String? {
        (try? Files.read(portraits + "/" + path)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func portraitsAreDrawnAnewAndFilesOfSomebodyElseStay() throws {
        defer { remove() }
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
        defer { remove() }
        try Files.write(Array("mine".utf8), to: portraits + "/img_align_celeba/000001.jpg")
        let (status, told) = try make("data/portraits/.drawn-320-6400")
        #expect(status != 0 && told.contains("data/portraits is there and was not drawn by make"))
        #expect(text("img_align_celeba/000001.jpg") == "mine")
    }

    @Test func cleaningLeavesFilesBesideThePages() throws {
        defer { remove() }
        try Files.write(Array("mine".utf8), to: folder + "/output/letter.html")
        #expect(try make("clean").status == 0)
        #expect(Files.exists(folder + "/output/letter.html"))
    }
}
