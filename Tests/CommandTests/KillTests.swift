import Files
import Foundation
import TestSupport
import Testing

/// The real command, killed at random moments.
@Suite(.serialized) struct KillTests {
    /// What a kill may never leave behind once the next build is through.
    private func leftovers(_ project: SmallProject) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: project.folder).filter {
            $0.hasSuffix(Files.unfinished) || $0.contains("/scratch/")
        }
    }

    /// Processes that work in the project's folder.
    private func processes(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { name in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(name)/cwd")) == folder
        }
    }

    @Test func aKilledBuildContinuesToTheSameBytes() throws {
        let reference = try SmallProject()
        let first = DispatchTime.now().uptimeNanoseconds
        let whole = try reference.command(["build"]).run()
        #expect(whole.status == 0, "\(whole.text)")
        let (outputs, report) = (reference.outputs(), try reference.report())
        #expect(outputs.count == 4)

        var random = SystemRandomNumberGenerator()
        var (killed, unfinished, same) = (0, 0, 0)
        // Microseconds of the shortest build seen so far.
        var length = Int(whole.moment - first) / 1000
        for _ in 0..<(isLong ? 300 : 20) {
            let project = try SmallProject()
            let start = DispatchTime.now().uptimeNanoseconds
            let running = try project.start("build")
            // The moment is the test's input; nothing waits for anything.
            usleep(UInt32.random(in: 0...UInt32(length), using: &random))
            kill(running.id, SIGKILL)
            let ended = running.end()
            if ended.isKilled {
                killed += 1
            } else {
                length = min(length, Int(ended.moment - start) / 1000)
            }
            if project.outputs() != outputs { unfinished += 1 }

            let (second, text) = try project.run("build")
            #expect(second == 0, "\(text)")
            #expect(project.outputs() == outputs)
            let continued = try project.report()
            if continued == report, project.outputs() == outputs { same += 1 }
            #expect(Set(continued.keys) == Set(report.keys))
            for (name, bytes) in continued where bytes != report[name] { Issue.record("\(name) differs") }
            #expect(try leftovers(project) == [])
            #expect(processes(in: project.folder) == [])
        }
        #expect(killed > 0)
        print(
            "builds killed at random moments: \(killed), of these before all results were there: \(unfinished); continued to the same bytes: \(same)"
        )
    }

    /// A build that is stopped while it computes a step keeps another one waiting; once it is dead, the other goes on.
    @Test func aDeadHoldersLockIsFreeAtOnce() throws {
        /// Whether a build tells of that event before it tells of its last step, or ends.
        func log(_ running: Running, has event: String) -> Bool {
            while running.process.isRunning {
                let text = running.printed
                if text.contains("\"event\":\"\(event)\"") { return true }
                if text.contains("\"number\":4,") { return false }
                usleep(200)
            }
            return false
        }
        var waits: [Double] = []
        for _ in 0..<(isLong ? 20 : 5) {
            let project = try SmallProject()
            let holder = try project.start("build", "--format", "json")
            guard log(holder, has: "started") else { continue }
            kill(holder.id, SIGSTOP)
            let waiter = try project.start("build", "--format", "json")
            // The holder may have been stopped after its step.
            let isWaiting = log(waiter, has: "waiting")
            let start = DispatchTime.now().uptimeNanoseconds
            kill(holder.id, SIGKILL)
            _ = holder.end()
            if isWaiting, log(waiter, has: "started") {
                waits.append(Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
            }
            let ended = waiter.end()
            #expect(ended.status == 0, "\(ended.text)")
        }
        #expect(!waits.isEmpty)
        print("waits after a holder's death: \(waits.count), the longest \(waits.max() ?? 0) s")
    }
}
