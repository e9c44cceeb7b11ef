import Execution
import Files
import Foundation
import TestSupport
import Testing

/// What stops a build, and what does not.
@Suite(.serialized) struct SignalTests {
    /// Whether a process listens to a signal, by the kernel's own account.
    private func catches(_ process: Int32, _ signal: Int32) -> Bool {
        // Such files have no length: they are read until they end.
        let status = FileHandle(forReadingAtPath: "/proc/\(process)/status").flatMap { try? $0.readToEnd() } ?? Data()
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
        let mask = line.flatMap { UInt64($0.split(separator: "\t").last ?? "", radix: 16) } ?? 0
        return mask & (1 << UInt64(signal - 1)) != 0
    }

    /// A build that waits for the store, and listens to signals.
    private func waiting(_ project: SmallProject, ignoring ignored: String = "USR1") throws -> Running {
        let running = try project.command(["build"]).behind("trap '' \(ignored); exec \"$@\"").start()
        // SIGTERM is the last that it takes over.
        while running.process.isRunning, !catches(running.id, SIGTERM) { usleep(500) }
        return running
    }

    /// The first signal asks, the second one leaves at once, with the same status.
    private func stop(_ running: Running, _ signal: Int32) -> Int32 {
        while running.process.isRunning {
            kill(running.id, signal)
            usleep(2000)
        }
        let ended = running.end()
        return ended.isKilled ? -1 : ended.status
    }

    @Test(arguments: [(SIGHUP, 129), (SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func aBuildIsAskedToStop(signal: Int32, status: Int32) throws {
        let project = try SmallProject()
        let store = project.store
        try Files.makeFolder(store.folder)
        let lock = try store.lockForCollection {}
        defer { withExtendedLifetime(lock) {} }
        #expect(stop(try waiting(project), signal) == status)
    }

    /// A search that would take minutes is within a step that began long before.
    @Test(arguments: [(SIGHUP, 129), (SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func aLongSearchIsLeft(signal: Int32, status: Int32) throws {
        let project = try SmallProject()
        try project.write(
            chapter: "# A\n\n```growth\nid: g\nsizes: [100, 1000000]\nqueries: 10000\nk: 100\n```\n")
        let running = try project.command(["build", "--format", "json"]).start()
        while running.process.isRunning, !running.printed.contains("1000000 vectors") { usleep(2000) }
        kill(running.id, signal)
        let ended = running.end()
        #expect(ended.status == status && !ended.isKilled, "\(ended.text)")
        #expect(ended.errors.contains("interrupted; what was finished is kept"))
    }

    /// Under nohup, and in the background of a script.
    @Test(arguments: [("HUP", SIGHUP), ("INT", SIGINT)] as [(String, Int32)])
    func whatWasIgnoredFromTheStartStaysSo(name: String, signal: Int32) throws {
        let project = try SmallProject()
        let store = project.store
        try Files.makeFolder(store.folder)
        let lock = try store.lockForCollection {}
        defer { withExtendedLifetime(lock) {} }
        let running = try waiting(project, ignoring: name)
        for _ in 0..<3 { kill(running.id, signal) }
        #expect(stop(running, SIGTERM) == 143)
    }

    /// `ulimit -f`: the system's answer to a file that grows too large is an error, not the end.
    @Test func aFileThatMayNotGrowIsToldByName() throws {
        let project = try SmallProject()
        try project.write(chapter: StreamTests.chapter)
        // The limit is one of the build alone: what it prints goes through a pipe.
        let line = "set -o pipefail; (ulimit -f 1; exec \"$@\" 2>&1) | cat"
        let ended = try project.command(["build"]).behind(line).run()
        #expect(ended.status == 1)
        #expect(ended.output.contains("File too large"), "\(ended.output)")
        // Without the limit nothing is in the way.
        #expect(try project.run("build").status == 0)
    }
}

/// What the system allows a process, told before a library traps or tries for ever.
@Suite struct LimitTests {
    private func shell(_ line: String, _ arguments: [String]) throws -> (status: Int32, text: String) {
        let ended = try SmallProject().command(arguments).behind(line + "; exec \"$@\"").run()
        return (ended.isKilled ? -1 : ended.status, ended.text)
    }

    @Test(arguments: [["status"], ["build"], ["detect", "x.jpg"], ["weights", "list"]])
    func tooFewDescriptorsAreTold(arguments: [String]) throws {
        let (status, text) = try shell("ulimit -n 4", arguments)
        #expect(status == 1)
        #expect(
            text == "error: only 4 files may be open at once, and 16 are needed; raise the limit (ulimit -n 1024)\n")
    }

    @Test func aSoftLimitOfDescriptorsIsRaised() throws {
        let (status, text) = try shell("ulimit -S -n 5", ["check"])
        #expect(status == 0, "\(text)")
    }

    @Test func tooSmallAStackIsTold() throws {
        let (status, text) = try shell("ulimit -s 64", ["build"])
        #expect(status == 1 && text.hasPrefix("error: the stack may take 64 kB, and 256 are needed"), "\(text)")
        let roomy = try shell("ulimit -s 256", ["build"])
        #expect(roomy.status == 0, "\(roomy.text)")
    }

    @Test(arguments: [
        ["build"], ["embed", "--model", "resnet50", "--weights", "x.pth", "--images", "x", "--out", "x.npy"],
    ])
    func tooLittleAddressSpaceIsTold(arguments: [String]) throws {
        let (status, text) = try shell("ulimit -v 500000", arguments)
        #expect(status == 1)
        #expect(text.hasPrefix("error: this process may use 512.0 MB of address space, and on "), "\(text)")
    }

    @Test func tooLittleDataIsTold() throws {
        let (status, text) = try shell("ulimit -d 50000", ["build"])
        #expect(status == 1)
        #expect(text.hasPrefix("error: this process may use 51.2 MB of data, and on "), "\(text)")
    }

    /// What computes nothing needs less, and ends although threads of a library wait for memory.
    @Test(arguments: [["--version"], ["check"]])
    func readingNeedsLessAddressSpace(arguments: [String]) throws {
        let (status, text) = try shell("ulimit -v 500000", arguments)
        #expect(status == 0, "\(text)")
    }
}
