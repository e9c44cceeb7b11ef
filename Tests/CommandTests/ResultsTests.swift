import Foundation
import TestSupport
import Testing

/// `likeness results` and `likeness changes`.
@Suite(.serialized) struct ResultsTests {
    @Test func numbersArePrintedForPrograms() throws {
        let project = try SmallProject()
        var ran = try project.run("results", "pixels")
        #expect(ran.status == 1 && ran.text.contains("'pixels' has no current result"), "\(ran.text)")
        #expect(try project.run("build").status == 0)
        var command = try project.command(["results", "pixels"]).run()
        #expect(command.status == 0 && command.output == project.place.read("output/results/pixels.json"))
        command = try project.command(["results", "pixels", "--format", "csv"]).run()
        #expect(command.status == 0 && command.output == project.place.read("output/results/pixels.csv"))
        ran = try project.run("results", "pixels", "--format", "csv", "--table", "nothing")
        #expect(ran.status == 1 && ran.text.contains("'pixels' has no table 'nothing'; it has table"), "\(ran.text)")
        #expect(try project.run("results", "pixel").text.contains("pixels"))
        command = try project.command(["results"]).run()
        #expect(command.output.split(separator: "\n").count == 4, "\(command.output)")
        ran = try project.run("changes")
        #expect(ran.status == 0 && ran.text.contains("nothing differs from the reports that were published from here"))
        ran = try project.run("changes", "--against", "output")
        #expect(ran.status == 0 && ran.text.contains("Nothing differs from the report of output."), "\(ran.text)")
        for (arguments, message) in [
            (["--since", "yesterday"], "is neither a date such as 2026-01-23 nor a commit"),
            (["--against", "nowhere"], "there is no folder nowhere"),
            (["--against", "chapters"], "holds no result of a report"),
        ] {
            ran = try project.run(["changes"] + arguments)
            #expect(ran.status == 1 && ran.text.contains(message), "\(ran.text)")
        }
    }

    /// As a repository holds it: results committed, and then changed.
    @Test func aCommitIsAReportToo() throws {
        let project = try SmallProject()
        func git(_ arguments: String...) throws {
            let git = Process()
            git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            git.arguments =
                [
                    "git", "-C", project.folder, "-c", "user.name=A", "-c", "user.email=a@b", "-c",
                    "commit.gpgsign=false",
                ]
                + arguments
            git.standardOutput = FileHandle.nullDevice
            try git.run()
            git.waitUntilExit()
            try #require(git.terminationStatus == 0)
        }
        #expect(try project.run("build").status == 0)
        try git("init", "-q")
        try git("add", "output/results")
        try git("commit", "-qm", "Results")
        try project.write(chapter: SmallProject.chapter.replacing("queries: 2", with: "queries: 1"))
        let ran = try project.run("build")
        #expect(ran.status == 0 && ran.text.contains("Since the report of "), "\(ran.text)")
        for format in ["text", "markdown", "json"] {
            let told = try project.command(["changes", "--since", "HEAD", "--format", format]).run()
            #expect(told.status == 0 && told.output.contains("grid") && told.output.contains("commit "), "\(told.text)")
        }
    }
}
