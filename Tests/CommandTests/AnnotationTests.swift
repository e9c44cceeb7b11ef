import Files
import Foundation
import TestSupport
import Testing

/// What `--format github` prints for a workflow.
@Suite(.serialized) struct AnnotationTests {
    /// A book whose first chapter has a mistake in its fourth line.
    private func mistaken() throws -> SmallProject {
        let project = try SmallProject(hasPortraits: false)
        try project.write(chapter: "# A\n\n```model\nid: 100%\nmodel: resnet50\n```\n")
        return project
    }

    private func annotations(_ text: String) -> [Substring] {
        text.split(separator: "\n").filter { $0.hasPrefix("::") }
    }

    @Test(arguments: ["check", "build"])
    func aMistakeIsAnnotatedAtItsPlaceBesideTheText(command: String) throws {
        let ran = try mistaken().command([command, "--format", "github"]).run()
        #expect(ran.status == 1)
        let lines = annotations(ran.output)
        #expect(lines.count == 1, "\(ran.text)")
        #expect(lines.first?.hasPrefix("::error file=chapters/01-all.md,line=4,col=5,title=") == true, "\(lines)")
        // A percent sign begins an escape there, and is a percent sign in the text.
        #expect(lines.first?.contains("100%25") == true && ran.errors.contains("'100%'"), "\(ran.text)")
        #expect(ran.errors.contains("chapters/01-all.md:4:5: error: "))
    }

    @Test func filesAreNamedFromTheRootOfTheRepository() throws {
        let project = try mistaken()
        var command = try project.command(["check", "--format", "github"])
        let root = Files.folder(of: project.folder)
        command.environment = ProcessInfo.processInfo.environment.merging(["GITHUB_WORKSPACE": root]) { $1 }
        let name = project.folder.dropFirst(root.count + 1)
        #expect(try command.run().output.contains("::error file=\(name)/chapters/01-all.md,line=4,"))
    }

    @Test func warningsOfStepsAndMissingRoomAreAnnotated() throws {
        let project = try SmallProject()
        try project.write(chapter: SmallProject.chapter.replacing("queries: 2", with: "queries: 40"))
        let ran = try project.command(["build", "--format", "github"]).run()
        #expect(ran.status == 0)
        #expect(
            annotations(ran.output).contains {
                $0.hasPrefix("::warning title=grid::queries is 40, but there are only ")
            },
            "\(ran.text)")
        let refused = try project.command(["build", "--format", "github", "--output", "chapters"]).run()
        #expect(refused.status == 1)
        #expect(
            refused.output.contains("::error title=failed::chapters: is the folder of the chapters; name a folder"),
            "\(refused.text)")
    }

    @Test func soundChaptersHaveNoAnnotations() throws {
        let project = try SmallProject()
        let ran = try project.command(["check", "--format", "github"]).run()
        #expect(ran.status == 0 && annotations(ran.output).isEmpty && ran.output.hasSuffix("no problems\n"))
    }

    @Test func aCheckIsToldInJSONToo() throws {
        let ran = try mistaken().command(["check", "--format", "json"]).run()
        #expect(ran.status == 1 && ran.output.contains(#""event":"problem","file":"chapters/01-all.md","line":4"#))
    }
}
