import Execution
import Files
import Foundation
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
    private func waiting(_ project: SmallProject, ignoring ignored: String = "") throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c", "trap '' \(ignored.isEmpty ? "USR1" : ignored); exec \"$0\" build", SmallProject.binary,
        ]
        process.currentDirectoryURL = URL(fileURLWithPath: project.folder)
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        // SIGTERM is the last that it takes over.
        while process.isRunning, !catches(process.processIdentifier, SIGTERM) { usleep(500) }
        return process
    }

    /// The first signal asks, the second one leaves at once, with the same status.
    private func stop(_ process: Process, _ signal: Int32) -> Int32 {
        while process.isRunning {
            kill(process.processIdentifier, signal)
            usleep(2000)
        }
        return process.terminationReason == .exit ? process.terminationStatus : -1
    }

    @Test(arguments: [(SIGHUP, 129), (SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func aBuildIsAskedToStop(signal: Int32, status: Int32) throws {
        let project = try SmallProject()
        let store = Store(folder: project.folder + "/.likeness/store")
        try Files.makeFolder(store.folder)
        let lock = try store.lockForCollection {}
        defer { withExtendedLifetime(lock) {} }
        #expect(stop(try waiting(project), signal) == status)
    }

    /// Under nohup, and in the background of a script.
    @Test(arguments: [("HUP", SIGHUP), ("INT", SIGINT)] as [(String, Int32)])
    func whatWasIgnoredFromTheStartStaysSo(name: String, signal: Int32) throws {
        let project = try SmallProject()
        let store = Store(folder: project.folder + "/.likeness/store")
        try Files.makeFolder(store.folder)
        let lock = try store.lockForCollection {}
        defer { withExtendedLifetime(lock) {} }
        let process = try waiting(project, ignoring: name)
        for _ in 0..<3 { kill(process.processIdentifier, signal) }
        #expect(stop(process, SIGTERM) == 143)
    }

    /// `ulimit -f`: the system's answer to a file that grows too large is an error, not the end.
    @Test func aFileThatMayNotGrowIsToldByName() throws {
        let project = try SmallProject()
        try project.write(chapter: StreamTests.chapter)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "ulimit -f 1; exec \"$0\" build", SmallProject.binary]
        process.currentDirectoryURL = URL(fileURLWithPath: project.folder)
        let pipe = Pipe()
        process.standardError = pipe
        try process.run()
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 1)
        #expect(text.contains("File too large"), "\(text)")
        // Without the limit nothing is in the way.
        #expect(try project.run("build").status == 0)
    }
}

/// What the system allows a process, told before a library traps or tries for ever.
@Suite struct LimitTests {
    private func shell(_ line: String, _ arguments: [String]) throws -> (status: Int32, text: String) {
        let project = try SmallProject()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", line + "; exec \"$0\" \"$@\"", SmallProject.binary] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: project.folder)
        let pipe = Pipe()
        (process.standardError, process.standardOutput) = (pipe, pipe)
        try process.run()
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationReason == .exit ? process.terminationStatus : -1, text)
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
