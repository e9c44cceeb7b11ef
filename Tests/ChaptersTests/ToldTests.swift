import Chapters
import Diagnostics
import Foundation
import Testing

/// What is nearly right in a chapter or in the settings is read or told, and at no cost out of proportion.
@Suite struct ToldTests {
    private func load(_ files: [String: String], profile: String? = nil, set: [(name: String, value: String)] = [])
        throws
        -> Book.Loaded
    {
        try withFolder(files) { Book.load(contentsOf: $0, displayedAs: "c", profile: profile, set: set) }
    }

    /// The library's time grows with the square of a row's bars, also where no table comes of it.
    @Test(arguments: [
        "BARS\n|-\n", "BARS\n:-\n", "a\nBARS\nb\n|-|\n", "a|b\n-|-\nBARS\n", "BARS\n|-\n|-\n", "> BARS\n> |-\n",
        "- BARS\n  |-\n",
    ])
    func linesOfBarsAreBounded(form: String) {
        let bars = String(repeating: "|", count: 200_000)
        let (_, problems) = read("# A\n\n" + form.replacingOccurrences(of: "BARS", with: bars))
        #expect(problems.map(\.code) == ["table-too-large"])
    }

    @Test func barsOutsideOfTablesAreText() {
        let bars = String(repeating: "|", count: 3000)
        #expect(read("# A\n\n\(bars)\n\n|a|b|\n|-|-|\n|c|d|\n\n\(bars)\n").diagnostics.isEmpty)
    }

    @Test func aNameThatIsTooLongForAPageIsTold() throws {
        let name = String(repeating: "l", count: 210)
        let loaded = try load(["report.yml": "title: T", "01.md": "# A\n", "\(name).md": "# B\n"])
        #expect(loaded.diagnostics.map(\.code) == ["long-name"])
    }

    @Test func aParameterWithinAParameterIsTold() throws {
        let loaded = try load([
            "report.yml": "title: T\nparameters: {a: \"${b}\", b: 5, c: [1, \"x${b}\"]}", "01.md": "${a}\n",
        ])
        #expect(loaded.diagnostics.map(\.code) == ["nested-parameter", "nested-parameter"])
        #expect(loaded.diagnostics.map { place($0.range) } == ["2:17-2:23", "2:38-2:45"])
    }

    @Test(arguments: [
        "title: T\nparameters:\n\tp: 5\n", "title: T\nparameters: {p: 5}\ntitle: U\n", "- a\n",
        "title: T\nparameters: 5\n",
    ])
    func settingsThatCannotBeReadHideNoCauseBehindParameters(settings: String) throws {
        let loaded = try load(["report.yml": settings, "01.md": "# ${p}\n\n${q}\n"])
        #expect(loaded.diagnostics.contains { $0.severity == .error })
        #expect(!loaded.diagnostics.contains { $0.code == "unknown-parameter" })
    }

    @Test func authorsAndDateAreReadAsTitlesAre() throws {
        let settings = """
            title: T
            authors: ["**A** ${p}"]
            date: "${p} @fig-q"
            parameters: {p: 5}
            """
        let loaded = try load(["report.yml": settings, "01.md": "# A\n"])
        #expect(loaded.book.settings.authors.map { describe($0.inlines) } == ["strong<A> 5"])
        #expect(loaded.book.settings.date.map { describe($0.inlines) } == "5 ref<fig:q>")
    }

    @Test func furtherTitlesOfAChapterAreTold() {
        let (_, problems) = read("# One\n\n## Sub\n\n# Two\n")
        #expect(lines(problems).map { $0.prefix(30) } == ["5:1-5:6 second-title: a chapter".prefix(30)])
        #expect(read("# One\n\n## Sub\n\n## Two\n").diagnostics.isEmpty)
    }

    @Test(arguments: [
        ("@Fig-q", "fig", "q"), ("@figure-q", "fig", "q"), ("@tab-e", "tbl", "e"), ("@table:e", "tbl", "e"),
        ("@sec_a", "sec", "a"), ("@sec:a", "sec", "a"), ("@SEC-a", "sec", "a"), ("@section-a", "sec", "a"),
        ("@Eq-x", "eq", "x"),
    ])
    func whatIsNearlyAReferenceIsNoticed(text: String, kind: String, target: String) throws {
        var found: [CrossReference] = []
        read("see \(text).\n").chapter.forEachInline {
            if case .reference(let reference) = $0 { found.append(reference) }
        }
        #expect(found.count == 1)
        #expect(found.first?.kind.rawValue == kind && found.first?.target == target && found.first?.written == text)
        #expect(outline("`@Fig-q` and @nobody-q") == "p code<@Fig-q> and @nobody-q")
    }

    @Test func aReferenceInALinkIsOne() {
        #expect(outline("[@fig-q](http://x.y) @claim-c") == "p link<http://x.y,,ref<fig:q>> ref<claim:c>")
    }

    @Test func markersInRawHTMLAreNoticed() {
        let text = "<div>\n${a} `=d.x` @fig-q \\${b}\n</div>\n\n<!-- ${c} -->\n\n<pre>\n${d}\n</pre>\n"
        let found = read(text).chapter.unread
        #expect(found.map(\.value) == ["${a}", "`=d.x`", "@fig-q"])
        #expect(found.map { excerpt(text, $0.range) } == found.map(\.value))
    }

    /// What a reduced profile sets stays reduced under `--set`, unless it is what the full report has.
    @Test(arguments: [("2", true), ("5", false), ("5.0", false), (nil, true)] as [(String?, Bool)])
    func anOverriddenReductionIsOne(value: String?, isReduced: Bool) throws {
        let settings =
            "title: T\nparameters: {n: 5, m: 1}\nprofiles: {quick: {reduced: true, parameters: {n: 1, m: 1}}}"
        let loaded = try load(
            ["report.yml": settings, "01.md": "# A\n"], profile: "quick",
            set: value.map { [(name: "n", value: $0)] } ?? [])
        #expect(loaded.book.settings.parameters["n"]?.isReduced == isReduced)
        #expect(loaded.book.settings.parameters["m"]?.isReduced == false, "it has the full report's value")
    }
}
