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

    @Test(arguments: [
        ("## H {sec-b}", "{#sec-b}"), ("## H {#sec b}", "{#sec-b}"), ("## H { #sec-b }", "{#sec-b}"),
        ("## H {# sec-b}", "{#sec-b}"), ("## H {#sec-b .cls}", "{#sec-b}"), ("## H {#sec:b}", "{#sec-b}"),
        ("## H {#sec-${x}} ##", "{#sec-name}"), ("## {#sec-b} H", "at its end"), ("H {sec-b}\n---", "{#sec-b}"),
        ("$$ x $$ {#eq b}", "{#eq-b}"), ("$$ x $$ {eq-b}", "{#eq-b}"), ("$$ x $$ {#eq:b}", "{#eq-b}"),
        ("$$\nx\n$$ {# eq-b}", "{#eq-b}"), ("$$ x $$\n{#eq-b}", "in the line in which its formula ends"),
        ("![c](x.png){#b}", "{#fig-b}"), ("![c](x.png){#fig b}", "{#fig-b}"), ("![c](x.png){#tbl-b}", "{#fig-b}"),
        ("![c](x.png) {#fig-b}", "a label stands"), ("|a|\n|-|\n\nTable: cap {#b}", "{#tbl-b}"),
        ("|a|\n|-|\n|b|\n\n: cap {#tbl-b}", "a table's caption begins with 'Table: '"),
        ("|a|\n|-|\n|b|\n: cap {#tbl-b}", "a table's caption begins with 'Table: '"), ("{#eq-b}", "a label stands"),
        ("Text {#sec-b}", "a label stands"), ("[s]{#sec-b}", "a label stands"),
    ])
    func aLabelThatIsNearlyRightIsAnError(text: String, remedy: String) throws {
        let files = ["report.yml": "title: T\nparameters: {x: 5}", "01.md": "# A\n\n\(text)\n"]
        let problems = try load(files).diagnostics
        #expect(problems.map(\.code) == ["malformed-label"], "\(problems)")
        #expect(problems.first?.severity == .error)
        #expect(problems.first?.message.contains(remedy) == true, "\(problems)")
        #expect(problems.first?.range?.start.line ?? 0 >= 3)
    }

    @Test(arguments: [
        "## H {.unnumbered}", "## H {-}", "## H {: .no_toc}",
        "[a](b.md){target=_blank}", "[s]{.smallcaps}", "`x`{.py}", "{: .lead}", "$$ x $$ {.big}",
        "|a|\n|-|\n|b|\n\n: cap {.striped}",
    ])
    func attributesAreAWarning(text: String) {
        let problems = read("# A\n\n\(text)\n").diagnostics
        #expect(problems.map(\.code) == ["unknown-attributes"], "\(problems)")
        #expect(problems.first?.severity == .warning)
    }

    @Test(arguments: [
        "The set {a, b} and {1, 2}.", "## The set {a, b}", "## H \\{sec-b}", "## `{#sec b}` in code", "$\\{#sec b\\}$",
        "$$ \\{ x \\} $$ {a, b}", "## Call f{x=1}", "{.5}", "A {# 1} B", "f(x){#1}", "![c](x.png) {a}", "## H {#sec-b}",
        "$$ x $$ {#eq-b}", "## C\\# {x}", "`a`{b}", "{sec-b} in a sentence", "See (a){.}", "{{#each}}",
        "```\n{#sec b}\n```",
    ])
    func textThatHoldsBracesIsText(text: String) {
        let problems = read("# A\n\n\(text)\n").diagnostics
        #expect(problems.isEmpty, "\(problems)")
    }

    @Test func titlesHoldNoLabels() throws {
        let loaded = try load(["report.yml": "title: Losses {#fig-b}", "01.md": "# A\n"])
        #expect(loaded.diagnostics.map(\.code) == ["malformed-label"])
    }

    @Test func manyBracesTakeLinearTime() {
        let text = String(repeating: "a](b){.c ", count: 20_000) + String(repeating: "[a][b] ", count: 20_000)
        #expect(read("# A\n\n\(text)\n").diagnostics.allSatisfy { $0.severity == .warning })
    }

    @Test(arguments: [
        ("[x][nope]", 1), ("[x][nope] [y][]", 2), ("[x][Here Now]\n\n[here  now]: b.md", 0), ("a[i][j] and [1][2]", 0),
        ("[x\\][nope]", 0), ("`[x][nope]`", 0), ("\\[x][nope]", 0), ("> [x][nope]\n\n> [nope]: b.md", 0),
        ("[^1][^2]\n\n[^1]: a\n\n[^2]: b", 0),
    ])
    func aLinkByANameThatNoLineGivesIsTold(text: String, count: Int) {
        let problems = read("# A\n\n\(text)\n").diagnostics
        #expect(problems.map(\.code) == Array(repeating: "unknown-link-name", count: count), "\(problems)")
    }

    @Test(arguments: [
        ("# A\n\n### B\n", ["3:1-3:6"]), ("### B\n\n## C\n\n#### D\n", ["1:1-1:6", "5:1-5:7"]),
        ("# A\n\n## B\n\n### C\n\n## D\n", []),
    ])
    func aLevelOfHeadingsThatIsLeftOutIsTold(text: String, places: [String]) {
        let problems = read(text).diagnostics
        #expect(problems.map(\.code) == Array(repeating: "skipped-level", count: places.count))
        #expect(problems.map { place($0.range) } == places)
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
