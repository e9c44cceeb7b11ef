import Dispatch
import Files
import Foundation

/// A program with its arguments and the folder in which it works, which stays as long as the value does.
package struct Command {
    package var program: String
    package var arguments: [String]
    package var folder: TemporaryFolder
    /// Instead of the tests' own.
    package var environment: [String: String]?

    package init(
        _ program: String, _ arguments: [String], in folder: TemporaryFolder, environment: [String: String]? = nil
    ) {
        (self.program, self.arguments, self.folder, self.environment) = (program, arguments, folder, environment)
    }

    /// A program that is built beside the tests.
    package init(built name: String, _ arguments: [String], in folder: TemporaryFolder) throws {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        self.init(Files.folder(of: tests) + "/" + name, arguments, in: folder)
        guard Files.exists(program) else {
            throw FileError(.unreadable, program, "is not built; run swift build --build-tests")
        }
    }

    /// A line of bash in which `"$@"` stands for this command.
    package func behind(_ line: String) -> Command {
        Command("/bin/bash", ["-c", line, "bash", program] + arguments, in: folder, environment: environment)
    }

    /// - Parameters:
    ///   - output: where standard output goes; nil keeps it for `Running`.
    ///   - errors: the same of standard error.
    package func start(output: FileHandle? = nil, errors: FileHandle? = nil) throws -> Running {
        let running = try Running(in: folder)
        running.process.executableURL = URL(fileURLWithPath: program)
        running.process.arguments = arguments
        running.process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        if let environment { running.process.environment = environment }
        running.process.standardInput = FileHandle.nullDevice
        running.process.standardOutput = output ?? running.output.writing
        running.process.standardError = errors ?? running.errors.writing
        try running.process.run()
        return running
    }

    /// Runs to the end.
    package func run(output: FileHandle? = nil, errors: FileHandle? = nil) throws -> Ended {
        try start(output: output, errors: errors).end()
    }

    package struct Ended: Sendable {
        /// 128 and the signal's number where a signal ended it, as shells say it.
        package let status: Int32
        package let isKilled: Bool
        package let output: String
        package let errors: String
        /// When: nanoseconds since the machine was started.
        package let moment: UInt64

        package var text: String { output + errors }
    }
}

/// A process at work; what it prints goes to files without names, which can be read meanwhile.
package final class Running {
    package let process = Process()
    package var id: Int32 { process.processIdentifier }
    fileprivate let output: Capture
    fileprivate let errors: Capture

    private let folder: TemporaryFolder

    fileprivate init(in folder: TemporaryFolder) throws {
        (self.folder, output, errors) = (folder, try Capture(), try Capture())
    }

    /// What it has printed on standard output so far.
    package var printed: String { output.text }

    /// Waits for its end.
    package func end() -> Command.Ended {
        process.waitUntilExit()
        let moment = DispatchTime.now().uptimeNanoseconds
        let isKilled = process.terminationReason == .uncaughtSignal
        return Command.Ended(
            status: process.terminationStatus + (isKilled ? 128 : 0), isKilled: isKilled, output: output.text,
            errors: errors.text, moment: moment)
    }
}

/// A file without a name.
private final class Capture {
    private let file: UnsafeMutablePointer<FILE>
    var writing: FileHandle { FileHandle(fileDescriptor: fileno(file), closeOnDealloc: false) }

    init() throws {
        guard let file = tmpfile() else { throw FileError.last(.unwritable, "a temporary file", "cannot be made") }
        self.file = file
    }

    deinit { fclose(file) }

    /// Read from the beginning, whatever the writer's place is.
    var text: String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = pread(fileno(file), &piece, piece.count, off_t(bytes.count)), count > 0 {
            bytes += piece[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
