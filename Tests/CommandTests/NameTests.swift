import Files
import Foundation
import TestSupport
import Testing

/// Names that would steer a terminal, end a line or forge another one, in everything that the command prints.
@Suite struct NameTests {
    private static let name = "a\u{1B}[31m\nerror: b\u{202E}\u{9B}\u{7F}\"面.jpg"
    private static let shown = "a␛[31m␊error: b\u{FFFD}\u{FFFD}␡\"面.jpg"

    private func isHarmless(_ text: String) -> Bool {
        !text.unicodeScalars.contains {
            $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value) || $0 == "\u{202E}"
        }
    }

    @Test func jsonSpellsThemOutAndMeansExactlyThem() throws {
        let project = try SmallProject()
        let path = project.folder + "/photographs/" + Self.name
        try Files.write(Files.read(project.folder + "/data/small/img_align_celeba/000001.jpg"), to: path)
        let (status, text) = try project.run("detect", "photographs")
        #expect(status == 0, "\(text)")
        #expect(isHarmless(text), "\(text)")
        let lines = text.split(separator: "\n")
        #expect(lines.count == 1)
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect(object?["image"] as? String == "photographs/" + Self.name)
    }

    /// One sentence a refusal, whatever the name: in photographs, weights, vectors, cascades, chapters and datasets.
    @Test(arguments: [
        ["detect", name], ["detect", "--cascade", name + ".xml", "x.jpg"], ["weights", "inspect", name], ["why", name],
        ["search", "--gallery", name, "--queries", name, "--out", "x.npy"], ["check", "--chapters", name],
        ["store", "pin", name],
        ["build", "--only", name],
        ["embed", "--model", "resnet50", "--weights", name, "--images", "x", "--out", "x.npy"],
        ["build", "--profile", name], ["check", "--set", name + "=1"],
    ])
    func refusalsQuoteThemOnOneLine(arguments: [String]) throws {
        let project = try SmallProject()
        let (status, text) = try project.run(arguments)
        #expect(status == 1, "\(text)")
        #expect(isHarmless(text), "\(text)")
        #expect(text.contains(Self.shown) || text.contains("a␛[31m"), "\(text)")
        #expect(!text.contains("\nerror: b"), "\(text)")
    }

    @Test func tablesKeepTheirTabs() throws {
        let project = try SmallProject()
        let (status, text) = try project.run("weights", "list")
        #expect(status == 0)
        #expect(text.split(separator: "\n").allSatisfy { $0.count { $0 == "\t" } == 3 }, "\(text)")
    }

    @Test(arguments: [[name], ["build", "--" + name], ["detect", "--scale-factor", name, "x"]])
    func usageErrorsAreHarmless(arguments: [String]) throws {
        let project = try SmallProject()
        let (status, text) = try project.run(arguments)
        #expect(status == 64)
        #expect(isHarmless(text), "\(text)")
    }

    /// Chapters, settings and folders of such names, and text in them, reach a person through diagnostics and tables.
    @Test func chaptersAndDatasetsSayNothingTheirAuthorsDidNotMean() throws {
        let project = try SmallProject()
        let body = "# All\n\n```dataset\nid: people\ndataset: \"\(#"x\e[2J"#)\"\nco\u{9B}31m: \u{1B}[2J\n```\n"
        try Files.write(Array(body.utf8), to: project.folder + "/chapters/02\u{1B}]0;x\u{7}.md")
        for command in ["check", "build", "status"] {
            let (status, text) = try project.run(command)
            #expect(status == 1)
            #expect(text.contains("02␛]0;x␇.md"), "\(text)")
            #expect(isHarmless(text), "\(text)")
        }
    }

    @Test func argumentsThatAreNotUTF8AreNotTakenForOthers() throws {
        let project = try SmallProject()
        let ended = try project.command(["build", "--output"]).behind("\"$@\" \"$(printf 'out\\377')\"").run()
        #expect(ended.status == 64)
        #expect(ended.errors.contains("argument 3, 'out\u{FFFD}', is not UTF-8"), "\(ended.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: project.folder).sorted() == ["chapters", "data"])
    }
}
