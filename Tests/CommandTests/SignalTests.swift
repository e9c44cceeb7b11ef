import Execution
import Files
import Foundation
import TestSupport
import Testing

/// What stops a build, and what does not.
@Suite(.serialized) struct SignalTests {
    /// Whether a process listens to a signal, by the kernel's own account.
    static func catches(_ process: Int32, _ signal: Int32) -> Bool {
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
        while running.process.isRunning, !Self.catches(running.id, SIGTERM) { usleep(500) }
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

    /// The file has no bytes on the disk, and more of them than the process may use.
    @Test(arguments: ["-v", "-d"]) func memoryThatIsRefusedInTheMiddleOfWorkIsTold(flag: String) throws {
        let project = try SmallProject(hasPortraits: false)
        let (limit, columns) = (2_000_000_000 + 300_000_000 * ProcessInfo.processInfo.activeProcessorCount, 128)
        let rows = 2 * limit / (4 * columns)
        let whole = npy(1, columns)
        let text = String(decoding: whole.dropLast(4 * columns), as: UTF8.self)
        #expect(text.contains("(1, 128), }"))
        let shape = "(\(rows), 128), }"
        var head = Array(whole.dropLast(4 * columns))
        let start = try #require(head.firstRange(of: Array("(1, 128), }".utf8))).lowerBound
        head.replaceSubrange(start..<start + shape.utf8.count, with: shape.utf8)
        let gallery = project.folder + "/gallery.npy"
        try Files.write(head, to: gallery)
        let file = try #require(FileHandle(forWritingAtPath: gallery))
        try file.truncate(atOffset: UInt64(head.count + rows * columns * 4))
        try file.close()
        try Files.write(npy(1, columns), to: project.folder + "/queries.npy")
        let search = ["search", "--gallery", "gallery.npy", "--queries", "queries.npy", "-k", "1", "--out", "out.npy"]
        let ended = try project.command(search).behind("ulimit \(flag) \(limit >> 10); exec \"$@\"").run()
        #expect(ended.status == 1 && !ended.isKilled, "\(ended.text)")
        #expect(ended.text.hasPrefix("error: \(Double(rows * columns * 4 / 100_000_000) / 10)"), "\(ended.text)")
        #expect(ended.text.contains(" GB more memory are needed than this process may use (ulimit \(flag) "))
        #expect(ended.text.split(separator: "\n").count == 1, "\(ended.text)")
    }

    /// A library that breaks for want of memory, as one that looks at nothing it is given.
    @Test func aBreakUnderALimitIsTold() throws {
        let project = try SmallProject(hasPortraits: false)
        let store = project.store
        try Files.makeFolder(store.folder)
        // Waits for the store, so that it is there when the signal comes.
        let lock = try store.lockForCollection {}
        defer { withExtendedLifetime(lock) {} }
        try project.write(chapter: "# A\n")
        let running = try project.command(["build"]).behind("ulimit -v unlimited -d 1000000000; exec \"$@\"").start()
        while running.process.isRunning, !SignalTests.catches(running.id, SIGTERM) { usleep(500) }
        kill(running.id, SIGSEGV)
        let ended = running.end()
        #expect(ended.status == 1 && !ended.isKilled, "\(ended.text)")
        #expect(ended.errors.contains("a library broke (signal 11), most likely for want of memory"), "\(ended.text)")
    }

    /// As another user, whom limits of processes bind; a place that this user does not reach proves nothing.
    private func withoutThreads(_ arguments: [String]) throws -> Command.Ended? {
        let project = try SmallProject(hasPortraits: false)
        chmod(project.folder, 0o755)
        let user = getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : ""
        let command = try project.command(arguments)
        let line =
            "\(user)bash -c 'test -x \"$1\" && test -r chapters || exit 77; ulimit -u 1; exec \"$@\"' bash \"$@\""
        let ended = try command.behind(line).run()
        return [77, 126, 127].contains(ended.status) ? nil : ended
    }

    @Test(arguments: [["--version"], ["store", "list"], ["weights", "list"]])
    func whatComputesNothingNeedsNoThreads(arguments: [String]) throws {
        guard let ended = try withoutThreads(arguments) else { return }
        #expect(ended.status == 0 || ended.text.hasPrefix("error: .likeness/store: is not there"), "\(ended.text)")
        #expect(!ended.isKilled)
    }

    @Test func tooFewThreadsAreTold() throws {
        guard let ended = try withoutThreads(["build"]) else { return }
        #expect(ended.status == 1 && !ended.isKilled, "\(ended.text)")
        #expect(ended.text.hasPrefix("error: the system gives this process fewer than "), "\(ended.text)")
    }

    /// What computes nothing needs less, and ends although threads of a library wait for memory.
    @Test(arguments: [["--version"], ["check"]])
    func readingNeedsLessAddressSpace(arguments: [String]) throws {
        let (status, text) = try shell("ulimit -v 500000", arguments)
        #expect(status == 0, "\(text)")
    }
}
