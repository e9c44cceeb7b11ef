import Files
import Foundation
import Testing

/// A training in a process of its own, killed with SIGKILL at any moment and started again.
@Suite(.serialized) struct KilledTrainingTests {
    /// `make test-long` tries fifty moments.
    private static let isLong = ProcessInfo.processInfo.environment["LIKENESS_LONG"] == "1"

    /// Built beside the tests.
    private static let binary: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return Files.folder(of: tests) + "/TrainingProbe"
    }()

    private struct Ending: Equatable {
        let weights: Digest
        let history: String

        init(_ folder: String) throws {
            weights = Digest(of: try Files.read(folder + "/weights.safetensors"))
            history = String(decoding: try Files.read(folder + "/history.txt"), as: UTF8.self)
        }
    }

    private func temporaryFolder() throws -> String {
        let folder = NSTemporaryDirectory() + "likeness-killed-\(UUID().uuidString)"
        try Files.makeFolder(folder)
        return folder
    }

    /// Starts the probe; with `stopAfter` it is killed that many microseconds after it told of that many steps.
    ///
    /// - Returns: whether it was killed, and what it said on standard error.
    private func run(_ folder: String, stopAfter: (steps: Int, delay: UInt32)? = nil) throws -> (Bool, String) {
        try #require(Files.exists(Self.binary), "\(Self.binary) is not built; run swift build --build-tests")
        let process = Process()
        let (output, log) = (Pipe(), folder + "/log-\(UUID().uuidString)")
        try Files.write([], to: log)
        let handle = try #require(FileHandle(forWritingAtPath: log))
        process.executableURL = URL(fileURLWithPath: Self.binary)
        process.arguments = [folder]
        process.standardOutput = output
        process.standardError = handle
        try process.run()
        if let stopAfter {
            var lines = 0
            while lines < stopAfter.steps {
                let data = output.fileHandleForReading.availableData
                if data.isEmpty { break }
                lines += data.count { $0 == 0x0A }
            }
            // The moment is the test's input; nothing waits for anything.
            usleep(stopAfter.delay)
            kill(process.processIdentifier, SIGKILL)
        }
        _ = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let killed = process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
        let text = String(decoding: try Files.read(log), as: UTF8.self)
        #expect(killed || process.terminationStatus == 0, "\(text)")
        return (killed, text)
    }

    @Test func aKilledTrainingEndsWithTheSameBytes() throws {
        let reference = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: reference) }
        let start = DispatchTime.now().uptimeNanoseconds
        _ = try run(reference)
        // Nine steps, and the time before the first one.
        let step = UInt32((DispatchTime.now().uptimeNanoseconds - start) / 10_000)
        let whole = try Ending(reference)

        var random = SystemRandomNumberGenerator()
        var deaths = 0
        for _ in 0..<(Self.isLong ? 50 : 3) {
            let folder = try temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            // Up to three deaths in one training.
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let moment = (Int.random(in: 0...4, using: &random), UInt32.random(in: 0...step, using: &random))
                if try run(folder, stopAfter: moment).0 { deaths += 1 }
            }
            let (_, text) = try run(folder)
            // Files are renamed into place when they are whole: a kill leaves nothing to warn of.
            #expect(text == "")
            #expect(try Ending(folder) == whole)
            let states = try FileManager.default.contentsOfDirectory(atPath: folder + "/states")
            // Two, and a third where the last kill fell between the newest and the removal of the oldest.
            #expect(states.filter { $0.hasSuffix(".safetensors") }.count <= 3)
        }
        #expect(deaths > 0)
    }
}
