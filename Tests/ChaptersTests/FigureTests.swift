import Chapters
import Diagnostics
import Testing

/// Pictures with a width or a label, and captions of tables.
struct FigureTests {
    @Test(arguments: [
        ("![c](a.png){width=60%}", "p image<a.png,,c,60 %>"),
        ("x ![c](a.png){ width=1% } y", "p x image<a.png,,c,1 %> y"),
        ("![*c* $x$](a.png \"t\"){#fig-b}", "figure(b) image<a.png,t,c x>"),
        ("![c](a.png){#fig-b_2 width=100%}", "figure(b_2) image<a.png,,c,100 %>"),
        ("> ![](a.png){width=5% #fig-b}", "quote{figure(b) image<a.png,,,5 %>}"),
        ("[![c](a.png){width=9%}](b.md)", "p link<b.md,,image<a.png,,c,9 %>>"),
        ("|a|\n|-|\n|![c](a.png){width=9%}|", "table [Chapters.TextTable.Alignment.natural] a / image<a.png,,c,9 %>"),
        ("![c](a.png)\\{width=9%}", "p image<a.png,,c>{width=9%}"),
        ("![c](a b.png){width=9%}", "p ![c](a b.png){width=9%}"),
    ])
    func bracesBehindAPictureGiveItAWidthAndALabel(source: String, expected: String) {
        #expect(outline(source) == expected)
        #expect(read(source).diagnostics.isEmpty)
    }

    @Test(arguments: [
        ("![c](a.png){width=0%}", "1:13-1:21 malformed-width"),
        ("![c](a.png){width=101%}", "1:13-1:23 malformed-width"),
        ("![c](a.png){width=60}", "1:13-1:21 malformed-width"), ("![c](a.png){width=6cm}", "1:13-1:22 malformed-width"),
        ("![c](a.png){width=}", "1:13-1:19 malformed-width"), ("![c](a.png){.wide}", "1:12-1:19 unknown-attributes"),
        ("![c](a.png){height=9%}", "1:12-1:23 unknown-attributes"), ("![c](a.png){}", "1:12-1:14 unknown-attributes"),
        ("![c](a.png){width=9% width=9%}", "1:12-1:31 unknown-attributes"),
        ("![c](a.png){#fig-a .wide}", "1:12-1:26 unknown-attributes"),
        ("x ![c](a.png){#fig-a}", "1:16-1:21 misplaced-label"),
        ("## ![c](a.png){#fig-a} x", "1:17-1:22 misplaced-label"),
        ("[![c](a.png){#fig-a}](b.md)", "1:15-1:20 misplaced-label"),
        ("Table: c {#tbl-a}\n\nx", "1:1-1:18 stray-caption"), ("x\n\nTable: c", "3:1-3:9 stray-caption"),
        ("|a|\n|-|\n|b|\nTable: c {#tbl-a}", "4:1-4:18 caption-in-table"),
        ("x\n\nTable: c {#tbl-a}\n|a|\n|-|", "3:1-3:18 caption-in-table"),
        ("|a|\n|-|\n\nTable: c {width=9%}", "4:10-4:20 unknown-attributes"),
    ])
    func whatIsWrongIsAnErrorWithItsPlace(source: String, problem: String) {
        let problems = read("\(source)\n").diagnostics.filter { $0.code != "skipped-level" }
        #expect(problems.map { "\(place($0.range)) \($0.code)" } == [problem], "\(lines(problems))")
        #expect(problems.allSatisfy { $0.severity == .error || $0.code == "stray-caption" })
    }

    @Test func widthsMayBeParameters() {
        let parameters = [
            "w": Settings.Parameter(value: .scalar("40", quoted: false), origin: "report.yml")
        ]
        let (chapter, problems) = Chapter.read(
            "![c](a.png){width=${w}%}", path: "a.md", slug: "a", parameters: parameters)
        #expect(chapter.blocks.map(describe) == ["p image<a.png,,c,40 %>"])
        #expect(problems.isEmpty)
    }

    private func problems(_ source: String) -> [Diagnostic] { read(source).diagnostics }

    private static let table = "|a|\n|-|\n|b|"
    private static let asRead = "table [Chapters.TextTable.Alignment.natural] a / b"

    @Test(arguments: [
        ("\(table)\n\nTable: A *c* {#tbl-t}", "\(asRead) caption(t) A em<c>"),
        ("Table: c\n\n\(table)", "\(asRead) caption() c"),
        ("\(table)\n\nTable: c\nd $x$", "\(asRead) caption() c↵d math<x>"),
        ("\(table)\n\nTable: c\n\n\(table)", "\(asRead) caption() c\n\(asRead)"),
        ("Table: c\n\n\(table)\n\nTable: d\n\n\(table)", "\(asRead) caption() c\n\(asRead) caption() d"),
        ("- Table: c\n\n  |a|\n  |-|\n  |b|", "ul loose{\(asRead) caption() c}"),
        ("\(table)\n\nTable\\: c", "\(asRead)\np Table: c"), ("\(table)\n\nTables: c", "\(asRead)\np Tables: c"),
        ("|a|\n|-|\n|Table: b|", "table [Chapters.TextTable.Alignment.natural] a / Table: b"),
    ])
    func aParagraphBesideATableIsItsCaption(source: String, expected: String) {
        #expect(outline(source) == expected)
        #expect(problems(source).isEmpty)
    }

    @Test func aSecondCaptionOfATableIsTold() {
        let problems = lines(problems("Table: c\n\n\(Self.table)\n\nTable: d"))
        #expect(problems.count == 1 && problems[0].hasPrefix("7:1-7:9 stray-caption"), "\(problems)")
    }

    @Test(arguments: [
        ("![c](a.png){#fig-a}", "![d](b.png){#fig-a}"), ("![c](a.png){#fig-a}", "|a|\n|-|\n\nTable: c {#tbl-a}"),
    ])
    func namesOfFiguresAndTablesAreUsedOnce(first: String, second: String) throws {
        let files = ["report.yml": "title: T", "01.md": "# A\n\n\(first)\n", "02.md": "# B\n\n\(second)\n"]
        let problems = try withFolder(files) { Book.load(contentsOf: $0, displayedAs: "c").diagnostics }
        #expect(problems.map(\.code) == ["duplicate-label"])
        #expect(problems.first?.notes.count == 1)
    }

    @Test func aTitleHoldsNoFigure() throws {
        let files = ["report.yml": "title: \"![c](a.png){#fig-a}\"", "01.md": "# A\n"]
        let problems = try withFolder(files) { Book.load(contentsOf: $0, displayedAs: "c").diagnostics }
        #expect(problems.map(\.code) == ["misplaced-label"])
    }
}
