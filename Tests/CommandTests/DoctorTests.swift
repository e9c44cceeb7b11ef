import Files
import Foundation
import TestSupport
import Testing

/// What `likeness doctor` finds on this machine, which builds and tests Likeness.
@Suite struct DoctorTests {
    private struct Report: Decodable {
        struct Finding: Decodable {
            var topic: String
            var state: String
            var found: String
            var advice: String?
        }

        var findings: [Finding]
    }

    private func report(_ project: SmallProject, _ arguments: String...) throws -> [Report.Finding] {
        let ran = try project.command(["doctor", "--json"] + arguments).run()
        #expect(ran.status == 0, "\(ran.text)")
        return try JSONDecoder().decode(Report.self, from: Data(ran.output.utf8)).findings
    }

    @Test func everythingIsLookedAt() throws {
        let findings = try report(SmallProject())
        let topics = findings.map(\.topic)
        for topic in [
            "processor", "arithmetic", "threads", "memory", "disk", "libraries", "cascades", "fonts", "browser",
            "weights",
            "dataset",
        ] { #expect(topics.contains(topic), "\(topic)") }
        for finding in findings { #expect((finding.state == "ok") == (finding.advice == nil), "\(finding)") }
        let libraries = findings.first { $0.topic == "libraries" }?.found ?? ""
        for name in ["oneDNN", "OpenBLAS", "cairo", "libpng", "zlib"] {
            #expect(libraries.contains(try Regex("\(name) \\d+\\.\\d+")), "\(libraries)")
        }
        #expect(
            findings.contains { $0.found == "data/small: CelebA's lists, 24 photographs of 6 people, 40 attributes" })
    }

    @Test func whatIsNotThereSaysWhatToDo() throws {
        let project = try SmallProject(hasPortraits: false)
        let findings = try report(project)
        #expect(findings.contains { $0.advice == "likeness weights fetch resnet50" && $0.state == "note" })
        #expect(findings.contains { $0.topic == "datasets" && $0.advice?.hasPrefix("likeness synthesize ") == true })
        try project.place.put([1], "data/weights/resnet50-mine.pth")
        #expect(try report(project).contains { $0.found == "data/weights/resnet50-mine.pth" && $0.state == "ok" })
        try Files.makeFolder(project.folder + "/data/nobody")
        #expect(try report(project).contains { $0.found == "data/nobody" && $0.advice?.hasPrefix("holds no ") == true })
        #expect(try report(project, "--data", "elsewhere").contains { $0.found == "elsewhere is no folder here" })
    }

    @Test func aBrowserIsTheOneThatIsNamed() throws {
        let project = try SmallProject(hasPortraits: false)
        var command = try project.command(["doctor"])
        command.environment = ["BROWSER": "/bin/true", "PATH": "/usr/bin:/bin"]
        let found = try command.run()
        #expect(found.status == 0 && found.output.contains("browser     /bin/true\n"), "\(found.text)")
        command.environment = ["PATH": "/usr/bin:/bin"]
        #expect(try command.run().output.contains("→ open output/index.html in any browser"))
    }
}
