import Chapters
import Diagnostics
import Files
import Imaging
import Pages
import TestSupport
import Testing

/// Pictures and tables of the text that are numbered as those of directives are.
struct FigureTests {
    private let photo = try? Sample.face(1, width: 2000, height: 1000).image.jpeg(quality: 90)

    /// A page of this text, with a table of a directive in its line 3.
    private func page(_ text: String, directive: String = "scores") throws -> Site {
        let source = "# A\n\n```x\n```\n\n\(text)\n"
        let (chapter, problems) = Chapter.read(source, path: "chapters/01-a.md", slug: "index")
        #expect(problems.isEmpty, "\(problems)")
        var fence: SourceRange?
        chapter.forEachFence { fence = $0.range }
        return try Site(
            Report(
                book: Sample.book([chapter]), exhibits: [directive: Sample.table(id: directive)],
                directives: [try #require(fence): directive],
                attachments: Attachments(files: ["a.jpg": try #require(photo)])))
    }

    @Test func aPictureWithALabelIsAFigureWithACaption() throws {
        let site = try page("See @fig-b.\n\n![The *caption*](a.jpg){#fig-b width=60%}\n")
        let text = site.text()
        #expect(site.diagnostics.isEmpty)
        #expect(text.contains("<a class=\"reference\" href=\"#fig-b\">Figure\u{A0}1</a>"))
        #expect(
            text.contains(
                "<figure class=\"exhibit figure\" id=\"fig-b\">\n<div class=\"content\">\n<a class=\"zoom sized width-60\""
            ))
        #expect(text.contains("data-width=\"2000\" data-height=\"1000\""))
        #expect(text.contains("width=\"816\" height=\"408\" alt=\"The caption\""))
        #expect(text.contains("<a class=\"label\" href=\"#fig-b\">Figure 1</a> The <em>caption</em></p>"))
    }

    @Test func aPictureInALineHasAWidthWithoutANumber() throws {
        let site = try page("x ![c](a.jpg){width=5%} [![d](a.jpg){width=7%}](https://example.org)")
        #expect(site.text().contains("<a class=\"zoom sized width-5\""))
        #expect(site.text().contains("<img class=\"sized width-7\""))
        let style = try #require(site.files.first { $0.path.hasSuffix(".css") })
        #expect(String(decoding: style.bytes, as: UTF8.self).contains(".width-60{--width:60%}"))
    }

    @Test func writtenTablesCountWithThoseOfDirectives() throws {
        let table = "| k | v |\n|---|---|\n| 1 | 2 |"
        let site = try page("\(table)\n\nTable: Mine. {#tbl-m}\n\n\(table)\n\nTable: Plain.\n\n@tbl-m, @tbl-scores")
        let text = site.text()
        #expect(site.diagnostics.isEmpty)
        #expect(
            text.contains("href=\"#tbl-scores\">Table\u{A0}1</a>") && text.contains("href=\"#tbl-m\">Table\u{A0}2</a>"))
        #expect(
            text.contains(
                "<figure class=\"exhibit table\" id=\"tbl-m\">\n<figcaption>\n<p class=\"caption\"><a class=\"label\" href=\"#tbl-m\">Table 2</a> Mine.</p>\n</figcaption>\n<div class=\"content\">"
            ))
        #expect(text.contains("<figure class=\"exhibit table\">\n<figcaption>\n<p class=\"caption\">Plain.</p>"))
    }

    @Test func theSearchIndexHoldsCaptions() throws {
        let site = try page("![Portrait](a.jpg){#fig-b}\n\n|a|\n|-|\n|b|\n\nTable: Tabular.")
        let index = try #require(site.files.first { $0.path.hasPrefix("assets/search-") })
        #expect(String(decoding: index.bytes, as: UTF8.self).contains("Portrait Tabular. a b"))
    }

    @Test(arguments: [
        ("![c](a.jpg){#fig-b}\n\n@fig-c", "unknown-reference", "did you mean @fig-b?"),
        ("![c](a.jpg){#fig-b}\n\n@tbl-b", "wrong-reference", "'b' is a figure; write @fig-b"),
        ("![c](a.jpg){#fig-b}\n\n`=b.x`", "unknown-value", "no directive has the id 'b'"),
        ("![c](a.jpg){#fig-scores}", "duplicate-label", "has the name of the directive 'scores'"),
        ("![c](nope.jpg){#fig-b}", "unknown-picture", "there is no picture 'nope.jpg'"),
        ("|a|\n|-|\n\nTable: @fig-no {#tbl-b}", "unknown-reference", "@fig-no"),
    ])
    func mistakesAreToldOnceWhereTheyStand(_ text: String, _ code: String, _ message: String) throws {
        let site = try page(text)
        #expect(site.codes == [code], "\(site.diagnostics)")
        #expect(site.diagnostics.first?.message.contains(message) == true, "\(site.diagnostics)")
        #expect(site.diagnostics.first?.range?.start.line ?? 0 >= 6)
    }

    @Test func aValueOfAPictureIsUnknownBeforeAnythingRuns() {
        let chapter = Chapter.read("![c](a.jpg){#fig-b}\n\n`=b.x`", path: "a.md", slug: "index").chapter
        let found = Site.problems(
            in: Sample.book([chapter]), directives: [:], promises: [:],
            attachments: Attachments(files: ["a.jpg": photo ?? []]))
        #expect(found.map(\.code) == ["unknown-id"])
    }

    /// What docs/chapters.md shows is what a chapter may say.
    @Test func theExamplesOfTheManualAreRendered() throws {
        let manual = Chapter.read(
            try Repository.read("docs/chapters.md"), path: "docs/chapters.md", slug: "manual"
        ).chapter
        var examples: [String] = []
        manual.forEachFence { if $0.info == "markdown" { examples.append($0.body) } }
        let (chapter, problems) = Chapter.read(
            "# Examples\n\n" + examples.joined(separator: "\n"), path: "chapters/01-examples.md", slug: "index")
        let book = Sample.book([chapter])
        let attachments = Attachments(files: ["photo.jpg": try #require(photo)])
        let site = try Site(Report(book: book, exhibits: [:], directives: [:], attachments: attachments))
        let proof = Site.problems(in: book, directives: [:], promises: [:], attachments: attachments)
        #expect(problems + site.diagnostics + proof == [])
        for part in [
            "class=\"callout callout-note\"", "class=\"callout callout-question\"", "class=\"question-answers\"",
            "id=\"fig-",
            "id=\"tbl-",
            "sized width-",
        ] { #expect(site.text().contains(part), "\(part)") }
    }

    @Test func plotsHaveAPaletteAndPicturesOfTheAuthorKeepEveryPixel() throws {
        let drawing = Sample.face(1).image
        let blocks: [Block] = [
            .fence(Sample.fence("x", line: 3)), .paragraph([.image(source: "a.png", title: "", alternative: "A")]),
        ]
        let site = try Site(
            Report(
                book: Sample.book([Sample.chapter("index", blocks)]), exhibits: ["loss": Sample.plot()],
                directives: [Sample.range(3): "loss"], attachments: Attachments(files: ["a.png": try drawing.png()])))
        let pictures = site.files.filter { $0.path.hasSuffix(".png") }
        let own = try pictures.filter { try Image(decoding: $0.bytes, name: $0.path) == drawing }
        // The colour type of a PNG: 2 RGB, 3 palette.
        #expect(own.count == 1 && own.allSatisfy { $0.bytes[25] == 2 })
        #expect(pictures.count > 1 && pictures.filter { $0 != own.first }.allSatisfy { $0.bytes[25] == 3 })
    }
}
