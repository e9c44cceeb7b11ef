import Execution
import Files
import Foundation
import TestSupport
import Testing

/// The real command, with standard streams that cannot be written, that nobody reads, or that are not there.
@Suite(.serialized) struct StreamTests {
    /// What is computed in no time.
    static let chapter = "# All\n\n```model\nid: people\nmodel: mobilenet_v2\n```\n"

    /// Commands that print results, in the folder of a project that was built.
    static let printing: [[String]] = [
        ["--help"], ["help", "build"], ["build", "--help"], ["--version"], ["--generate-completion-script", "bash"],
        ["check"], ["doctor"], ["doctor", "--json"],
        ["status"], ["why", "people"], ["build", "--dry-run"], ["store", "list"], ["store", "verify"],
        ["store", "gc", "--dry-run"], ["store", "pin", "people"], ["store", "unpin", "people"], ["weights", "list"],
        ["weights", "inspect", "small.safetensors"], ["detect", "data/small/img_align_celeba/000001.jpg"],
        ["search", "--gallery", "rows.npy", "--queries", "rows.npy", "-k", "1", "--out", "found.npy"],
        ["bench", "report", "--chapters", "1", "--runs", "1"],
        ["bench", "search", "--gallery", "rows.npy", "--queries", "rows.npy", "-k", "1", "--runs", "1"],
        ["bench", "detect", "--images", "data/small/img_align_celeba/000001.jpg", "--passes", "1"],
    ]

    /// A project with results in its store, one for all tests.
    private static let built: Result<SmallProject, any Error> = Result {
        let project = try Self.small()
        let (status, text) = try project.run("build")
        try #require(status == 0, "\(text)")
        let header = Array(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#.utf8)
        let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
        try Files.write(length + header + [0, 0, 0, 0], to: project.folder + "/small.safetensors")
        try project.place.put(npy(2, 1), "rows.npy")
        return project
    }

    private static func small() throws -> SmallProject {
        let project = try SmallProject()
        try project.write(chapter: chapter)
        return project
    }

    /// Runs the command behind a line of the shell, in which `"$@"` stands for it.
    private func shell(
        _ line: String, _ arguments: [String], in project: SmallProject, output: FileHandle? = nil,
        errors: FileHandle? = nil
    ) throws -> (status: Int32, signal: Bool, errors: String) {
        let ended = try project.command(arguments).behind(line).run(output: output, errors: errors)
        return (ended.status, ended.isKilled, ended.errors)
    }

    /// The end of a pipe that nobody reads.
    private func unread() throws -> FileHandle {
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        return pipe.fileHandleForWriting
    }

    @Test(arguments: printing)
    func resultsThatCannotBeWrittenAreAnError(arguments: [String]) throws {
        let (status, signal, errors) = try shell("exec \"$@\" > /dev/full", arguments, in: Self.built.get())
        #expect(status == 1 && !signal, "\(errors)")
        let told = errors.components(separatedBy: "error: standard output cannot be written: No space left on device")
            .count
        #expect(told == 2, "\(errors)")
    }

    @Test(arguments: printing)
    func aReaderThatHasSeenEnoughIsNoErrorAndNoCrash(arguments: [String]) throws {
        let (status, signal, errors) = try shell("exec \"$@\"", arguments, in: Self.built.get(), output: unread())
        #expect(status == 141 && !signal, "\(errors)")
        #expect(!errors.contains("error"), "\(errors)")
    }

    @Test(arguments: [["status"], ["detect", "data/small/img_align_celeba/000001.jpg"], ["--version"]])
    func aClosedStandardOutputIsTold(arguments: [String]) throws {
        let (status, signal, errors) = try shell("exec \"$@\" >&-", arguments, in: Self.built.get())
        #expect(status == 1 && !signal)
        #expect(errors.contains("error: standard output is closed, "), "\(errors)")
    }

    /// Progress that nobody reads is dropped, and nothing but progress.
    @Test(arguments: ["2> /dev/full", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
    func aBuildNeedsNobodyToWatch(redirection: String) throws {
        let project = try Self.small()
        let (status, signal, _) = try shell("exec \"$@\" \(redirection)", ["build"], in: project)
        #expect(status == 0 && !signal)
        try expectWhole(project)
    }

    @Test func aBuildGoesOnWhenItsTerminalIsGone() throws {
        let project = try Self.small()
        let (status, signal, _) = try shell("exec \"$@\"", ["build"], in: project, output: unread(), errors: unread())
        #expect(status == 0 && !signal)
        try expectWhole(project)
    }

    @Test func aBuildGoesOnWhenNobodyReadsItsEvents() throws {
        let project = try Self.small()
        let (status, signal, errors) = try shell(
            "exec \"$@\"", ["build", "--format", "json"], in: project, output: unread())
        #expect(status == 0 && !signal, "\(errors)")
        #expect(errors.contains("report in output/index.html"))
        try expectWhole(project)
    }

    @Test func eventsThatCannotBeWrittenAreAnErrorOfAFinishedBuild() throws {
        let project = try Self.small()
        let (status, signal, errors) = try shell("exec \"$@\" > /dev/full", ["build", "--format", "json"], in: project)
        #expect(status == 1 && !signal)
        #expect(errors.contains("report in output/index.html"))
        #expect(errors.contains("error: standard output cannot be written: No space left on device"), "\(errors)")
        try expectWhole(project)
    }

    @Test(arguments: ["2>&-", "2> /dev/full"])
    func mistakesAreAStatusAlsoWhereNobodyCanReadThem(redirection: String) throws {
        let project = try SmallProject()
        try project.write(chapter: "# A\n\n```dataset\nid: people\ndataset: nowhere\n```\n")
        for arguments in [
            ["build"], ["check"], ["nonsense"], ["detect", "nowhere.jpg"], ["weights", "inspect", "nowhere.pth"],
        ] {
            let (status, signal, _) = try shell("exec \"$@\" \(redirection)", arguments, in: project)
            #expect((status == 1 || status == 64) && !signal, "\(arguments)")
        }
    }

    /// A reader that takes a page at a time from a pipe that does not block its writer gets every byte.
    @Test func aPipeThatDoesNotBlockLosesNothing() throws {
        let project = try Self.built.get()
        let pipe = Pipe()
        let writing = pipe.fileHandleForWriting
        _ = fcntl(writing.fileDescriptor, 1031, 4096)  // F_SETPIPE_SZ
        _ = fcntl(writing.fileDescriptor, F_SETFL, fcntl(writing.fileDescriptor, F_GETFL) | O_NONBLOCK)
        let running = try project.command(["--generate-completion-script", "bash"]).start(output: writing)
        try writing.close()
        var bytes = Data()
        while let part = try pipe.fileHandleForReading.read(upToCount: 1000), !part.isEmpty { bytes += part }
        #expect(running.end().status == 0)
        let (_, whole) = try project.run("--generate-completion-script", "bash")
        #expect(bytes.count > 4096)
        #expect(String(decoding: bytes, as: UTF8.self) == whole)
    }

    /// Every result matches its name, the report is there, and no file holds what was meant for a stream.
    private func expectWhole(_ project: SmallProject) throws {
        #expect(project.outputs().count == 1)
        #expect(try project.store.damages { _, _ in } == [])
        let page = try Files.read(project.folder + "/output/index.html")
        #expect(String(decoding: page.prefix(15), as: UTF8.self).lowercased() == "<!doctype html>")
        for name in try FileManager.default.subpathsOfDirectory(atPath: project.folder) {
            let path = project.folder + "/" + name
            guard !Files.isFolder(path) else { continue }
            #expect(!String(decoding: try Files.read(path), as: UTF8.self).contains("[1/1]"), "\(name)")
        }
    }
}
