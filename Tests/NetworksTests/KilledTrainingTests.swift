import Files
import Foundation
import TestSupport
import Testing

/// A training in a process of its own, killed with SIGKILL at any moment and started again.
@Suite(.serialized) struct KilledTrainingTests {
    private struct Ending: Equatable {
        let weights: Digest
        let history: String

        init(_ folder: TemporaryFolder) throws {
            weights = Digest(of: try Files.read(folder.path + "/weights.safetensors"))
            history = String(decoding: try Files.read(folder.path + "/history.txt"), as: UTF8.self)
        }
    }

    /// Starts the probe; with `stopAfter` it is killed that many microseconds after it told of that many steps.
    ///
    /// - Returns: whether it was killed, and what it said on standard error.
    private func run(
        _ folder: TemporaryFolder, stopAfter: (steps: Int, delay: UInt32)? = nil
    ) throws -> (Bool, String) {
        let output = Pipe()
        let running = try Command(built: "TrainingProbe", [folder.path], in: folder)
            .start(output: output.fileHandleForWriting)
        try output.fileHandleForWriting.close()
        if let stopAfter {
            var lines = 0
            while lines < stopAfter.steps {
                let data = output.fileHandleForReading.availableData
                if data.isEmpty { break }
                lines += data.count { $0 == 0x0A }
            }
            // The moment is the test's input; nothing waits for anything.
            usleep(stopAfter.delay)
            kill(running.id, SIGKILL)
        }
        _ = output.fileHandleForReading.readDataToEndOfFile()
        let ended = running.end()
        #expect(ended.isKilled || ended.status == 0, "\(ended.errors)")
        return (ended.isKilled, ended.errors)
    }

    @Test func aKilledTrainingEndsWithTheSameBytes() throws {
        let reference = TemporaryFolder()
        let start = DispatchTime.now().uptimeNanoseconds
        _ = try run(reference)
        // Nine steps, and the time before the first one.
        let step = UInt32((DispatchTime.now().uptimeNanoseconds - start) / 10_000)
        let whole = try Ending(reference)

        var random = SystemRandomNumberGenerator()
        var deaths = 0
        for _ in 0..<(isLong ? 50 : 3) {
            let folder = TemporaryFolder()
            // Up to three deaths in one training.
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let moment = (Int.random(in: 0...4, using: &random), UInt32.random(in: 0...step, using: &random))
                if try run(folder, stopAfter: moment).0 { deaths += 1 }
            }
            let (_, text) = try run(folder)
            // Files are renamed into place when they are whole: a kill leaves nothing to warn of.
            #expect(text == "")
            #expect(try Ending(folder) == whole)
            let states = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/states")
            // Two, and a third where the last kill fell between the newest and the removal of the oldest.
            #expect(states.filter { $0.hasSuffix(".safetensors") }.count <= 3)
        }
        #expect(deaths > 0)
    }
}
